"""The guard of outbound requests: what every room uses to ask the world something."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any

from requests import Request, RequestException

from app.outbound.addresses import is_public
from app.outbound.dial import Dialer, Resolver, system_addresses
from app.outbound.limits import LOGIN, Limits
from app.outbound.target import UnsafeUrl, parse_target
from app.outbound.transport import GuardAdapter
from portico_sdk import HttpResponse, ProviderUnreachable, SignInRefused


class OutboundGuard:
    """Requests that reach only public https servers on port 443 and the origins an operator named, within the limits.

    One per process: it keeps connections, each opened to a checked address and reused for a few seconds. Redirects are
    never followed, proxies and credentials of the environment never used, cookies never kept.

    Args:
        allow: PORTICO_OUTBOUND_ALLOW: exact origins, `scheme://host:port`.
        development: whether http origins may be allowed (loopback only) and `*.localhost` is 127.0.0.1.
        resolver: addresses of (host, port).
        monotonic: seconds.
        tls: trusted authorities; default: the system's and certifi's.

    Raises ValueError: an entry of `allow` is not an origin that may be allowed.
    """

    def __init__(
        self,
        *,
        allow: frozenset[str] = frozenset(),
        development: bool = False,
        resolver: Resolver = system_addresses,
        monotonic: Callable[[], float] = time.monotonic,
        limits: Limits = LOGIN,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._dialer = Dialer(allow, development=development, resolver=resolver, monotonic=monotonic)
        self._adapter = GuardAdapter(self._dialer, limits, monotonic, tls)

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        data: Mapping[str, str] | bytes | None = None,
    ) -> HttpResponse:
        """Return the answer whatever its status, redirects included. Raises ProviderUnreachable."""
        try:
            parse_target(url)
            prepared = Request(method, url, headers=dict(headers or {}), data=data).prepare()
        except (RequestException, ValueError) as error:
            raise ProviderUnreachable("outbound-url-refused", f"the request cannot be made: {error}"[:200]) from error
        response = self._adapter.send(prepared)
        return HttpResponse(
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            body=response.content,
        )

    def guard(self, session: Any) -> Any:
        """Return `session` (a requests.Session) with every one of its requests going through this guard.

        Its requests raise ProviderUnreachable. Redirects are given back as they came.
        """
        session.adapters.clear()
        session.mount("", self._adapter)
        session.trust_env = False
        session.proxies = {}
        session.max_redirects = 0
        session.get_redirect_target = _no_redirect
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        return session

    def check_browser_url(self, url: str) -> None:
        """Raise SignInRefused unless a browser may be sent to `url`: https without user name and fragment, and not an
        address of a private network, unless the operator allowed that very origin.

        Does not: resolve the name; the browser stands in another network.
        """
        try:
            target = parse_target(url)
        except UnsafeUrl as error:
            raise SignInRefused("browser-url-refused", f"a browser cannot be sent there: {error}") from error
        if target.fragment:
            raise SignInRefused("browser-url-refused", "a browser cannot be sent there: it carries a fragment")
        if self._dialer.is_allowed(target):
            return
        private = target.is_local_name or (target.address is not None and not is_public(target.address))
        if target.scheme != "https" or private:
            raise SignInRefused(
                "browser-url-refused",
                f"a browser is only sent to public https addresses, not to {target.origin}",
                hint="An operator can allow the exact origin with PORTICO_OUTBOUND_ALLOW.",
            )

    def close(self) -> None:
        """Close every kept connection."""
        self._adapter.close_connections()


def _no_redirect(_response: object) -> None:
    return None
