"""Who was written to when a connection, or a change of it, was put in place: what the last page may say of it."""

from __future__ import annotations

from collections.abc import Sequence

from app.audit import EventFilter, EventName, list_events
from app.organizations import Contact

_PUT_IN_PLACE = (EventName.CONNECTION_ACTIVATED, EventName.CONNECTION_DRAFT_ACTIVATED)


def list_notified(organization_id: str, connection_id: str, contacts: Sequence[Contact]) -> list[Contact]:
    """Return those of the contacts who got a mail about it.

    Nobody is written to about claims alone, which are no change of trust, and nobody who became a contact later.
    """
    found = [
        event
        for name in _PUT_IN_PLACE
        for event in list_events(EventFilter(organization_id, name, connection_id), limit=1, after=None).items
    ]
    last = max(found, key=lambda event: event.occurred_at, default=None)
    if last is None:
        return []
    changed = (last.details or {}).get("changed")
    if last.name == EventName.CONNECTION_DRAFT_ACTIVATED and not set(changed or ()) - {"claim_rules"}:
        return []
    return [contact for contact in contacts if contact.created_at <= last.occurred_at]
