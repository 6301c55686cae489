"""Errors of the authorization endpoint. Each knows whether the client may be told by a redirect.

AuthorizationError
├── NotRedirectable    client or redirect URI are not proven: a page, never a redirect (RFC 9700 4.11)
└── Redirectable       goes back to the registered redirect URI with `error`, `state` and `iss`
"""

from __future__ import annotations

from app.errors import SignInFailed


class AuthorizationError(SignInFailed):
    """An authorization request that cannot be answered with a code. `code` goes to the trace."""


class NotRedirectable(AuthorizationError):
    """Shown as a page: redirecting to an address that nobody registered would make us an open redirector."""

    public = "This request for a sign-in cannot be answered."


class Redirectable(AuthorizationError):
    """Told to the client.

    Args:
        error: OAuth 2.0 or OIDC error code, as it goes on the wire.
        public: one constant sentence of ASCII without quotes or backslashes (RFC 6749 4.1.2.1).
    """

    def __init__(self, error: str, public: str, detail: str = "") -> None:
        super().__init__(detail or public, code=error.replace("_", "-"))
        self.error = error
        self.public = public
