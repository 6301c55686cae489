"""How long calls to a tenant may be put off: its rate limit is respected, and nobody waits for ever."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Patience:
    """How much time one piece of work has.

    Args:
        budget_s: what may be waited for rate limits in all.
        at_most_s: after which no further call begins; None: as long as it takes.
        tell: hears of each wait, in seconds.
    """

    budget_s: float = 300.0
    at_most_s: float | None = None
    tell: Callable[[float], None] = lambda _seconds: None


@dataclass(slots=True)
class Pace:
    """The waiting of one piece of work, all its calls together.

    Args:
        clock: the time, aware UTC.
        sleep: seconds.
        budget_s: what may be waited in all.
        until: when no further call begins; None: as long as it takes.
        tell: hears of each wait, in seconds.
    """

    clock: Callable[[], datetime]
    sleep: Callable[[float], None] = time.sleep
    budget_s: float = 300.0
    tell: Callable[[float], None] = lambda _seconds: None
    until: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether there is no time for another call."""
        return self.until is not None and self.clock() >= self.until

    def wait_until(self, reset: float | None, *, at_least_s: float) -> bool:
        """Wait until the Unix time `reset`, `at_least_s` where it is unknown; False where the budget does not allow it."""
        ahead = 0.0 if reset is None else reset - self.clock().timestamp()
        seconds = max(ahead, at_least_s)
        late = self.until is not None and self.clock() + timedelta(seconds=seconds) >= self.until
        if seconds > self.budget_s or late:
            return False
        self.budget_s -= seconds
        self.tell(seconds)
        self.sleep(seconds)
        return True
