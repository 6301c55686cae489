"""Static files under addresses that name their content, so that browsers keep them for good."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, Response, request

from app.errors import NotFound

STATIC = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"
_COMPRESSIBLE = frozenset({"text/css", "text/javascript", "image/svg+xml"})


@dataclass(slots=True)
class Asset:
    """One file in memory; compressed when first asked for."""

    body: bytes
    fingerprint: str
    mimetype: str
    _gzipped: bytes = field(default=b"", repr=False)

    def gzipped(self) -> bytes:
        if not self._gzipped and self.mimetype in _COMPRESSIBLE:
            self._gzipped = gzip.compress(self.body, 9, mtime=0)
        return self._gzipped


class Assets:
    """Every file below a folder, read once, and the URL of each."""

    def __init__(self, folder: Path) -> None:
        self._assets = {
            path.relative_to(folder).as_posix(): _read(path) for path in sorted(folder.rglob("*")) if path.is_file()
        }

    def url(self, name: str) -> str:
        """Return the address of a file. Raises KeyError for one that does not exist: a template's mistake."""
        return f"/static/{self._assets[name].fingerprint}/{name}"

    def find(self, fingerprint: str, name: str) -> Asset | None:
        """Return the file, unless its content is another by now."""
        asset = self._assets.get(name)
        return asset if asset and asset.fingerprint == fingerprint else None


def init_assets(app: Flask, folder: Path = STATIC) -> None:
    """Serve `folder` below /static/, and give templates `asset('portico.css')`."""
    assets = Assets(folder)
    app.jinja_env.globals["asset"] = assets.url

    def static(fingerprint: str, name: str) -> Response:
        asset = assets.find(fingerprint, name)
        if asset is None:
            raise NotFound(f"no static file {name}")
        body, headers = asset.body, {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
        if asset.gzipped() and "gzip" in request.headers.get("Accept-Encoding", ""):
            body, headers["Content-Encoding"] = asset.gzipped(), "gzip"
        return Response(body, mimetype=asset.mimetype, headers=headers)

    app.add_url_rule("/static/<fingerprint>/<path:name>", "static", static)


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    mimetype = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if mimetype == "application/javascript":
        mimetype = "text/javascript"
    return Asset(body, hashlib.sha256(body).hexdigest()[:16], mimetype)
