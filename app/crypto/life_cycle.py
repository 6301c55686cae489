"""When a signing key is next, current, previous or gone: decided by the times stored with it, never by a flag.

So every process decides alike without being told, and a key that starts to sign was published long before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.crypto.jwk import Algorithm

#: How old a process's copy of the keys may be.
REFRESH = timedelta(seconds=60)
#: How long a key is published before it signs: longer than clients cache a JWKS.
PUBLISH_AHEAD = timedelta(hours=24)
#: The same when a key may have leaked: as soon as no process can be unaware of the new key.
PUBLISH_AHEAD_URGENT = 2 * REFRESH
#: How long a retired key stays published: its tokens have ended by then, and clients' copies of the JWKS too.
KEEP = timedelta(days=7)

State = Literal["next", "current", "previous", "removed"]


@dataclass(frozen=True, slots=True)
class KeyTimes:
    """One key's life: published from `created_at`, signs from `active_from` to `retired_at`, gone at `remove_at`."""

    kid: str
    alg: Algorithm
    generation: int
    created_at: datetime
    active_from: datetime
    retired_at: datetime | None
    remove_at: datetime | None


def is_published(key: KeyTimes, now: datetime) -> bool:
    """Whether the JWKS shows the key."""
    return key.remove_at is None or now < key.remove_at


def find_current(keys: Sequence[KeyTimes], alg: Algorithm, now: datetime) -> KeyTimes | None:
    """Return the key that signs with `alg` at `now`.

    The newest that is active; when none is (the clock was set back to before the first), the oldest that is published.
    """
    published = sorted((k for k in keys if k.alg == alg and is_published(k, now)), key=lambda k: k.generation)
    active = [k for k in published if k.active_from <= now]
    if active:
        return active[-1]
    return published[0] if published else None


def state_of(key: KeyTimes, keys: Sequence[KeyTimes], now: datetime) -> State:
    """Return what `key` is at `now` among all `keys`."""
    if not is_published(key, now):
        return "removed"
    current = find_current(keys, key.alg, now)
    if current is None or key.generation == current.generation:
        return "current"
    return "next" if key.generation > current.generation else "previous"
