"""Sign-ins that fail before they were begun here: where their reason is kept.

One that names a known connection is traced and audited. One that does not is traced only, and only so many a minute:
anybody can send such a request, and must not fill the database with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

import structlog

from app.audit import Actor, EventName, record
from app.database import transaction
from app.errors import SignInFailed
from app.signin.trace import Trace, add_trace

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Allowance:
    """At most `per_minute` of something in this process, counted in fixed minutes."""

    per_minute: int = 60
    _minute: datetime | None = None
    _used: int = 0
    _lock: Lock = field(default_factory=Lock)

    def take(self, now: datetime) -> bool:
        """Return whether one more may happen now."""
        with self._lock:
            if self._minute is None or not self._minute <= now < self._minute + timedelta(minutes=1):
                self._minute, self._used = now, 0
            self._used += 1
            return self._used <= self.per_minute


def store_refusal(
    trace: Trace,
    error: SignInFailed,
    allowance: Allowance,
    *,
    now: datetime,
    purpose: str,
    client_id: str | None = None,
    organization_id: str | None = None,
    connection_id: str | None = None,
    event: EventName = EventName.SIGN_IN_DENIED,
) -> None:
    """Keep why a sign-in ended before it was under way. The log has it in any case."""
    trace.add("denied", ok=False, code=error.code, detail=error.detail, hint=error.hint)
    log.info("sign_in_refused", reference=trace.id, code=error.code, connection=connection_id, client=client_id)
    if organization_id is None and not allowance.take(now):
        return
    with transaction():
        add_trace(
            trace,
            now=now,
            purpose=purpose,
            client_id=client_id,
            organization_id=organization_id,
            connection_id=connection_id,
            code=error.code,
        )
        if organization_id is not None:
            record(
                event,
                actor=Actor("person", ""),
                now=now,
                organization_id=organization_id,
                target=connection_id or "",
                details={"code": error.code, "trace_id": trace.id, "client_id": client_id or ""},
            )
