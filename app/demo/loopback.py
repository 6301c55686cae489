"""HTTP between the demo's processes: every connection goes to this machine, whatever the host is called."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3

#: Auth0's own engine gives up after 3.5 s; so does the stand-in.
TIMEOUT_S = 3.5


class Unreachable(Exception):
    """Nobody answered in time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, whatever its status. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON. Raises ValueError."""
        return json.loads(self.body)


class LoopbackHttp:
    """Sends requests to 127.0.0.1 with the URL's host in the Host header; a request can leave the machine by no name.

    Args:
        ca_file: PEM of the authority that signed the peers' certificates; the system's authorities otherwise.
    """

    def __init__(self, ca_file: Path | None = None, timeout_s: float = TIMEOUT_S) -> None:
        self.ca_file = ca_file
        self._ca_file = str(ca_file) if ca_file else None
        self._timeout = urllib3.Timeout(total=timeout_s)

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        body: Any = None,
    ) -> Answer:
        """Return the answer; redirects are not followed. `form` is sent urlencoded, `body` as JSON. Raises Unreachable."""
        parts = urlsplit(url)
        sent = dict(headers or {})
        sent["Host"] = parts.netloc
        data: bytes | None = None
        if form is not None:
            data, sent["Content-Type"] = urlencode(form).encode(), "application/x-www-form-urlencoded"
        elif body is not None:
            data, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        with self._pool(parts.scheme, parts.hostname or "", parts.port) as pool:
            try:
                got = pool.urlopen(method, target, body=data, headers=sent, redirect=False, retries=False)
            except urllib3.exceptions.HTTPError as error:
                raise Unreachable(f"{method} {url}: {type(error).__name__}") from error
            return Answer(got.status, {name.lower(): value for name, value in got.headers.items()}, got.data)

    def _pool(self, scheme: str, host: str, port: int | None) -> urllib3.HTTPConnectionPool:
        if scheme == "https":
            return urllib3.HTTPSConnectionPool(
                "127.0.0.1",
                port or 443,
                timeout=self._timeout,
                ca_certs=self._ca_file,
                cert_reqs="CERT_REQUIRED",
                server_hostname=host,
                assert_hostname=host,
            )
        return urllib3.HTTPConnectionPool("127.0.0.1", port or 80, timeout=self._timeout)
