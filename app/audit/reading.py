"""Reading the log: pages for people, JSON lines for archives."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from app.audit.events import EventName
from app.audit.hashing import canonical
from app.audit.models import events, personal, seals
from app.database import db
from app.errors import Invalid, NotFound, Problem

MOST = 500


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events: every field that is given must match. `since` is inclusive, `until` is not."""

    organization_id: str | None = None
    name: EventName | None = None
    target: str | None = None
    actor_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One event as it was recorded. `personal` is empty once erased; `seal` is None for the first seconds."""

    id: str
    occurred_at: datetime
    organization_id: str | None
    name: str
    actor_kind: str
    actor_id: str
    target: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    details: Mapping[str, Any] | None
    personal: Mapping[str, str]
    erased: bool
    seal: tuple[str, int, str] | None  # chain, seq, hash

    def as_dict(self) -> dict[str, Any]:
        """Return the shape of the API and of the export."""
        seal = dict(zip(("chain", "seq", "hash"), self.seal, strict=True)) if self.seal else None
        return {
            "id": self.id,
            "occurred_at": self.occurred_at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "name": self.name,
            "organization_id": self.organization_id,
            "actor": {"kind": self.actor_kind, "id": self.actor_id, "label": self.personal.get("actor")},
            "target": self.target,
            "before": self.before,
            "after": self.after,
            "details": self.details,
            "personal": {key: text for key, text in self.personal.items() if key != "actor"},
            "erased": self.erased,
            "seal": seal,
        }


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events, newest first, and the cursor of the next page (None: there is none)."""

    items: tuple[StoredEvent, ...]
    next: str | None


def list_events(which: EventFilter, *, limit: int = 50, after: str | None = None) -> EventPage:
    """Return the newest events that match, after the one that ended the page before.

    Args:
        limit: 1 to 500.
        after: `next` of the page before: an event's id.
    Raises:
        Invalid: a limit out of range, or a cursor that is no event.
    """
    if not 1 <= limit <= MOST:
        raise Invalid(Problem("limit", "out-of-range", f"must be 1 to {MOST}"))
    query = _matching(which).order_by(events.c.number.desc()).limit(limit + 1)
    if after is not None:
        number = db.session().scalar(select(events.c.number).where(events.c.id == after))
        if number is None:
            raise Invalid(Problem("after", "unknown-cursor", "must be the `next` of an earlier page"))
        query = query.where(events.c.number < number)
    found = tuple(_event(row) for row in db.session().execute(query))
    return EventPage(found[:limit], found[limit - 1].id if len(found) > limit else None)


def get_event(event_id: str) -> StoredEvent:
    """Return one event. Raises NotFound."""
    row = db.session().execute(_matching(EventFilter()).where(events.c.id == event_id)).one_or_none()
    if row is None:
        raise NotFound(f"no audit event {event_id}")
    return _event(row)


def export(which: EventFilter) -> Iterator[str]:
    """Yield the events that match, oldest first, one JSON object a line, without its line end.

    The lines are ASCII: whatever somebody put into a value, it neither ends a line nor begins one.
    """
    query = _matching(which).order_by(events.c.number)
    for row in db.session().execute(query, execution_options={"yield_per": 1000}):
        yield canonical(_event(row).as_dict())


def _matching(which: EventFilter) -> Select[Any]:
    query = (
        select(events, personal.c.fields, seals.c.chain, seals.c.seq, seals.c.hash)
        .outerjoin(personal, personal.c.event_number == events.c.number)
        .outerjoin(seals, seals.c.event_number == events.c.number)
    )
    for column in ("organization_id", "name", "target", "actor_id"):
        if (wanted := getattr(which, column)) is not None:
            query = query.where(events.c[column] == str(wanted))
    if which.since is not None:
        query = query.where(events.c.occurred_at >= which.since)
    if which.until is not None:
        query = query.where(events.c.occurred_at < which.until)
    return query


def _event(row: Row[Any]) -> StoredEvent:
    body = json.loads(row.body)
    return StoredEvent(
        id=row.id,
        occurred_at=row.occurred_at,
        organization_id=row.organization_id,
        name=row.name,
        actor_kind=row.actor_kind,
        actor_id=row.actor_id,
        target=row.target,
        before=body.get("before"),
        after=body.get("after"),
        details=body.get("details"),
        personal=json.loads(row.fields) if row.fields else {},
        erased=row.fields is None and row.personal_hash is not None,
        seal=(row.chain, row.seq, row.hash) if row.chain else None,
    )
