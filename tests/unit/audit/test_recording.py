"""Recording, reading, exporting and erasing audit events (item 10)."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.audit import (
    Actor,
    EventFilter,
    EventName,
    erase_personal,
    export,
    get_event,
    list_events,
    record,
    seal,
)
from app.audit.models import personal
from app.database import db, transaction
from app.errors import Invalid, NotFound
from tests.support.clock import SettableClock

pytestmark = pytest.mark.usefixtures("app_context")
CLI = Actor("cli", "cli-1", "root@host")


def note(now: datetime, **changed: Any) -> str:
    values: dict[str, Any] = {"actor": CLI, "now": now, "organization_id": "org-a", "target": "con-a"} | changed
    with transaction():
        return record(values.pop("name", EventName.CONNECTION_CHANGED), **values)


def test_an_event_tells_who_what_before_and_after_with_secrets_masked(now: datetime) -> None:
    event_id = note(
        now,
        before={"name": "Old", "client_secret": "s3cret"},
        after={"name": "New", "client_secret": "other"},
        details={"version": 2},
        personal={"ip": "192.0.2.1"},
    )
    assert get_event(event_id).as_dict() == {
        "id": event_id,
        "occurred_at": "2026-03-02T09:00:00.000000Z",
        "name": "connection.changed",
        "organization_id": "org-a",
        "actor": {"kind": "cli", "id": "cli-1", "label": "root@host"},
        "target": "con-a",
        "before": {"name": "Old", "client_secret": "***"},
        "after": {"name": "New", "client_secret": "***"},
        "details": {"version": 2},
        "personal": {"ip": "192.0.2.1"},
        "erased": False,
        "seal": None,
    }


def test_an_event_outside_of_a_transaction_is_refused(now: datetime) -> None:
    """It would be kept although the change failed, or lost although it succeeded."""
    with pytest.raises(RuntimeError, match="transaction"):
        record(EventName.CLIENT_CREATED, actor=CLI, now=now, organization_id=None, target="cli-x")


def test_what_tells_about_people_lies_in_the_table_that_can_be_erased(now: datetime) -> None:
    event_id = note(now, actor=Actor("operator", "opr-1", "ann@example.com"), personal={"ip": "192.0.2.1"})
    erase_personal(event_id, actor=CLI, now=now)
    event = get_event(event_id)
    assert (event.personal, event.erased) == ({}, True)
    assert "ann@example.com" not in json.dumps(event.as_dict())
    assert event.actor_id == "opr-1"


def test_erasing_removes_the_key_of_the_hash_too(now: datetime) -> None:
    """Otherwise whoever guesses an address could test the guess against the hash that remains."""
    event_id = note(now)
    assert db.session().query(personal).count() == 1
    erase_personal(event_id, actor=Actor("cli", "cli-2"), now=now)
    assert db.session().query(personal).count() == 0


def test_erasing_is_an_event_of_its_own_in_the_chain_of_the_organization(now: datetime) -> None:
    event_id = note(now)
    erase_personal(event_id, actor=CLI, now=now)
    (erased,) = list_events(EventFilter(name=EventName.AUDIT_ERASED)).items
    assert (erased.target, erased.organization_id) == (event_id, "org-a")


def test_erasing_what_is_not_there_is_an_error(now: datetime) -> None:
    event_id = note(now)
    erase_personal(event_id, actor=CLI, now=now)
    for unknown in (event_id, "evt-unknown"):
        with pytest.raises(NotFound):
            erase_personal(unknown, actor=CLI, now=now)


def test_the_same_fields_give_different_hashes(now: datetime) -> None:
    """The key is new for each event: nobody sees that two events tell about the same person."""
    note(now)
    note(now)
    hashes = db.session().scalars(db.select(db.metadata.tables["audit_events"].c.personal_hash)).all()
    assert len(set(hashes)) == 2


def test_events_are_filtered_by_each_field(clock: SettableClock) -> None:
    start = clock()
    wanted = note(
        clock.advance(10),
        name=EventName.CLIENT_CREATED,
        organization_id="org-b",
        target="cli-b",
        actor=Actor("cli", "me"),
    )
    note(clock.advance(10))
    for which in (
        EventFilter(organization_id="org-b"),
        EventFilter(name=EventName.CLIENT_CREATED),
        EventFilter(target="cli-b"),
        EventFilter(actor_id="me"),
        EventFilter(until=start + timedelta(seconds=20)),
        EventFilter(since=start + timedelta(seconds=10), until=start + timedelta(seconds=11)),
        EventFilter(organization_id="org-b", target="cli-b"),
    ):
        assert [event.id for event in list_events(which).items] == [wanted], which
    assert list_events(EventFilter(organization_id="org-b", target="con-a")).items == ()


def test_pages_go_from_the_newest_to_the_oldest_without_gap_or_repeat(clock: SettableClock) -> None:
    ids = [note(clock.advance(1)) for _ in range(7)]
    seen: list[str] = []
    after = None
    while True:
        page = list_events(EventFilter(), limit=3, after=after)
        seen += [event.id for event in page.items]
        if page.next is None:
            break
        after = page.next
        note(clock.advance(1))  # newer events do not disturb the pages that follow
    assert seen == ids[::-1]


@pytest.mark.parametrize(("limit", "after"), [(0, None), (501, None), (-1, None), (10, "evt-none"), (10, "' OR 1=1--")])
def test_a_limit_out_of_range_or_an_unknown_cursor_is_invalid(limit: int, after: str | None) -> None:
    with pytest.raises(Invalid):
        list_events(EventFilter(), limit=limit, after=after)


def test_an_unknown_event_is_not_found() -> None:
    with pytest.raises(NotFound):
        get_event("evt-none")


def test_m9_a_line_break_in_any_field_neither_ends_a_line_of_the_export_nor_forges_one(now: datetime) -> None:
    hostile = 'x\n{"name":"forged"}\r\n\u2028\u2029\x85\x00\x1b[2J\ud800'
    note(
        now,
        actor=Actor("person", hostile, hostile),
        target=hostile,
        before={hostile: hostile},
        details={"reason": hostile},
        personal={"agent": hostile},
    )
    note(now)
    seal(now)
    lines = list(export(EventFilter()))
    assert len(lines) == 2
    assert all(line.isascii() and line.isprintable() for line in lines)
    assert [json.loads(line)["name"] for line in lines] == ["connection.changed"] * 2
    assert json.loads(lines[0])["details"]["reason"] == hostile


def test_the_export_is_ordered_and_carries_each_seal(clock: SettableClock) -> None:
    ids = [note(clock.advance(1)) for _ in range(3)]
    seal(clock())
    exported = [json.loads(line) for line in export(EventFilter())]
    assert [event["id"] for event in exported] == ids
    assert [event["seal"]["seq"] for event in exported] == [1, 2, 3]


def test_the_export_takes_the_filters_of_the_list(now: datetime) -> None:
    wanted = note(now, organization_id="org-b")
    note(now)
    assert [json.loads(line)["id"] for line in export(EventFilter(organization_id="org-b"))] == [wanted]


def test_every_event_of_the_vocabulary_has_a_name_of_its_form_and_a_sentence() -> None:
    for name in EventName:
        subject, _, what = name.value.partition(".")
        assert subject.replace("_", "").isalnum()
        assert what.replace("_", "").isalpha()
        assert name.value == name.value.lower()
        assert name.description.endswith(".")
    assert len({name.description for name in EventName}) == len(EventName)
