"""From verified claims to the tenant's user: the id, the names that are dropped, what becomes of lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.demo.standin.failures import LoginFailed
from app.demo.standin.mapping import map_claims
from app.demo.standin.tenant.upstream import UpstreamConnection

#: Names that never land in a user's profile, whatever the provider sends.
RESTRICTED = frozenset(
    {
        "acr",
        "acr_values",
        "act",
        "active",
        "amr",
        "at_hash",
        "aud",
        "auth_time",
        "authorization_details",
        "azp",
        "c_hash",
        "client_id",
        "cnf",
        "entitlements",
        "events",
        "exp",
        "groups",
        "gty",
        "htm",
        "htu",
        "iat",
        "internalservice",
        "iss",
        "jcard",
        "jku",
        "jti",
        "jwe",
        "jwk",
        "kid",
        "may_act",
        "mky",
        "nbf",
        "nonce",
        "object_id",
        "org_id",
        "org_name",
        "orig",
        "origid",
        "permissions",
        "roles",
        "rph",
        "s_hash",
        "sid",
        "sip_callid",
        "sip_cseq_num",
        "sip_date",
        "sip_from_tag",
        "sip_via_branch",
        "sub",
        "sub_jwk",
        "toe",
        "txn",
        "typ",
        "uuid",
        "vot",
        "vtm",
        "x5t#s256",
    }
)

_NO_WHITE_SPACE = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class User:
    """A user of the tenant after a login.

    Args:
        id: `oidc|CONNECTION|sub`, or the id of the profile that has this identity among others.
        attributes: the root of the profile, restricted names left out.
        dropped: which of the claims were left out for their names.
        session_expires_at: Unix seconds; where upstream bounds its session.
    """

    id: str
    attributes: Mapping[str, Any]
    dropped: tuple[str, ...]
    authenticated_at: datetime
    session_expires_at: int | None = field(default=None)


def make_user(
    connection: UpstreamConnection,
    claims: Mapping[str, Any],
    now: datetime,
    session_expires_at: int | None,
    longest_user_id: int = 128,
    userinfo: Callable[[], Mapping[str, Any]] = dict,
) -> User:
    """Return the user that the claims describe. Raises LoginFailed for a subject that cannot be part of a user id.

    Args:
        userinfo: asked only where the connection's mapping names it.
    """
    subject = claims["sub"]
    user_id = f"oidc|{connection.name}|{subject}"
    if not _NO_WHITE_SPACE.fullmatch(user_id):
        raise LoginFailed("Payload validation error: 'String does not match pattern ^\\S*$' on property user_id")
    if len(user_id) > longest_user_id:
        raise LoginFailed("Payload validation error: 'String is too long' on property user_id")
    mapped = map_claims(connection, claims, userinfo)
    kept = {name: value for name, value in mapped.items() if name.lower() not in RESTRICTED}
    dropped = tuple(sorted(set(mapped) - set(kept) - _PROTOCOL))
    return User(user_id, kept, dropped, now, session_expires_at)


#: Claims of the protocol itself: nobody expects them in a profile, so they do not count as dropped.
_PROTOCOL = {"iss", "sub", "aud", "exp", "iat", "nbf", "nonce", "at_hash", "jti", "auth_time", "azp", "sid"}
