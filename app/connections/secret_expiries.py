"""Until when a provider honours a secret that it gave out. The provider does not tell: a person reads it there."""

from __future__ import annotations

from datetime import date, datetime

from app.audit import Actor, EventName
from app.connections.changing import spec_of
from app.connections.models import Connection
from app.connections.storing import lock_row, record_change
from app.connections.surroundings import Surroundings
from app.database import transaction
from app.errors import Invalid, Problem


def set_secret_expiry(
    around: Surroundings, connection_id: str, name: str, last_day: date | None, *, actor: Actor, now: datetime
) -> Connection:
    """Note the last day of a secret, or with None that it is not known. Raises NotFound, Invalid."""
    with transaction():
        row = lock_row(connection_id)
        if name not in {field.name for field in spec_of(around, row).settings if field.secret}:
            raise Invalid(Problem(f"secret_expiries.{name[:60]}", "unknown-field", "There is no such secret."))
        before = dict(row.secret_expiries)
        others = {key: day for key, day in before.items() if key != name}
        row.secret_expiries = others if last_day is None else {**others, name: last_day.isoformat()}
        if row.secret_expiries != before:
            row.updated_at = now
            changed = {"expires": name, "last_day": None if last_day is None else last_day.isoformat()}
            record_change(EventName.CONNECTION_CHANGED, row, actor=actor, now=now, details=changed)
    return row
