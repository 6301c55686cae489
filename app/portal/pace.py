"""How often one link may have a document made, which costs this process time: then the answer is to wait.

In memory, for each process, as it is the process that is to be spared. By link and not by visit: whoever holds a link can
begin as many visits as he likes.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

from app.errors import TooManyRequests

WINDOW = timedelta(minutes=1)
MOST = 5  # documents in that time
REMEMBERED = 10_000  # links


class TooManyDocuments(TooManyRequests):
    """The link had enough documents made in this minute. `headers` say when the next one is made."""

    code = "too-many-documents"

    def __init__(self, link_id: str, wait: timedelta) -> None:
        super().__init__(f"{link_id} had {MOST} documents made", hint="Wait a minute.")
        self.headers = {"Retry-After": str(max(1, math.ceil(wait.total_seconds())))}


class Pace:
    """The memory of one process; safe to use from several threads."""

    def __init__(self) -> None:
        self._made: OrderedDict[str, tuple[datetime, int]] = OrderedDict()  # since when, how many
        self._lock = Lock()

    def note(self, link_id: str, now: datetime) -> None:
        """Count a document before it is made. Raises TooManyDocuments."""
        with self._lock:
            since, count = self._made.get(link_id, (now, 0))
            if not now - WINDOW < since <= now:  # a clock that was set back forgets
                since, count = now, 0
            if count >= MOST:
                raise TooManyDocuments(link_id, since + WINDOW - now)
            self._made[link_id] = since, count + 1
            self._made.move_to_end(link_id)
            while len(self._made) > REMEMBERED:
                self._made.popitem(last=False)
