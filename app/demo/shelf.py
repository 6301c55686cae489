"""What a demo process remembers between requests: bounded, each for its time, gone when the process ends."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

T = TypeVar("T")
_LIMIT = 5_000


class Shelf(Generic[T]):
    """Values under unguessable names."""

    def __init__(self, ttl_s: float, now: Callable[[], datetime], random: Callable[[int], bytes]) -> None:
        self._ttl, self._now, self._random = timedelta(seconds=ttl_s), now, random
        self._values: OrderedDict[str, tuple[datetime, T]] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, value: T) -> str:
        """Store the value and return its new name; the oldest value goes when there are too many."""
        name = self._random(24).hex()
        with self._lock:
            self._values[name] = (self._now() + self._ttl, value)
            if len(self._values) > _LIMIT:
                self._values.popitem(last=False)
        return name

    def find(self, name: str | None) -> T | None:
        """Return the value, which stays; None when there is none any more."""
        with self._lock:
            kept = self._values.get(name or "")
        return kept[1] if kept and self._now() < kept[0] else None

    def consume(self, name: str | None) -> T | None:
        """Return the value once."""
        with self._lock:
            kept = self._values.pop(name or "", None)
        return kept[1] if kept and self._now() < kept[0] else None
