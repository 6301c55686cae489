"""urllib3 connections that the dialer opens and that end at one deadline, and the pools that keep them."""

from __future__ import annotations

import http.client
import io
import socket
from collections.abc import Callable
from functools import partial
from typing import Any

from urllib3 import HTTPConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError

from app.outbound.addresses import parse_address
from app.outbound.dial import Dialer
from app.outbound.target import Target

# Servers keep idle connections for 5 s or longer (Node.js and Apache are at the short end). Reusing one that is being
# closed would lose a request that must not be repeated, such as the one that redeems a code.
_IDLE_S = 4.0


class _DeadlineReader(io.RawIOBase):
    """A socket's bytes until the deadline, however slowly they drip: each read waits only for what is left."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, deadline: float, monotonic: Callable[[], float]) -> None:
        self._raw, self._sock, self._deadline, self._monotonic = raw, sock, deadline, monotonic

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - self._monotonic()
        if left <= 0:
            raise TimeoutError("the deadline passed while reading")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _DeadlineResponse(http.client.HTTPResponse):
    """http.client's parser over a reader that ends at the deadline, status line and headers included."""

    def __init__(
        self, sock: socket.socket, *args: Any, deadline: float, monotonic: Callable[[], float], **kwargs: Any
    ) -> None:
        super().__init__(sock, *args, **kwargs)
        raw = self.fp.detach()
        self.fp = io.BufferedReader(_DeadlineReader(raw, sock, deadline, monotonic))


class GuardedHTTPConnection(HTTPConnection):
    """A connection that the dialer opened; its answer has to be complete within the connection's time-out."""

    scheme = "http"

    def __init__(self, *args: Any, dialer: Dialer, monotonic: Callable[[], float], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._dialer = dialer
        self._monotonic = monotonic
        self._used_at = monotonic()

    def _new_conn(self) -> socket.socket:
        host = self.host.strip("[]").lower()
        try:
            address = parse_address(host)
        except ValueError:
            address = None
        try:
            return self._dialer.connect(Target(self.scheme, host, self.port, address), float(self.timeout or 0))
        except OSError as error:
            raise NewConnectionError(self, f"no connection: {error}") from error

    def getresponse(self) -> Any:
        self._used_at = self._monotonic()
        deadline = self._used_at + float(self.timeout or 0)
        self.response_class = partial(  # type: ignore[assignment]  # http.client only calls it
            _DeadlineResponse, deadline=deadline, monotonic=self._monotonic
        )
        return super().getresponse()

    @property
    def is_connected(self) -> bool:
        return self._monotonic() - self._used_at < _IDLE_S and super().is_connected


class GuardedHTTPSConnection(GuardedHTTPConnection, HTTPSConnection):
    """The same with TLS; the certificate is checked against the name in the URL, not the address."""

    scheme = "https"


class GuardedPools(PoolManager):
    """Pools whose connections all come from one dialer."""

    def __init__(self, dialer: Dialer, monotonic: Callable[[], float], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._dialer = dialer
        self._monotonic = monotonic

    def _new_pool(
        self, scheme: str, host: str, port: int, request_context: dict[str, Any] | None = None
    ) -> HTTPConnectionPool:
        pool = super()._new_pool(scheme, host, port, request_context)
        connection = GuardedHTTPSConnection if scheme == "https" else GuardedHTTPConnection
        pool.ConnectionCls = partial(  # type: ignore[assignment]  # urllib3 only calls it
            connection, dialer=self._dialer, monotonic=self._monotonic
        )
        return pool
