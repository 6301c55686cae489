"""Userinfo: the same claims as the ID token, for a live access token (OIDC Core 5.3, RFC 6750)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.errors import SignInFailed
from app.provider.grants import find_grant_by_token
from app.signin.allowed import Standing, StillAllowed

MAX_TOKEN = 200


class BearerError(Exception):
    """An access token that is not accepted.

    Args:
        status, error: RFC 6750 3.1: `invalid_request` (400) or `invalid_token` (401); None when nothing was presented at
            all, and then nothing is said about it.
        public: one constant sentence of ASCII without quotes or backslashes.
        login: trace id of the login that the token came from, where it is known.
    """

    def __init__(
        self, status: int, error: str | None, public: str, cause: str = "", *, login: str | None = None
    ) -> None:
        super().__init__(cause or public)
        self.status = status
        self.error = error
        self.public = public
        self.login = login

    def body(self, reference: str) -> dict[str, str]:
        """Return what the JSON says."""
        described = {"error_description": f"{self.public} Reference {reference}"}
        return {"error": self.error, **described} if self.error else described

    def challenge(self, reference: str) -> str:
        """Return the value of WWW-Authenticate: some clients read nothing else (RFC 6750 3)."""
        said = self.body(reference) if self.error else {}
        return ", ".join(('Bearer realm="portico"', *(f'{name}="{value}"' for name, value in said.items())))


def get_userinfo(access_token: str, allowed: StillAllowed, now: datetime) -> Mapping[str, Any]:
    """Return the claims. Raises BearerError: expired, revoked, unknown, or the identity is no longer allowed."""
    refusal = 401, "invalid_token", "The access token cannot be used."
    grant = find_grant_by_token(access_token, now) if len(access_token) <= MAX_TOKEN else None
    if grant is None:
        raise BearerError(*refusal, "unknown, expired or revoked")
    try:
        allowed.verify(Standing(grant.client_id, grant.organization_id, grant.connection_id, grant.sub), now)
    except SignInFailed as error:
        raise BearerError(*refusal, f"no longer allowed: {error.code}", login=grant.trace_id) from error
    return grant.claims


def parse_bearer(authorization: str | None, form_tokens: list[str]) -> str:
    """Return the one access token: from the header (RFC 6750 2.1) or a form (2.2), never from the query.

    Raises:
        BearerError: none, or more than one.
    """
    scheme, _, header_token = (authorization or "").partition(" ")
    presented = ([header_token.strip()] if scheme.lower() == "bearer" else []) + form_tokens
    if not presented:
        raise BearerError(401, None, "An access token is needed.")
    if len(presented) > 1 or not presented[0]:
        raise BearerError(400, "invalid_request", "Send one access token, in one way.")
    return presented[0]
