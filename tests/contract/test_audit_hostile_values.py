"""No value that a person can send keeps an event, and so the change with it, from being stored on either database."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.audit import Actor, EventName, get_event, list_events, record, seal, verify
from app.audit.reading import EventFilter
from app.database import transaction

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.mark.parametrize("value", ["\x00", "\ud800", "\n", "x" * 100_000, "😀" * 300, "'; DROP TABLE audit_events; --"])
def test_any_text_can_be_recorded_anywhere(value: str, now: datetime) -> None:
    with transaction():
        event_id = record(
            EventName.SIGN_IN_DENIED,
            actor=Actor("person", value, value),
            now=now,
            organization_id="org-a",
            target=value,
            before={value: value},
            personal={"agent": value},
        )
    assert seal(now) == 1
    assert verify().holds
    assert get_event(event_id) == list_events(EventFilter()).items[0]
