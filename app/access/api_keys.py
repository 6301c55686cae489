"""Keys of the management API: shown once, stored hashed, never able to make a key that may do more."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from app.access.models import ApiKey
from app.access.scopes import check_scopes, has_scope
from app.access.tokens import API_KEY_PREFIX, find_match, hint_of, make_token
from app.audit import Actor, EventName, record
from app.cipher import hash_token
from app.database import db, new_id, transaction
from app.errors import Forbidden, Invalid, NotFound, Problem

USE_NOTED_EVERY = timedelta(minutes=1)


def add_api_key(
    name: str,
    scopes: Sequence[str],
    *,
    actor: Actor,
    now: datetime,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> tuple[ApiKey, str]:
    """Store a key and return it with the key itself, which cannot be shown again.

    Raises:
        Invalid: the name is empty, or a scope is not in the vocabulary.
        Forbidden: the actor is an API key that lacks one of the scopes itself.
    """
    if not name.strip() or len(name) > 200 or not name.isprintable():
        raise Invalid(Problem("name", "name-syntax", "A name has 1 to 200 characters on one line."))
    check_scopes(scopes)
    key = make_token(API_KEY_PREFIX, random)
    row = ApiKey(
        id=new_id("key"),
        name=name.strip(),
        key_hash=hash_token(key),
        hint=hint_of(key),
        scopes=sorted(set(scopes)),
        created_at=now,
    )
    with transaction() as session:
        _check_not_beyond(actor, row.scopes)
        session.add(row)
        session.flush()
        _record(EventName.API_KEY_CREATED, row, actor, now)
    return row, key


def revoke_api_key(key_id: str, *, actor: Actor, now: datetime) -> None:
    """Make a key useless at once. Revoking a revoked one changes nothing. Raises NotFound."""
    with transaction() as session:
        row = session.get(ApiKey, key_id, populate_existing=True, with_for_update=True)
        if row is None:
            raise NotFound(f"no API key {key_id[:60]!r}")
        if row.revoked_at is None:
            row.revoked_at = now
            _record(EventName.API_KEY_REVOKED, row, actor, now)


def verify_api_key(key: str, *, now: datetime) -> ApiKey | None:
    """Return the live key that `key` is, or None. Does not look at scopes: `has_scope` does."""
    if not key.startswith(API_KEY_PREFIX) or len(key) > 200 or not key.isascii():
        return None
    query = select(ApiKey).where(ApiKey.key_hash == hash_token(key), ApiKey.revoked_at.is_(None))
    row = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if find_match(key, [row.key_hash] if row else []) is None or row is None:
        return None
    if row.last_used_at is None or row.last_used_at < now - USE_NOTED_EVERY:
        stale = or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < now - USE_NOTED_EVERY)
        with transaction() as session:
            session.execute(update(ApiKey).where(ApiKey.id == row.id, stale).values(last_used_at=now))
    return row


def get_api_key(key_id: str) -> ApiKey:
    """Return the key's record, revoked or not. Raises NotFound."""
    found = db.session.get(ApiKey, key_id, populate_existing=True)
    if found is None:
        raise NotFound(f"no API key {key_id[:60]!r}")
    return found


def list_api_keys(*, limit: int, after: str | None = None) -> Sequence[ApiKey]:
    """Return at most `limit` keys, revoked ones included, in the order of their ids, beginning behind the id `after`."""
    query = select(ApiKey).order_by(ApiKey.id).limit(limit)
    return db.session.scalars(query if after is None else query.where(ApiKey.id > after)).all()


def _check_not_beyond(actor: Actor, scopes: Sequence[str]) -> None:
    if actor.kind != "api_key":
        return
    own = db.session.scalars(
        select(ApiKey.scopes).where(ApiKey.id == actor.id, ApiKey.revoked_at.is_(None))
    ).one_or_none()
    beyond = [scope for scope in scopes if own is None or not has_scope(own, scope)]
    if beyond:
        raise Forbidden(f"{actor.id} lacks {', '.join(beyond)}", hint="A key cannot make a key that may do more.")


def _record(name: EventName, row: ApiKey, actor: Actor, now: datetime) -> None:
    details = {"name": row.name, "scopes": row.scopes, "hint": row.hint}
    record(name, actor=actor, now=now, organization_id=None, target=row.id, details=details)
