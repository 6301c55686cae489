"""What happened to a connection as the log of changes knows it: who was written to, and whether there is a way back."""

from __future__ import annotations

from collections.abc import Sequence

from app.audit import EventFilter, EventName, StoredEvent, list_events
from app.organizations import Contact


def list_notified(organization_id: str, connection_id: str, contacts: Sequence[Contact]) -> list[Contact]:
    """Return those of the contacts who got a mail when the connection, or its last change, was put in place.

    Nobody is written to about claims alone, which are no change of trust, and nobody who became a contact later.
    """
    names = (EventName.CONNECTION_ACTIVATED, EventName.CONNECTION_DRAFT_ACTIVATED)
    found = [event for name in names if (event := _last(organization_id, connection_id, name))]
    last = max(found, key=lambda event: event.occurred_at, default=None)
    if last is None:
        return []
    changed = (last.details or {}).get("changed")
    if last.name == EventName.CONNECTION_DRAFT_ACTIVATED and not set(changed or ()) - {"claim_rules"}:
        return []
    return [contact for contact in contacts if contact.created_at <= last.occurred_at]


def can_go_back(organization_id: str, connection_id: str, version: int) -> bool:
    """Whether people signed in through the version before the present one.

    What was typed on the way to the first activation is no way back: nobody tested it, and it may lack half of it all.
    """
    activated = _last(organization_id, connection_id, EventName.CONNECTION_ACTIVATED)
    began = (activated.details or {}).get("version") if activated else None
    return isinstance(began, int) and version > began


def _last(organization_id: str, connection_id: str, name: EventName) -> StoredEvent | None:
    return next(iter(list_events(EventFilter(organization_id, name, connection_id), limit=1).items), None)
