"""The provider's signing keys: made at first start, rotated without a gap, held in memory."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.audit import Actor
from app.cipher import Cipher
from app.crypto.jwk import ALGORITHMS, Algorithm, PrivateKey, load_private_jwk
from app.crypto.life_cycle import PUBLISH_AHEAD, REFRESH, KeyTimes, State, find_current, is_published, state_of
from app.crypto.models import StoredSigningKey
from app.crypto.rotation import add_first_key, add_next_key, context_of
from app.database import db
from app.errors import Conflict, Unavailable

_SCHEDULE = Actor("system", "key-schedule")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that may sign now. `key` is private and stays in memory; its JWK carries `kid`, `alg` and `use`."""

    kid: str
    alg: Algorithm
    key: PrivateKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class ListedKey:
    """One key as operators see it."""

    kid: str
    alg: Algorithm
    state: State
    created_at: datetime
    active_from: datetime
    retired_at: datetime | None
    remove_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Copy:
    loaded_at: datetime
    times: tuple[KeyTimes, ...]
    public: dict[str, dict[str, Any]]
    sealed: dict[str, str] = field(repr=False)


class SigningKeys:
    """All signing keys, from a copy in memory that is at most 60 s old. Safe to use from several threads."""

    def __init__(self, cipher: Cipher) -> None:
        self._cipher = cipher
        self._lock = threading.Lock()
        self._copy: _Copy | None = None
        self._opened: dict[str, PrivateKey] = {}

    def ensure(self, now: datetime) -> None:
        """Make the first key of each algorithm that has none, however many processes start at once."""
        for alg in ALGORITHMS:
            if find_current(self._load(now, fresh=True).times, alg, now) is None:
                add_first_key(self._cipher, alg, now)
        self._forget()

    def current(self, alg: Algorithm, now: datetime) -> SigningKey:
        """Return the key that signs at `now`. Raises Unavailable when there is none: `ensure` was never called."""
        copy = self._load(now)
        times = find_current(copy.times, alg, now)
        if times is None:
            raise Unavailable(f"there is no signing key for {alg}")
        return SigningKey(times.kid, alg, self._open(times.kid, copy))

    def public_jwks(self, now: datetime) -> dict[str, list[dict[str, Any]]]:
        """Return every published key as a JWK set (RFC 7517 5), the current ones first; no private member in it."""
        copy = self._load(now)
        order = ("current", "previous", "next")
        published = [key for key in copy.times if is_published(key, now)]
        published.sort(key=lambda key: order.index(state_of(key, copy.times, now)))
        return {"keys": [dict(copy.public[key.kid]) for key in published]}

    def rotate(self, alg: Algorithm, now: datetime, actor: Actor, *, urgent: bool = False) -> ListedKey:
        """Publish the next key: it takes over by itself after 24 hours, and the current one stays published after that.

        Args:
            urgent: the current key may have leaked: the next takes over in two minutes, and the current one leaves the
                JWKS at that moment, so that what it signed is worth nothing from then on.
        Raises:
            Conflict: a next key is waiting already (unless urgent), or another process is rotating.
        """
        kid = add_next_key(self._cipher, alg, now, actor, urgent=urgent)
        self._forget()
        return next(key for key in self.list(now) if key.kid == kid)

    def rotate_due(self, now: datetime, *, every: timedelta) -> int:
        """Publish the next key of each algorithm whose newest will soon have signed for `every`; returns how many.

        The next key takes over just when that time is over. Safe to call from several processes at once.
        """
        published = 0
        for alg in ALGORITHMS:
            known = [key for key in self._load(now, fresh=True).times if key.alg == alg]
            newest = max(known, key=_generation, default=None)
            if newest is not None and newest.active_from + every - PUBLISH_AHEAD <= now:
                with suppress(Conflict):  # another process was faster
                    self.rotate(alg, now, _SCHEDULE)
                    published += 1
        return published

    def list(self, now: datetime) -> tuple[ListedKey, ...]:
        """Return every key that is stored, by algorithm and age."""
        times = self._load(now, fresh=True).times
        return tuple(
            ListedKey(k.kid, k.alg, state_of(k, times, now), k.created_at, k.active_from, k.retired_at, k.remove_at)
            for k in times
        )

    def _load(self, now: datetime, *, fresh: bool = False) -> _Copy:
        copy = self._copy
        if copy is None or fresh or abs(now - copy.loaded_at) > REFRESH:  # abs: the clock may have been set back
            copy = self._copy = _read(now)
        return copy

    def _open(self, kid: str, copy: _Copy) -> PrivateKey:
        with self._lock:
            if kid not in self._opened:
                self._opened[kid] = load_private_jwk(self._cipher.decrypt(copy.sealed[kid], context=context_of(kid)))
            return self._opened[kid]

    def _forget(self) -> None:
        self._copy = None


def _generation(key: KeyTimes) -> int:
    return key.generation


def _read(now: datetime) -> _Copy:
    table = StoredSigningKey.__table__.c
    rows = db.session().execute(select(StoredSigningKey.__table__).order_by(table.alg, table.generation)).all()
    return _Copy(
        loaded_at=now,
        times=tuple(
            KeyTimes(r.kid, r.alg, r.generation, r.created_at, r.active_from, r.retired_at, r.remove_at) for r in rows
        ),
        public={r.kid: r.public_jwk for r in rows},
        sealed={r.kid: r.private_jwk for r in rows},
    )
