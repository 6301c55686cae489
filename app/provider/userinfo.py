"""Userinfo: the same claims as the ID token, for a live access token (OIDC Core 5.3, RFC 6750)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.errors import SignInFailed
from app.provider.grants import find_grant_by_token
from app.signin.allowed import Standing, StillAllowed

MAX_TOKEN = 200


@dataclass(frozen=True, slots=True)
class BearerError(Exception):
    """RFC 6750 3.1: `invalid_request` (400) or `invalid_token` (401); None when nothing was presented at all."""

    status: int
    error: str | None

    @property
    def challenge(self) -> str:
        """The value of WWW-Authenticate."""
        return 'Bearer realm="portico"' + (f', error="{self.error}"' if self.error else "")


def get_userinfo(access_token: str, allowed: StillAllowed, now: datetime) -> Mapping[str, Any]:
    """Return the claims. Raises BearerError: expired, revoked, unknown, or the identity is no longer allowed."""
    grant = find_grant_by_token(access_token, now) if len(access_token) <= MAX_TOKEN else None
    if grant is None:
        raise BearerError(401, "invalid_token")
    try:
        allowed.verify(Standing(grant.client_id, grant.organization_id, grant.connection_id, grant.sub), now)
    except SignInFailed:
        raise BearerError(401, "invalid_token") from None
    return grant.claims


def parse_bearer(authorization: str | None, form_tokens: list[str]) -> str:
    """Return the one access token: from the header (RFC 6750 2.1) or a form (2.2), never from the query.

    Raises:
        BearerError: none, or more than one.
    """
    scheme, _, header_token = (authorization or "").partition(" ")
    presented = ([header_token.strip()] if scheme.lower() == "bearer" else []) + form_tokens
    if not presented:
        raise BearerError(401, None)
    if len(presented) > 1 or not presented[0]:
        raise BearerError(400, "invalid_request")
    return presented[0]
