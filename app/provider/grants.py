"""Codes and access tokens: stored hashed, redeemed exactly once, revoked together."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select, update

from app.cipher import hash_token
from app.database import get_connection, insert_once, transaction
from app.provider.models import Grant, UsedAssertion

CODE_LIFETIME = timedelta(seconds=60)

# Built once: building a statement costs more than running it.
_TABLE = cast(Table, Grant.__table__)
_INSERT = insert(_TABLE)
_STORED = select(
    _TABLE.c.code_hash,
    _TABLE.c.client_id,
    _TABLE.c.organization_id,
    _TABLE.c.connection_id,
    _TABLE.c.sub,
    _TABLE.c.redirect_uri,
    _TABLE.c.scope,
    _TABLE.c.nonce,
    _TABLE.c.code_challenge,
    _TABLE.c.claims,
    _TABLE.c.trace_id,
    _TABLE.c.code_expires_at,
    _TABLE.c.expires_at,
    _TABLE.c.redeemed_at.is_not(None),
)
_BY_CODE = _STORED.where(_TABLE.c.code_hash == bindparam("code"), _TABLE.c.client_id == bindparam("client"))
_BY_TOKEN = _STORED.where(
    _TABLE.c.access_token_hash == bindparam("token"),
    _TABLE.c.expires_at > bindparam("now"),
    _TABLE.c.revoked_at.is_(None),
)
_CONSUME = (
    update(_TABLE)
    .where(
        _TABLE.c.code_hash == bindparam("code"),
        _TABLE.c.redeemed_at.is_(None),
        _TABLE.c.revoked_at.is_(None),
        _TABLE.c.code_expires_at > bindparam("now"),
    )
    .values(redeemed_at=bindparam("now"), access_token_hash=bindparam("token"), expires_at=bindparam("until"))
)


@dataclass(frozen=True, slots=True)
class NewGrant:
    """What a code stands for."""

    client_id: str
    organization_id: str
    connection_id: str
    sub: str
    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str | None
    claims: Mapping[str, Any]
    trace_id: str


def add_grant(new: NewGrant, *, now: datetime, random: Callable[[int], bytes]) -> str:
    """Return a fresh authorization code, good once and for 60 seconds (RFC 9700 4.5, ASVS 10.4.2)."""
    code = base64.urlsafe_b64encode(random(32)).decode().rstrip("=")
    with transaction():
        get_connection().execute(
            _INSERT,
            {
                "code_hash": hash_token(code),
                "client_id": new.client_id,
                "organization_id": new.organization_id,
                "connection_id": new.connection_id,
                "sub": new.sub,
                "redirect_uri": new.redirect_uri,
                "scope": new.scope,
                "nonce": new.nonce,
                "code_challenge": new.code_challenge,
                "claims": dict(new.claims),
                "trace_id": new.trace_id,
                "created_at": now,
                "code_expires_at": now + CODE_LIFETIME,
                "expires_at": now + CODE_LIFETIME,
            },
        )
    return code


@dataclass(frozen=True, slots=True)
class StoredGrant:
    """A grant as it is stored. `redeemed` says that its code was used."""

    code_hash: str
    client_id: str
    organization_id: str
    connection_id: str
    sub: str
    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str | None
    claims: Mapping[str, Any]
    trace_id: str
    code_expires_at: datetime
    expires_at: datetime
    redeemed: bool


def find_grant_by_code(code: str, client_id: str) -> StoredGrant | None:
    """Return the grant of a code that was given to this client, also when it was used or has expired."""
    row = get_connection().execute(_BY_CODE, {"code": hash_token(code), "client": client_id}).one_or_none()
    return StoredGrant(*cast(Any, row)) if row else None


def consume_code(grant: StoredGrant, access_token: str, *, now: datetime, lifetime: timedelta) -> bool:
    """Redeem the code for this access token, atomically: of any number of tries one gets True."""
    with transaction():
        shown = {"code": grant.code_hash, "token": hash_token(access_token), "now": now, "until": now + lifetime}
        redeemed = get_connection().execute(_CONSUME, shown)
    return redeemed.rowcount == 1


def revoke_grant(grant: StoredGrant, *, now: datetime) -> None:
    """End what the code gave. Called when it is shown a second time (RFC 6749 4.1.2)."""
    with transaction() as session:
        session.execute(
            update(Grant).where(Grant.code_hash == grant.code_hash, Grant.revoked_at.is_(None)).values(revoked_at=now)
        )


def revoke_grants_of(client_id: str, connection_id: str, sub: str, *, now: datetime) -> None:
    """End the codes and tokens that this client still holds of a person."""
    with transaction() as session:
        session.execute(
            update(Grant)
            .where(Grant.expires_at > now, Grant.revoked_at.is_(None))
            .where(Grant.client_id == client_id, Grant.connection_id == connection_id, Grant.sub == sub)
            .values(revoked_at=now)
        )


def find_grant_by_token(access_token: str, now: datetime) -> StoredGrant | None:
    """Return the grant of an access token that is live: not expired, not revoked."""
    row = get_connection().execute(_BY_TOKEN, {"token": hash_token(access_token), "now": now}).one_or_none()
    return StoredGrant(*cast(Any, row)) if row else None


def consume_assertion(client_id: str, jti: str, *, until: datetime) -> bool:
    """Return whether this is the first use of a client's JWT."""
    with transaction():
        return insert_once(UsedAssertion, client_id=client_id, jti_hash=hash_token(jti), until=until)


def delete_expired_grants(now: datetime) -> int:
    """Delete grants and assertions that are good for nothing any more; returns how many grants.

    A redeemed code is remembered for an hour on top, so that a late second use is still recognised as one.
    """
    with transaction() as session:
        session.execute(delete(UsedAssertion).where(UsedAssertion.until < now - timedelta(hours=1)))
        deleted = session.execute(delete(Grant).where(Grant.expires_at < now - timedelta(hours=1)))
    return deleted.rowcount  # type: ignore[attr-defined,no-any-return]
