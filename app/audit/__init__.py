"""The audit log: append-only, hash-chained, with a closed vocabulary of events."""

from app.audit.erasing import erase_personal
from app.audit.events import EventName
from app.audit.reading import EventFilter, EventPage, StoredEvent, export, get_event, list_events
from app.audit.recording import Actor, ActorKind, record
from app.audit.sealing import seal, seal_everything
from app.audit.verifying import Finding, Head, Report, verify

__all__ = [
    "Actor",
    "ActorKind",
    "EventFilter",
    "EventName",
    "EventPage",
    "Finding",
    "Head",
    "Report",
    "StoredEvent",
    "erase_personal",
    "export",
    "get_event",
    "list_events",
    "record",
    "seal",
    "seal_everything",
    "verify",
]
