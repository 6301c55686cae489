"""The audit log, for reading."""

from __future__ import annotations

from typing import Any

from app.audit import EventFilter, EventName, StoredEvent, get_event, list_events
from app.management.operation import Call, Operation
from app.management.shapes import Page, Paging, Shape, Time, Word

READ = "audit:read"


class AuditQuery(Paging):
    organization_id: Word | None = None
    name: EventName | None = None
    target: Word | None = None
    """Id of what was changed or used."""
    actor_id: Word | None = None
    since: Time | None = None
    until: Time | None = None
    """Up to, not including."""


class ActorOut(Shape):
    kind: str
    id: str
    label: str | None
    """How people know them; null once erased."""


class SealOut(Shape):
    chain: str
    seq: int
    hash: str


class AuditEventOut(Shape):
    id: str
    occurred_at: Time
    name: str
    organization_id: str | None
    actor: ActorOut
    target: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    details: dict[str, Any] | None
    personal: dict[str, str]
    erased: bool
    """Whether personal fields were erased."""
    seal: SealOut | None
    """Its link in the chain; null for the first seconds."""


def _show(event: StoredEvent) -> AuditEventOut:
    return AuditEventOut.model_validate(event.as_dict())


def list_all(call: Call[AuditQuery]) -> Page[AuditEventOut]:
    said = call.takes
    which = EventFilter(said.organization_id, said.name, said.target, said.actor_id, said.since, said.until)
    page = list_events(which, limit=said.limit, after=said.after)
    return Page(items=[_show(event) for event in page.items], next=page.next)


def get(call: Call[Shape], event_id: str) -> AuditEventOut:
    return _show(get_event(event_id))


OPERATIONS = (
    Operation(("audit-event", "list"), "GET", "/audit-events", READ, "List what happened, newest first", list_all,
              AuditQuery, Page[AuditEventOut], example="--name connection.activated"),
    Operation(("audit-event", "get"), "GET", "/audit-events/{event_id}", READ, "Show one event", get,
              gives=AuditEventOut),
)  # fmt: skip
