"""A login that failed upstream: what the tenant log says, and what the application is told."""

from __future__ import annotations

from collections.abc import Mapping


class LoginFailed(Exception):
    """The stand-in does not accept what came from upstream.

    Args:
        message: of the engine, literally: what a tenant log shows.
        oauth_error: what the application gets as `error`.
        description: what it gets as `error_description`; the message where there is none.
        payload: what was refused, for the log.
    """

    def __init__(
        self,
        message: str,
        *,
        oauth_error: str = "access_denied",
        description: str | None = None,
        payload: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.oauth_error = oauth_error
        self.description = description or message
        self.payload = payload or {}
