"""What the process remembers between requests: bounded, and gone when it ends."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

T = TypeVar("T")


class Shelf(Generic[T]):
    """Values under unguessable names, each until its time is over. Safe to use from several threads."""

    def __init__(
        self, ttl: timedelta, now: Callable[[], datetime], random: Callable[[int], bytes], *, limit: int = 10_000
    ) -> None:
        self._ttl, self._now, self._random, self._limit = ttl, now, random, limit
        self._values: OrderedDict[str, tuple[datetime, T]] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, value: T) -> str:
        """Store the value and return its name; the oldest value goes when there are too many."""
        name = self._random(24).hex()
        with self._lock:
            self._values[name] = (self._now() + self._ttl, value)
            while len(self._values) > self._limit:
                self._values.popitem(last=False)
        return name

    def find(self, name: str | None) -> T | None:
        """Return the value, which stays; None when it is unknown or its time is over."""
        with self._lock:
            found = self._values.get(name or "")
        return found[1] if found and found[0] > self._now() else None

    def consume(self, name: str | None) -> T | None:
        """Return the value and forget it, so that nobody gets it twice."""
        with self._lock:
            found = self._values.pop(name or "", None)
        return found[1] if found and found[0] > self._now() else None
