"""The tenant's log: what an Auth0 administrator would look at when a login fails, and what proves that nothing was made."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.demo.standin.tenant.ids import spell_time

TITLES: Mapping[str, str] = {
    "s": "Success Login",
    "f": "Failed Login",
    "slo": "Success Logout",
    "federated_logout_failed": "Failed to logout of the upstream Identity Provider",
    "sapi": "Success API Operation",
    "mgmt_api_read": "Management API read Operation",
    "api_limit": "Rate Limit on the Authentication or Management APIs",
    "organization_member_added": "Organization Member Added",
    "universal_logout_succeeded": "Successful universal logout",
    "universal_logout_failed": "Failed universal logout",
}

_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry. `fields` are those of the API beside the three that all have; there are no codes and tokens in it."""

    log_id: str
    type: str
    date: datetime
    description: str
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The name that Auth0 gives the type."""
        return TITLES[self.type]

    @property
    def failed(self) -> bool:
        """Whether it is about something that did not work."""
        return self.type in ("f", "federated_logout_failed", "universal_logout_failed", "api_limit")

    @property
    def user_id(self) -> str:
        """Whom it is about; empty where it is about nobody."""
        return str(self.fields.get("user_id", ""))

    @property
    def details(self) -> Mapping[str, Any]:
        """What else is known."""
        return dict(self.fields.get("details", {}))

    def as_json(self) -> dict[str, Any]:
        """Return it as `GET /api/v2/logs` does."""
        head = {"_id": self.log_id, "log_id": self.log_id, "date": spell_time(self.date), "type": self.type}
        return head | {"description": self.description} | dict(self.fields)


class TenantLog:
    """The last entries, newest first."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._entries: deque[LogEntry] = deque(maxlen=_LIMIT)
        self._count = 0
        self._lock = threading.Lock()

    def add(self, type_: str, description: str, **fields: Any) -> None:
        """Note what happened, now. Raises KeyError for a type that no tenant has."""
        if type_ not in TITLES:
            raise KeyError(type_)
        with self._lock:
            self._count += 1
            date = self._now()
            log_id = f"900{date:%Y%m%d%H%M%S}{self._count:026d}"
            kept = {name: value for name, value in fields.items() if value not in (None, "", {})}
            self._entries.appendleft(LogEntry(log_id, type_, date, description, kept))

    def entries(self) -> tuple[LogEntry, ...]:
        """Return the entries, newest first."""
        with self._lock:
            return tuple(self._entries)

    def clear(self) -> None:
        """Forget everything; ids go on counting."""
        with self._lock:
            self._entries.clear()
