"""The requests adapter that keeps the guard's promises, whatever the session above asks for."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable, Mapping
from typing import Any

import certifi
from requests import PreparedRequest, RequestException, Response
from requests import exceptions as requests_errors
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, Timeout
from urllib3.exceptions import HTTPError, ReadTimeoutError

from app.outbound.body import read_body
from app.outbound.connections import GuardedPools
from app.outbound.dial import Dialer
from app.outbound.limits import Limits
from app.outbound.target import Target, UnsafeUrl, parse_target
from portico_sdk import ProviderUnreachable


class GuardAdapter(HTTPAdapter):
    """Sends requests under the guard: TLS is verified, proxies and client certificates are not used, time-outs are the
    guard's, and the body is read here.

    `send` raises ProviderUnreachable and nothing else.
    """

    def __init__(
        self, dialer: Dialer, limits: Limits, monotonic: Callable[[], float], tls: ssl.SSLContext | None = None
    ) -> None:
        self._dialer, self._limits, self._monotonic = dialer, limits, monotonic
        self._tls = tls or trusted_authorities()
        super().__init__(pool_connections=64, pool_maxsize=16)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any) -> None:
        """Make the pools that dial through the guard, with TLS settings that no session can change."""
        self.poolmanager = GuardedPools(
            self._dialer, self._monotonic, num_pools=connections, maxsize=maxsize, block=block, ssl_context=self._tls
        )

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave the TLS settings of the pool as they are: a session cannot weaken them."""

    def get_connection_with_tls_context(
        self, request: PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> HTTPConnectionPool:
        """Return the pool of the request's origin, without proxies."""
        pool: HTTPConnectionPool = self.poolmanager.connection_from_url(request.url or "")
        return pool

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        """Return the answer with its body read. Raises ProviderUnreachable."""
        try:
            target = parse_target(request.url or "")
        except UnsafeUrl as error:
            raise ProviderUnreachable("outbound-url-refused", f"the address cannot be used: {error}") from error
        self._dialer.check_target(target)
        request.headers["Accept-Encoding"] = "identity"
        within: Any = Timeout(total=self._limits.deadline_s)
        try:
            response = super().send(request, stream=True, timeout=within)
            response._content = read_body(response.raw, self._limits.body_bytes)
        except (RequestException, HTTPError, http.client.HTTPException, OSError, ValueError) as error:
            raise _unreachable(target, error) from error
        vars(response)["_content_consumed"] = True  # as requests itself does after reading
        return response

    def close(self) -> None:
        """Leave the kept connections alone: a session ends, the process that it borrowed the adapter from does not."""

    def close_connections(self) -> None:
        """Close every kept connection."""
        self.poolmanager.clear()


def trusted_authorities() -> ssl.SSLContext:
    """Return a TLS client context that trusts the system's authorities (`SSL_CERT_FILE` included) and certifi's."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _unreachable(target: Target, error: Exception) -> ProviderUnreachable:
    if _caused_by_timeout(error):
        return ProviderUnreachable("outbound-timeout", f"{target.origin} did not answer in time")
    said = f"{target.origin}: {type(error).__name__}: {str(error)[:200]}"
    if isinstance(error, requests_errors.SSLError):
        return ProviderUnreachable("outbound-tls", said, hint="The server's certificate is not valid for this name.")
    return ProviderUnreachable("outbound-connection", said)


def _caused_by_timeout(error: BaseException) -> bool:
    cause: BaseException | None = error
    for _ in range(8):
        if cause is None:
            return False
        if isinstance(cause, (TimeoutError, ReadTimeoutError, requests_errors.Timeout)):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
