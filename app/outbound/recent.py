"""What this process read of kept documents a moment ago, so that a login normally asks no database for them."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

from portico_sdk import Document

_FOR = timedelta(seconds=60)
_MAX_BYTES = 32 * 1024 * 1024


class Recent:
    """The documents read in the last minute, the least recently used given up first above 32 MiB."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], tuple[Document, datetime]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def find(self, scope: str, url: str, now: datetime) -> Document | None:
        """Return the copy read less than a minute ago."""
        with self._lock:
            document, read_at = self._kept.get((scope, url), (None, now))
            if document is None or not timedelta(0) <= now - read_at < _FOR:
                return None
            self._kept.move_to_end((scope, url))
            return document

    def keep(self, scope: str, url: str, document: Document, now: datetime) -> None:
        """Remember what was read at `now`."""
        with self._lock:
            self._drop((scope, url))
            self._kept[scope, url] = (document, now)
            self._bytes += len(document.body)
            while self._bytes > _MAX_BYTES:
                self._drop(next(iter(self._kept)))

    def forget(self, scope: str) -> None:
        """Forget every document of `scope`."""
        with self._lock:
            for key in [key for key in self._kept if key[0] == scope]:
                self._drop(key)

    def _drop(self, key: tuple[str, str]) -> None:
        dropped = self._kept.pop(key, None)
        if dropped is not None:
            self._bytes -= len(dropped[0].body)
