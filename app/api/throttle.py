"""How often anybody may bring a wrong key from one address, before the answer is to wait.

In memory, for each process. A right key is never kept out, whoever guesses behind the same proxy or address translation:
with 256 random bits a key is not found by trying. This is about noise, and refusing a program that works would be worse.
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
REMEMBERED = 10_000  # addresses


class TooManyWrongKeys(TooManyRequests):
    """Too many wrong keys came from this address, and this is another one."""

    code = "too-many-wrong-keys"
    public = "Too many wrong keys came from this address. Try again in a minute."
    headers: ClassVar[dict[str, str]] = {"Retry-After": str(int(WINDOW.total_seconds()))}


class WrongKeys:
    """The memory of one process; safe to use from several threads. No address is in it, only hashes."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, tuple[datetime, int]] = OrderedDict()  # since when, how many
        self._lock = Lock()

    def note(self, address: str, now: datetime) -> None:
        """Count a wrong key. Raises TooManyWrongKeys when there were enough in this minute."""
        name = _name(address)
        with self._lock:
            since, count = self._wrong.get(name, (now, 0))
            if not _within(since, now, WINDOW):
                since, count = now, 0
            self._wrong[name] = since, count + 1
            self._wrong.move_to_end(name)
            while len(self._wrong) > REMEMBERED:
                self._wrong.popitem(last=False)
        if count >= MOST:
            raise TooManyWrongKeys(f"{count} wrong keys in a minute")


def _within(then: datetime, now: datetime, window: timedelta) -> bool:
    return now - window < then <= now  # a clock that was set back forgets


def _name(address: str) -> str:
    """Whoever has an IPv6 address has 2^64 of them."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return hash_token(address)
    if found.version == 6 and found.ipv4_mapped is None:
        return hash_token(str(ipaddress.ip_network((found, 64), strict=False)))
    return hash_token(str(getattr(found, "ipv4_mapped", None) or found))
