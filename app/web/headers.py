"""Security headers on every response, whoever made it: the outermost layer of the application.

The strings are made once; a response costs one scan of its own few headers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Set in the WSGI environment by the pages that post to another origin; see `app.web.actions`.
POSTS_ELSEWHERE = "portico.posts_elsewhere"

#: Pages of a sign-in may run in a popup of the application (Auth0's `loginWithPopup`). A Cross-Origin-Opener-Policy,
#: even on a redirect, would cut that popup off from its opener for good, so these paths go without.
POPUP_PATHS = ("/oauth2/", "/sso/", "/login/")

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action {form_action}; frame-ancestors 'none'; base-uri 'none'"
)

_ALWAYS = (
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    (
        "Permissions-Policy",
        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()",
    ),
)

#: Two years; browsers then refuse http for this host and those below it (RFC 6797 6.1).
_HSTS = ("Strict-Transport-Security", "max-age=63072000; includeSubDomains")


class SecurityHeaders:
    """WSGI middleware that no response passes without its headers.

    `Cache-Control` is `no-store` unless the response says otherwise.
    """

    def __init__(self, wsgi_app: WSGIApplication, *, secure: bool, development: bool) -> None:
        self._wsgi_app = wsgi_app
        always = (*_ALWAYS, _HSTS) if secure else _ALWAYS
        elsewhere = "'self' https: http:" if development else "'self' https:"
        self._ordinary = [*always, ("Content-Security-Policy", _POLICY.format(form_action="'self'"))]
        self._posting = [*always, ("Content-Security-Policy", _POLICY.format(form_action=elsewhere))]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            headers.extend(self._posting if POSTS_ELSEWHERE in environ else self._ordinary)
            if not environ.get("PATH_INFO", "").startswith(POPUP_PATHS):
                headers.append(("Cross-Origin-Opener-Policy", "same-origin"))
            if not any(name.lower() == "cache-control" for name, _ in headers):
                headers.append(("Cache-Control", "no-store"))
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        return self._wsgi_app(environ, start)
