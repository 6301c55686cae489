"""Portico sessions: that a person signed in with this browser, for one client, through one connection.

The browser holds a random cookie that is new after every sign-in; one value carries the sessions of several clients and
connections. Nothing here decides whether a session may answer a request: that is `recall`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, bindparam, delete, insert, select, update

from app.cipher import Cipher, hash_token
from app.database import db, get_connection, new_id, transaction
from app.signin.identities import dump_identity, load_identity
from app.signin.journey import FinishedSignIn
from app.signin.models import PorticoSession
from portico_sdk import ExternalIdentity

LIFETIME = timedelta(hours=8)  # at most; the provider or the organization's policy may say less
REMEMBERED = timedelta(days=30)  # after its end: whom a provider's logout message means, and for which clients

# Built once: building a statement costs more than running it.
_TABLE = cast(Table, PorticoSession.__table__)
_INSERT = insert(_TABLE)
_STORED = select(
    _TABLE.c.id,
    _TABLE.c.client_id,
    _TABLE.c.organization_id,
    _TABLE.c.connection_id,
    _TABLE.c.sub,
    _TABLE.c.trust,
    _TABLE.c.sealed,
    _TABLE.c.started_at,
    _TABLE.c.expires_at,
)
_LIVE = (
    _STORED.where(_TABLE.c.token_hash == bindparam("token"))
    .where(_TABLE.c.ended_at.is_(None), _TABLE.c.expires_at > bindparam("now"))
    .order_by(_TABLE.c.started_at.desc(), _TABLE.c.id)
)


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as it is stored. `sealed` is None once it is over; `trust` is what its connection had at the start."""

    id: str
    client_id: str
    organization_id: str
    connection_id: str
    sub: str
    trust: str
    sealed: str | None
    started_at: datetime
    expires_at: datetime


def add_session(
    cipher: Cipher, finished: FinishedSignIn, *, trust: str, token: str, earlier: str | None, now: datetime
) -> None:
    """Store the session of a sign-in that was just accepted, inside its transaction.

    Args:
        token: the cookie's new value; what the browser held before is worth nothing afterwards, so that nobody can put a
            value of his own there and have it signed in.
        earlier: the value it held before; its other sessions go along.
    """
    assert finished.client_id is not None
    session_id, token_hash = new_id("ses"), hash_token(token)
    ends = now + LIFETIME
    if finished.session_expires_at is not None:
        ends = min(ends, finished.session_expires_at)
    identity = finished.identity
    with transaction():
        if earlier is not None:
            _take_along(earlier, token_hash, finished)
        get_connection().execute(
            _INSERT,
            {
                "id": session_id,
                "token_hash": token_hash,
                "client_id": finished.client_id,
                "organization_id": finished.organization_id,
                "connection_id": finished.connection_id,
                "sub": finished.sub,
                "trust": trust,
                "name_hash": _hash_name(finished.connection_id, identity.logout_name),
                "index_hash": _hash_name(finished.connection_id, identity.session_index),
                "sealed": cipher.encrypt(dump_identity(identity).encode(), context=_context(session_id)),
                "started_at": now,
                "expires_at": ends,
            },
        )


def find_sessions(token: str, now: datetime) -> list[StoredSession]:
    """Return the live sessions of this browser, newest first."""
    rows = get_connection().execute(_LIVE, {"token": hash_token(token), "now": now})
    return [StoredSession(*cast(Any, row)) for row in rows]


def open_session(cipher: Cipher, stored: StoredSession) -> ExternalIdentity:
    """Return the identity that the provider proved. Raises CannotDecrypt, ValueError, TypeError or KeyError."""
    if stored.sealed is None:
        raise ValueError("the session is over")
    return load_identity(cipher.decrypt(stored.sealed, context=_context(stored.id)).decode())


def end_sessions(sessions: Iterable[StoredSession], now: datetime) -> list[StoredSession]:
    """End them, and return those that were not over before."""
    by_id = {one.id: one for one in sessions}
    with transaction() as session:
        ended = session.scalars(
            update(_TABLE)
            .where(_TABLE.c.id.in_(by_id), _TABLE.c.ended_at.is_(None), _TABLE.c.expires_at > now)
            .values(ended_at=now, token_hash=None, sealed=None)
            .returning(_TABLE.c.id)
        )
        return [by_id[one] for one in ended]


def find_named(connection_id: str, name: str | None, indexes: Sequence[str]) -> list[StoredSession]:
    """Return the sessions that a provider's message means, those that are over included.

    A session of that name counts as meant when nobody knows its index: one too many ends rather than one too few.
    """
    index_hashes = [_hash_name(connection_id, index) for index in indexes]
    meant: ColumnElement[bool] = _TABLE.c.index_hash.in_(index_hashes)
    if name is not None:
        named = _TABLE.c.name_hash == _hash_name(connection_id, name)
        meant = named & (meant | _TABLE.c.index_hash.is_(None)) if indexes else named
    rows = db.session.execute(_STORED.where(_TABLE.c.connection_id == connection_id, meant))
    return [StoredSession(*cast(Any, row)) for row in rows]


def find_of_organization(organization_id: str, subs: Collection[str] | None = None) -> list[StoredSession]:
    """Return every session that is remembered of an organization's people, those that are over included.

    Args:
        subs: of these people only.
    """
    query = _STORED.where(_TABLE.c.organization_id == organization_id)
    if subs is not None:
        query = query.where(_TABLE.c.sub.in_(subs))
    return [StoredSession(*cast(Any, row)) for row in db.session.execute(query)]


def delete_old_sessions(now: datetime) -> int:
    """Empty sessions that have expired, and delete those that nobody asks about any more; returns how many."""
    with transaction() as session:
        session.execute(
            update(_TABLE)
            .where(_TABLE.c.expires_at < now, _TABLE.c.sealed.is_not(None))
            .values(token_hash=None, sealed=None)
        )
        deleted = session.execute(delete(_TABLE).where(_TABLE.c.expires_at < now - REMEMBERED))
        return deleted.rowcount  # type: ignore[attr-defined,no-any-return]


def _take_along(earlier: str, token_hash: str, finished: FinishedSignIn) -> None:
    """Give the browser's other sessions its new token; the one that is signed in anew is replaced."""
    of_browser = _TABLE.c.token_hash == hash_token(earlier)
    same = (
        _TABLE.c.client_id == finished.client_id,
        _TABLE.c.connection_id == finished.connection_id,
        _TABLE.c.sub == finished.sub,
    )
    with transaction() as session:
        session.execute(delete(_TABLE).where(of_browser, *same))
        session.execute(update(_TABLE).where(of_browser).values(token_hash=token_hash))


def _hash_name(connection_id: str, name: str | None) -> str | None:
    return None if name is None else hash_token(f"{connection_id}\n{name}")


def _context(session_id: str) -> str:
    return f"portico_sessions/{session_id}/sealed"
