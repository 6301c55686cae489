"""An export of the deploy CLI: a folder with `connections/*.json`, or one `tenant.yaml`.

It holds no ids of connections; their names are as good, for a tenant never renames one.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from app.auth0.importing.existing import MAX_CONNECTIONS, ExistingConnection, parse_existing
from app.auth0.importing.readers.documents import read_document
from app.errors import Invalid, Problem


def read_deploy_cli(files: Mapping[str, bytes]) -> tuple[ExistingConnection, ...]:
    """Return the connections in these files, by name.

    Args:
        files: path within the export, with `/` -> content. Files that describe no connections are passed over.

    Raises Invalid: nothing is there, or something cannot be read; what can be is never taken alone.
    """
    found: dict[str, ExistingConnection] = {}
    for path in sorted(files):
        for raw in _connections(path, files[path]):
            one = parse_existing(raw, path)
            if one.name in found:
                raise Invalid(Problem(path[:200], "import-connection", f"{one.name} is there twice."))
            found[one.name] = one
    if not found or len(found) > MAX_CONNECTIONS:
        message = f"There are {len(found)} connections in it: expected is connections/*.json or tenant.yaml."
        raise Invalid(Problem("files", "import-document", message))
    return tuple(found.values())


def _connections(path: str, content: bytes) -> list[Any]:
    where = PurePosixPath(path)
    if where.suffix == ".json" and where.parent.name == "connections":
        return [read_document(path, content)]
    if where.name not in ("tenant.yaml", "tenant.yml"):
        return []
    document = read_document(path, content)
    listed = document.get("connections") if isinstance(document, Mapping) else None
    return listed if isinstance(listed, list) else []
