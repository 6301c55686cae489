"""Every claim of the ID token; userinfo gives the same.

Auth0 drops names such as `groups`, `roles` and `org_id` from a profile, hence the prefix `portico_`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.claims import CLAIM_PREFIX
from app.signin.journey import FinishedSignIn

#: Adds claims that rooms above know: asked for every token, inside the transaction that accepts the sign-in.
ClaimSource = Callable[[FinishedSignIn], Mapping[str, Any]]


def build_claims(finished: FinishedSignIn, sources: Sequence[ClaimSource] = ()) -> dict[str, Any]:
    """Return what is said about the person: absent is left out, an unknown group list is absent and never empty.

    Args:
        sources: their claims take the place of none of these.

    Does not hold `iss aud exp iat nonce at_hash`: those belong to one token.
    """
    profile, identity = finished.profile, finished.identity
    further = {CLAIM_PREFIX + name: _plain(value) for name, value in profile.attributes.items()}
    for source in sources:
        further |= source(finished)
    said: dict[str, Any] = {
        **further,  # first: whatever it is called, it takes the place of nothing below
        "sub": finished.sub,
        "email": profile.email,
        "email_verified": finished.email_verified,
        "name": profile.name,
        "given_name": profile.given_name,
        "family_name": profile.family_name,
        "preferred_username": profile.preferred_username,
        "portico_org": finished.organization_id,
        "portico_org_external_id": finished.organization_external_id,
        "portico_auth0_org": finished.organization_auth0_id,
        "portico_connection": finished.connection_id,
        "portico_groups": None if profile.groups is None else list(profile.groups),
        "portico_roles": None if profile.roles is None else list(profile.roles),
        "portico_idp_sub": identity.subject,
        "auth_time": _seconds(identity.authenticated_at or identity.issued_at),
        "acr": identity.acr,
        "amr": list(identity.amr) or None,
        "session_expiry": _seconds(finished.session_expires_at),
    }
    return {name: value for name, value in said.items() if value is not None}


def _plain(value: str | tuple[str, ...] | bool) -> str | list[str] | bool:
    return list(value) if isinstance(value, tuple) else value


def _seconds(at: Any) -> int | None:
    return None if at is None else int(at.timestamp())
