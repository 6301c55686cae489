"""How often anybody may bring a wrong key from one address, before nobody looks at what comes from there.

In memory, for each process: a key has 256 random bits, so that this is about the work that guessing makes, not about luck.
A key that was right a moment ago is looked at all the same: whoever guesses behind the same proxy or address translation as
a customer's program does not shut that program out.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock
from typing import ClassVar

from app.cipher import hash_token
from app.errors import TooManyRequests

WINDOW = timedelta(minutes=1)
MOST = 20  # wrong keys from an address in that time
REMEMBERED = 10_000  # addresses, and keys that were right
KEY_GOOD_FOR = timedelta(hours=24)


class TooManyWrongKeys(TooManyRequests):
    """Too many wrong keys came from this address; this one was not looked at."""

    code = "too-many-wrong-keys"
    public = "Too many wrong keys came from this address. Try again in a minute."
    headers: ClassVar[dict[str, str]] = {"Retry-After": str(int(WINDOW.total_seconds()))}


class WrongKeys:
    """The memory of one process; safe to use from several threads. Neither keys nor addresses are in it, only hashes."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, tuple[datetime, int]] = OrderedDict()  # since when, how many
        self._right: OrderedDict[str, datetime] = OrderedDict()
        self._lock = Lock()

    def check(self, address: str, key: str, now: datetime) -> None:
        """Raise TooManyWrongKeys when the key must not be looked at."""
        with self._lock:
            since, count = self._wrong.get(_name(address), (now, 0))
            right_at = self._right.get(hash_token(key))
        if count < MOST or not _within(since, now, WINDOW):
            return
        if right_at is None or not _within(right_at, now, KEY_GOOD_FOR):
            raise TooManyWrongKeys(f"{count} wrong keys in a minute")

    def note_wrong(self, address: str, key: str, now: datetime) -> None:
        """Count it. A key that was right before is none any more."""
        name = _name(address)
        with self._lock:
            since, count = self._wrong.get(name, (now, 0))
            self._wrong[name] = (since, count + 1) if _within(since, now, WINDOW) else (now, 1)
            self._wrong.move_to_end(name)
            self._right.pop(hash_token(key), None)
            _cut(self._wrong)

    def note_right(self, key: str, now: datetime) -> None:
        """Remember that the key was right now."""
        name = hash_token(key)
        with self._lock:
            self._right[name] = now
            self._right.move_to_end(name)
            _cut(self._right)


def _within(then: datetime, now: datetime, window: timedelta) -> bool:
    return now - window < then <= now  # a clock that was set back forgets


def _cut(memory: OrderedDict[str, datetime] | OrderedDict[str, tuple[datetime, int]]) -> None:
    while len(memory) > REMEMBERED:
        memory.popitem(last=False)


def _name(address: str) -> str:
    """Whoever has an IPv6 address has 2^64 of them."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return hash_token(address)
    if found.version == 6 and found.ipv4_mapped is None:
        return hash_token(str(ipaddress.ip_network((found, 64), strict=False)))
    return hash_token(str(getattr(found, "ipv4_mapped", None) or found))
