"""A small HTTP client for loads: one kept connection for each origin, its own cookies, no redirect followed."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

_TIMEOUT_S = 30
_BROKEN = (http.client.RemoteDisconnected, http.client.CannotSendRequest, ConnectionResetError, BrokenPipeError)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def location(self) -> str:
        return str(self.headers.get("Location", ""))


@dataclass(slots=True)
class Wire:
    """Connections of one load-generating process."""

    _kept: dict[str, http.client.HTTPConnection] = field(default_factory=dict)

    def send(
        self,
        method: str,
        url: str,
        form: Mapping[str, str] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        cookies: dict[str, str] | None = None,
    ) -> Answer:
        """Make one request; a kept connection that the server has closed meanwhile is replaced once.

        Args:
            cookies: sent along, and changed by what the answer sets.
        """
        parts = urlsplit(url)
        head = dict(headers or {})
        body = None
        if form is not None:
            body = urlencode(form)
            head["Content-Type"] = "application/x-www-form-urlencoded"
        if cookies:
            head["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        response, content = self._exchange(parts.netloc, method, target, body, head)
        if cookies is not None:
            _keep_cookies(cookies, response.headers.get_all("Set-Cookie") or [])
        if response.will_close:
            self._drop(parts.netloc)
        return Answer(response.status, response.headers, content)

    def _exchange(
        self, origin: str, method: str, target: str, body: str | None, head: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        for was_kept in (origin in self._kept, False):
            connection = self._kept.setdefault(origin, http.client.HTTPConnection(origin, timeout=_TIMEOUT_S))
            try:
                connection.request(method, target, body, head)
                response = connection.getresponse()
                return response, response.read()
            except _BROKEN:
                self._drop(origin)
                if not was_kept:
                    raise
        raise AssertionError("unreachable")

    def _drop(self, origin: str) -> None:
        self._kept.pop(origin).close()

    def close(self) -> None:
        """Close every connection."""
        for origin in list(self._kept):
            self._drop(origin)


def _keep_cookies(cookies: dict[str, str], lines: list[str]) -> None:
    for line in lines:
        name, _, value = line.split(";", 1)[0].partition("=")
        if "max-age=0" in line.lower() or not value:
            cookies.pop(name.strip(), None)
        else:
            cookies[name.strip()] = value
