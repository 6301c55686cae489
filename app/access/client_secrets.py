"""A client's secrets: several may live at once, each is shown once, only hashes are stored."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select, update

from app.access.client_values import SECRET_METHODS
from app.access.models import Client, ClientSecret
from app.access.tokens import CLIENT_SECRET_PREFIX, find_match, hint_of, make_token
from app.audit import Actor, EventName, record
from app.cipher import hash_token
from app.database import db, get_connection, new_id, transaction
from app.errors import Conflict, NotFound

MAX_LIVE = 10
USE_NOTED_EVERY = timedelta(minutes=1)  # a login writes nothing only to say that the secret is in use

# Built once: building a statement costs more than running it.
# Tables and not classes: what need not become objects skips the ORM, which costs as much as the query.
_SECRET, _CLIENT = ClientSecret.__table__.c, Client.__table__.c
_LIVE = (
    select(_SECRET.id, _SECRET.secret_hash, _SECRET.last_used_at)
    .join(Client.__table__, _CLIENT.id == _SECRET.client_id)
    .where(
        _SECRET.client_id == bindparam("wanted"),
        _SECRET.revoked_at.is_(None),
        _CLIENT.status == "active",
        _CLIENT.token_endpoint_auth_method.in_(SECRET_METHODS),
    )
)


def add_client_secret(
    client_id: str, *, actor: Actor, now: datetime, random: Callable[[int], bytes] = secrets.token_bytes
) -> tuple[ClientSecret, str]:
    """Return a further secret, beside those that live already. It cannot be shown again.

    Raises:
        NotFound: no such client.
        Conflict: the client does not use secrets, or has ten that live.
    """
    with transaction() as session:
        method = session.scalars(
            select(Client.token_endpoint_auth_method).where(Client.id == client_id).with_for_update()
        ).one_or_none()
        if method is None:
            raise NotFound(f"no client {client_id[:60]!r}")
        if method not in SECRET_METHODS:
            raise Conflict(f"{client_id} uses {method}", code="secret-not-used", hint="This client signs with its key.")
        if sum(row.revoked_at is None for row in list_client_secrets(client_id)) >= MAX_LIVE:
            raise Conflict(f"{client_id} has {MAX_LIVE}", code="too-many-secrets", hint="Revoke an old secret first.")
        return make_client_secret(client_id, actor=actor, now=now, random=random)


def make_client_secret(
    client_id: str, *, actor: Actor, now: datetime, random: Callable[[int], bytes]
) -> tuple[ClientSecret, str]:
    """Store a secret of a client that exists. Inside `transaction()` only."""
    secret = make_token(CLIENT_SECRET_PREFIX, random)
    row = ClientSecret(
        id=new_id("sec"), client_id=client_id, secret_hash=hash_token(secret), hint=hint_of(secret), created_at=now
    )
    db.session.add(row)
    db.session.flush()
    _record(EventName.CLIENT_SECRET_ADDED, row, actor, now)
    return row, secret


def revoke_client_secret(client_id: str, secret_id: str, *, actor: Actor, now: datetime) -> None:
    """Make one secret useless at once. Revoking a revoked one changes nothing. Raises NotFound."""
    with transaction() as session:
        row = session.get(ClientSecret, secret_id, populate_existing=True, with_for_update=True)
        if row is None or row.client_id != client_id:
            raise NotFound(f"{client_id[:60]} has no secret {secret_id[:60]!r}")
        if row.revoked_at is None:
            row.revoked_at = now
            _record(EventName.CLIENT_SECRET_REVOKED, row, actor, now)


def list_client_secrets(client_id: str) -> Sequence[ClientSecret]:
    """Return every secret of the client, oldest first, revoked ones included."""
    query = select(ClientSecret).where(ClientSecret.client_id == client_id)
    return db.session.scalars(query.order_by(ClientSecret.created_at, ClientSecret.id)).all()


def verify_client_secret(client_id: str, secret: str, *, now: datetime, note_use: bool = True) -> bool:
    """Whether `secret` is a live secret of this active client, whose method is a secret.

    Compares with every live secret in constant time; an unknown client costs the same query and the same comparison.

    Args:
        note_use: False for whoever only asks: the client itself did not use it.
    """
    rows = get_connection().execute(_LIVE, {"wanted": client_id.replace("\0", "")}).all()
    position = find_match(secret, [row.secret_hash for row in rows])
    if position is None:
        return False
    used = rows[position].last_used_at
    if note_use and (used is None or used < now - USE_NOTED_EVERY):
        _note_use(rows[position].id, now)
    return True


def _note_use(secret_id: str, now: datetime) -> None:
    stale = or_(ClientSecret.last_used_at.is_(None), ClientSecret.last_used_at < now - USE_NOTED_EVERY)
    with transaction() as session:
        session.execute(update(ClientSecret).where(ClientSecret.id == secret_id, stale).values(last_used_at=now))


def _record(name: EventName, row: ClientSecret, actor: Actor, now: datetime) -> None:
    details = {"id": row.id, "hint": row.hint}
    record(name, actor=actor, now=now, organization_id=None, target=row.client_id, details=details)
