"""Erasing what events tell about people, while the events and their chains remain."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from app.audit.events import EventName
from app.audit.models import events, personal
from app.audit.recording import Actor, record
from app.database import transaction
from app.errors import NotFound


def erase_personal(event_id: str, *, actor: Actor, now: datetime) -> None:
    """Erase an event's personal fields together with the key of their hash, and record that it was done.

    What remains of them is a keyed hash whose key is gone: nobody can test a guess against it, and `verify` still holds.

    Raises:
        NotFound: no such event, or nothing to erase in it.
    """
    with transaction() as session:
        event = session.execute(
            select(events.c.number, events.c.organization_id)
            .join(personal, personal.c.event_number == events.c.number)
            .where(events.c.id == event_id)
        ).one_or_none()
        if event is None:
            raise NotFound(f"no audit event {event_id} with personal fields")
        session.execute(delete(personal).where(personal.c.event_number == event.number))
        record(
            EventName.AUDIT_ERASED,
            actor=actor,
            now=now,
            organization_id=event.organization_id,
            target=event_id,
        )
