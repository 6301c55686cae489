"""The pending sign-in: bound to one browser and one connection, good for half an hour, consumed once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, delete, insert, select, update

from app.cipher import Cipher, hash_token
from app.database import db, get_connection, transaction
from app.errors import SignInFailed
from app.signin.models import PendingSignIn

LIFETIME = timedelta(minutes=30)

# Built once: building a statement costs more than running it.
_TABLE = cast(Table, PendingSignIn.__table__)
_INSERT = insert(_TABLE)
_CONSUME = (
    update(_TABLE)
    .where(
        _TABLE.c.handle_hash == bindparam("handle"),
        _TABLE.c.browser_hash == bindparam("browser"),
        _TABLE.c.connection_id == bindparam("connection"),
        _TABLE.c.consumed_at.is_(None),
        _TABLE.c.expires_at > bindparam("now"),
    )
    .values(consumed_at=bindparam("now"))
    .returning(_TABLE.c.organization_id, _TABLE.c.client_id, _TABLE.c.purpose, _TABLE.c.trace_id, _TABLE.c.sealed)
)


@dataclass(frozen=True, slots=True)
class Pending:
    """A pending sign-in as its browser brought it back."""

    connection_id: str
    organization_id: str
    client_id: str | None
    purpose: str
    trace_id: str
    state: Mapping[str, str]  # the adapter's
    continuation: Mapping[str, str]


class PendingUnusable(SignInFailed):
    """Nobody began this sign-in here, or it is over; `code` says which for the trace."""


def add_pending(cipher: Cipher, pending: Pending, *, handle: str, browser: str, now: datetime) -> None:
    """Store a sign-in that is about to leave for the identity provider."""
    handle_hash = hash_token(handle)
    sealed = cipher.encrypt(
        json.dumps([dict(pending.state), dict(pending.continuation)]).encode(), context=_context(handle_hash)
    )
    with transaction():
        get_connection().execute(
            _INSERT,
            {
                "handle_hash": handle_hash,
                "browser_hash": hash_token(browser),
                "connection_id": pending.connection_id,
                "organization_id": pending.organization_id,
                "client_id": pending.client_id,
                "purpose": pending.purpose,
                "trace_id": pending.trace_id,
                "sealed": sealed,
                "created_at": now,
                "expires_at": now + LIFETIME,
            },
        )


def consume_pending(cipher: Cipher, *, handle: str, browser: str | None, connection_id: str, now: datetime) -> Pending:
    """Return the sign-in that this browser began at this connection, and make it unusable, atomically.

    Only the right browser at the right connection consumes: nobody can use up another's sign-in.

    Raises:
        PendingUnusable: unknown, expired, already used, begun in another browser or at another connection.
    """
    handle_hash = hash_token(handle)
    shown = {"handle": handle_hash, "browser": hash_token(browser or ""), "connection": connection_id, "now": now}
    with transaction():
        row = get_connection().execute(_CONSUME, shown).one_or_none()
    if row is None:
        raise _why_unusable(handle_hash, browser, connection_id, now)
    state, continuation = json.loads(cipher.decrypt(row.sealed, context=_context(handle_hash)))
    return Pending(connection_id, row.organization_id, row.client_id, row.purpose, row.trace_id, state, continuation)


def find_purpose(handle: str) -> str | None:
    """Return what the sign-in with this handle is for, whoever began it; None when there is none. Proves nothing."""
    query = select(PendingSignIn.purpose).where(PendingSignIn.handle_hash == hash_token(handle))
    return db.session.scalar(query)


def delete_expired_pending(now: datetime) -> int:
    """Delete what nobody can use any more; returns how many."""
    with transaction() as session:
        return session.execute(delete(PendingSignIn).where(PendingSignIn.expires_at < now)).rowcount  # type: ignore[attr-defined,no-any-return]


def _context(handle_hash: str) -> str:
    return f"pending_sign_ins/{handle_hash}/sealed"


def _why_unusable(handle_hash: str, browser: str | None, connection_id: str, now: datetime) -> PendingUnusable:
    row = db.session.execute(
        select(PendingSignIn.browser_hash, PendingSignIn.connection_id, PendingSignIn.consumed_at).where(
            PendingSignIn.handle_hash == handle_hash
        )
    ).one_or_none()
    if row is None:
        return PendingUnusable("no such sign-in was begun here", code="pending-unknown")
    if row.connection_id != connection_id:
        return PendingUnusable(f"it was begun at {row.connection_id}", code="pending-other-connection")
    if browser is None or row.browser_hash != hash_token(browser):
        return PendingUnusable("it was begun in another browser", code="pending-other-browser")
    if row.consumed_at is not None:
        return PendingUnusable(f"it was used at {row.consumed_at:%H:%M:%S}", code="pending-used")
    return PendingUnusable("it is older than 30 minutes", code="pending-expired")
