"""The tenant's log: what an Auth0 administrator would look at when a login fails."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

LogType = Literal["s", "f", "slo", "federated_logout_failed"]

TITLES: Mapping[LogType, str] = {
    "s": "Success Login",
    "f": "Failed Login",
    "slo": "Success Logout",
    "federated_logout_failed": "Failed to log out upstream",
}


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry. `details` has no secrets, codes or tokens in it."""

    type: LogType
    date: datetime
    description: str
    user_id: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The name that Auth0 gives the type."""
        return TITLES[self.type]


class TenantLog:
    """The last two hundred entries, newest first."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._entries: deque[LogEntry] = deque(maxlen=200)
        self._lock = threading.Lock()

    def add(self, type_: LogType, description: str, *, user_id: str = "", **details: Any) -> None:
        """Note what happened, now."""
        with self._lock:
            self._entries.appendleft(LogEntry(type_, self._now(), description, user_id, details))

    def entries(self) -> tuple[LogEntry, ...]:
        """Return the entries, newest first."""
        with self._lock:
            return tuple(self._entries)
