"""Rate limits: a bucket that refills steadily, and the headers that say how much is left."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Limit:
    """So many calls in a second, and so many at once after a pause."""

    per_second: float
    burst: int


#: What tests meet unless they ask for less.
GENEROUS = Limit(1_000, 1_000)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a call may go on, and the headers of its answer."""

    allowed: bool
    headers: Mapping[str, str]


class Bucket:
    """The calls of one limit."""

    def __init__(self, limit: Limit, now: Callable[[], datetime]) -> None:
        self._limit, self._now = limit, now
        self._left = float(limit.burst)
        self._at = now().timestamp()
        self._lock = threading.Lock()

    def take(self) -> Verdict:
        """Count a call. `x-ratelimit-reset` is the Unix second at which the next call may go on."""
        limit = self._limit
        with self._lock:
            now = self._now().timestamp()
            self._left = min(float(limit.burst), self._left + max(now - self._at, 0.0) * limit.per_second)
            self._at = now
            allowed = self._left >= 1
            self._left -= 1 if allowed else 0
            wait = max(1 - self._left, 0.0) / limit.per_second
        headers = {
            "x-ratelimit-limit": str(limit.burst),
            "x-ratelimit-remaining": str(int(self._left)),
            "x-ratelimit-reset": str(math.ceil(now + wait)),
        }
        return Verdict(allowed, headers if allowed else headers | {"retry-after": str(math.ceil(wait))})
