"""Changes to the stored signing keys: the first, the next, the ones whose time is over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from app.audit import Actor, EventName, record
from app.cipher import Cipher
from app.crypto.jwk import Algorithm, dump_private_jwk, make_key
from app.crypto.life_cycle import KEEP, PUBLISH_AHEAD, PUBLISH_AHEAD_URGENT
from app.crypto.models import StoredSigningKey
from app.database import db, transaction
from app.errors import Conflict

_SYSTEM = Actor("system", "signing-keys")


def context_of(kid: str) -> str:
    """Return where the private part of a key is stored, for the cipher."""
    return f"signing_keys/{kid}"


def add_first_key(cipher: Cipher, alg: Algorithm, now: datetime) -> None:
    """Store the first key of an algorithm, signing at once; does nothing when another process was faster."""
    stored = _make(cipher, alg, 1, now, active_from=now)
    try:
        with transaction() as session:
            if _newest(alg) is None:
                session.add(stored)
                session.flush()
                _record(EventName.SIGNING_KEY_CREATED, stored, _SYSTEM, now)
    except IntegrityError:
        return


def add_next_key(cipher: Cipher, alg: Algorithm, now: datetime, actor: Actor, *, urgent: bool) -> str:
    """Store the next key with the time at which it takes over, end the life of the ones before; return its `kid`.

    Raises:
        Conflict: a next key is waiting already and this is not urgent, or another process is rotating.
    """
    takes_over = now + (PUBLISH_AHEAD_URGENT if urgent else PUBLISH_AHEAD)
    seen = _newest(alg)
    stored = _make(cipher, alg, (seen.generation if seen else 0) + 1, now, active_from=takes_over)
    try:
        with transaction() as session:
            newest = _newest(alg)
            if newest is not None and newest.active_from > now and not urgent:
                raise Conflict(f"the next {alg} key takes over at {newest.active_from}", code="rotation-under-way")
            _retire(alg, takes_over, keep=not urgent)
            session.add(stored)
            session.flush()
            _record(EventName.SIGNING_KEY_ROTATED, stored, actor, now, urgent=urgent)
    except IntegrityError:
        raise Conflict("another process is rotating this key", code="rotation-under-way") from None
    return stored.kid


def remove_expired(now: datetime) -> int:
    """Delete the keys whose time is over, private parts included. Returns how many."""
    with transaction() as session:
        gone = session.execute(delete(StoredSigningKey).where(StoredSigningKey.remove_at <= now))
        return int(gone.rowcount)  # type: ignore[attr-defined]


def _make(cipher: Cipher, alg: Algorithm, generation: int, now: datetime, active_from: datetime) -> StoredSigningKey:
    key = make_key(alg)
    kid = str(key.kid)
    return StoredSigningKey(
        kid=kid,
        alg=alg,
        generation=generation,
        private_jwk=cipher.encrypt(dump_private_jwk(key), context=context_of(kid)),
        public_jwk=key.as_dict(private=False),
        created_at=now,
        active_from=active_from,
    )


def _newest(alg: Algorithm) -> StoredSigningKey | None:
    query = select(StoredSigningKey).where(StoredSigningKey.alg == alg)
    return db.session().scalars(query.order_by(StoredSigningKey.generation.desc()).limit(1)).first()


def _retire(alg: Algorithm, at: datetime, *, keep: bool) -> None:
    """End the signing of every key of `alg` at `at`; without `keep`, its publication too, also of those ended before."""
    db.session().execute(
        update(StoredSigningKey)
        .where(StoredSigningKey.alg == alg, StoredSigningKey.retired_at.is_(None) | (StoredSigningKey.retired_at > at))
        .values(retired_at=at)
    )
    leaves = at + KEEP if keep else at
    still = (
        StoredSigningKey.remove_at.is_(None) if keep else func.coalesce(StoredSigningKey.remove_at, leaves) >= leaves
    )
    db.session().execute(update(StoredSigningKey).where(StoredSigningKey.alg == alg, still).values(remove_at=leaves))


def _record(name: EventName, key: StoredSigningKey, actor: Actor, now: datetime, *, urgent: bool = False) -> None:
    record(
        name,
        actor=actor,
        now=now,
        organization_id=None,
        target=key.kid,
        after={"alg": key.alg, "active_from": key.active_from},
        details={"urgent": True} if urgent else None,
    )
