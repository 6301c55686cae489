"""Sealing links every committed event once, in order, whoever seals; verify finds what was touched (row M9)."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.audit import Actor, EventName, Head, erase_personal, record, seal, seal_everything, verify
from app.audit.models import AuditEvent, AuditSeal
from app.audit.verifying import FindingKind
from app.database import db, transaction
from tests.support.clock import SettableClock
from tests.support.together import together

pytestmark = pytest.mark.usefixtures("app_context")
CLI = Actor("cli", "test")


def note(now: datetime, organization_id: str | None = "org-a", target: str = "con-a") -> str:
    """One event with personal fields, in a transaction of its own."""
    with transaction():
        return record(
            EventName.SIGN_IN_ALLOWED,
            actor=Actor("person", f"sub-{target}", "ann@example.com"),
            now=now,
            organization_id=organization_id,
            target=target,
            details={"n": 1},
            personal={"ip": "192.0.2.1"},
        )


def links() -> list[tuple[str, int, str]]:
    """Every link as (chain, seq, target of its event)."""
    query = select(AuditSeal.chain, AuditSeal.seq, AuditEvent.target).join(
        AuditEvent, AuditEvent.number == AuditSeal.event_number
    )
    rows = db.session().execute(query.order_by(AuditSeal.chain, AuditSeal.seq))
    return [(row.chain, row.seq, row.target) for row in rows]


def without_triggers(statement: str) -> None:
    """What somebody can do who holds the database itself: neither triggers nor foreign keys stop them."""
    db.session().commit()
    if db.engine.dialect.name == "postgresql":
        with transaction() as session:
            session.execute(text("SET LOCAL session_replication_role = replica"))
            session.execute(text(statement))
        return
    with closing(sqlite3.connect(str(db.engine.url.database))) as raw, raw:  # foreign keys are off unless asked for
        triggers = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute(statement)
        for _, sql in triggers:
            raw.execute(sql)


def test_each_organization_and_the_installation_has_a_chain_in_the_order_of_its_events(now: datetime) -> None:
    for target, organization in (("1", "org-a"), ("2", "org-b"), ("3", "org-a"), ("4", None), ("5", "org-a")):
        note(now, organization, target)
    assert seal(now) == 5
    assert links() == [
        ("installation", 1, "4"), ("org-a", 1, "1"), ("org-a", 2, "3"), ("org-a", 3, "5"), ("org-b", 1, "2"),
    ]  # fmt: skip
    assert verify().holds
    assert [(head.chain, head.seq) for head in verify().heads] == [("installation", 1), ("org-a", 3), ("org-b", 1)]


def test_an_event_is_sealed_exactly_once(now: datetime) -> None:
    note(now)
    assert [seal(now), seal(now), seal_everything(now)] == [1, 0, 0]
    note(now)
    assert [seal(now), seal(now)] == [1, 0]
    assert verify().checked == 2


def test_one_run_is_bounded_and_the_next_goes_on(now: datetime) -> None:
    for number in range(7):
        note(now, target=str(number))
    assert [seal(now, limit=3), seal(now, limit=3), seal(now, limit=3), seal(now, limit=3)] == [3, 3, 1, 0]
    assert [target for _, _, target in links()] == [str(number) for number in range(7)]
    assert verify().holds


def test_many_sealers_and_writers_at_once_leave_whole_chains(app: Flask, now: datetime) -> None:
    """4 writers and 3 sealers, 20 events each, over two chains."""

    def work(number: int) -> None:
        for step in range(20):
            if number < 4:
                note(now, f"org-{number % 2}", f"{number}-{step}")
            else:
                seal(now, limit=5)

    together(app, work, 7)
    seal_everything(now)
    report = verify()
    assert (report.holds, report.checked, report.unsealed) == (True, 80, 0)
    assert {head.chain: head.seq for head in report.heads} == {"org-0": 40, "org-1": 40}


@pytest.mark.databases("postgresql")
def test_an_event_that_commits_after_later_ones_were_sealed_is_sealed_too(app: Flask, now: datetime) -> None:
    """PostgreSQL gives numbers before the commit; SQLite has one writer at a time."""
    written, sealed = threading.Event(), threading.Event()

    def late_or_sealer(number: int) -> int:
        if number == 0:
            with transaction():
                record(EventName.CLIENT_CREATED, actor=CLI, now=now, organization_id="org-a", target="late")
                written.set()
                assert sealed.wait(5)
            return 0
        assert written.wait(5)
        note(now, target="early")
        try:
            return seal(now)
        finally:
            sealed.set()

    assert together(app, late_or_sealer, 2) == [0, 1]
    assert seal(now) == 1
    assert [target for _, _, target in links()] == ["early", "late"]
    assert verify().holds


def test_an_event_that_was_late_beyond_the_lookback_is_sealed_by_the_full_run(now: datetime) -> None:
    note_at_number(90_000, now)
    assert seal(now) == 1
    note_at_number(7, now)  # took its number long before
    assert seal(now, lookback=5000) == 0
    assert seal_everything(now) == 1
    assert links() == [("org-a", 1, "at-90000"), ("org-a", 2, "at-7")]
    assert verify().holds


def note_at_number(number: int, now: datetime) -> None:
    with transaction() as session:
        session.add(
            AuditEvent(
                number=number,
                id=f"evt-{number}",
                occurred_at=now,
                organization_id="org-a",
                name="sign_in.allowed",
                actor_kind="cli",
                actor_id="test",
                target=f"at-{number}",
                body="{}",
            )
        )


def test_two_sealers_that_take_the_same_place_do_not_both_win(app: Flask, now: datetime) -> None:
    for number in range(30):
        note(now, target=str(number))
    together(app, lambda _: [seal(now, limit=3) for _ in range(10)], 4)
    seal_everything(now)
    assert (verify().holds, verify().checked) == (True, 30)


@pytest.fixture
def sealed(app_context: Flask, clock: SettableClock) -> list[str]:
    """Five sealed events of one organization; their ids."""
    ids = [note(clock.advance(1), target=f"t{number}") for number in range(5)]
    seal(clock.advance(1))
    return ids


@pytest.mark.parametrize(
    ("statement", "kind", "seq"),
    [
        ("UPDATE audit_events SET target = 'other' WHERE target = 't1'", "event-changed", 2),
        ("UPDATE audit_events SET body = '{}' WHERE target = 't2'", "event-changed", 3),
        ("UPDATE audit_events SET actor_id = 'sub-x' WHERE target = 't4'", "event-changed", 5),
        ("UPDATE audit_events SET personal_hash = NULL WHERE target = 't3'", "event-changed", 4),
        ("UPDATE audit_events SET organization_id = 'org-b' WHERE target = 't0'", "event-changed", 1),
        ("DELETE FROM audit_seals WHERE seq = 2", "seal-deleted", 2),
        ("DELETE FROM audit_seals WHERE seq = 1", "seal-deleted", 1),
        ("UPDATE audit_seals SET hash = 'x' WHERE seq = 5", "event-changed", 5),
        ('UPDATE audit_personal SET fields = \'{"ip":"192.0.2.2"}\' WHERE event_number = 2', "personal-changed", 2),
        (
            "UPDATE audit_seals SET event_number = CASE seq WHEN 2 THEN -3 ELSE -2 END WHERE seq IN (2, 3)",
            "event-deleted",
            2,
        ),
    ],
)
@pytest.mark.usefixtures("sealed")
def test_m9_verify_finds_each_edit(statement: str, kind: FindingKind, seq: int) -> None:
    assert verify().holds
    without_triggers(statement)
    findings = verify().findings
    assert (kind, seq) in [(finding.kind, finding.seq) for finding in findings]
    assert all(finding.chain == "org-a" for finding in findings)


@pytest.mark.usefixtures("sealed")
def test_m9_one_edit_is_one_finding() -> None:
    without_triggers("UPDATE audit_events SET target = 'other' WHERE target = 't1'")
    assert [(finding.kind, finding.seq) for finding in verify().findings] == [("event-changed", 2)]


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize("number", [1, 3, 5])
def test_m9_verify_finds_a_deleted_event_also_the_last(number: int) -> None:
    without_triggers(f"DELETE FROM audit_events WHERE number = {number}")
    assert [(finding.kind, finding.seq) for finding in verify().findings] == [("event-deleted", number)]


@pytest.mark.usefixtures("sealed")
def test_m9_verify_finds_two_events_that_changed_places() -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        without_triggers(f"UPDATE audit_events SET number = {new} WHERE number = {old}")
    findings = {(finding.kind, finding.seq) for finding in verify().findings}
    assert {("event-changed", 2), ("event-changed", 3)} <= findings


@pytest.mark.usefixtures("sealed")
def test_m9_a_chain_whose_end_was_cut_off_is_found_by_a_head_that_was_noted() -> None:
    noted = verify().heads
    without_triggers("DELETE FROM audit_seals WHERE seq = 5")
    without_triggers("DELETE FROM audit_personal WHERE event_number = 5")
    without_triggers("DELETE FROM audit_events WHERE number = 5")
    assert verify().holds  # by itself a shorter chain looks whole
    assert [finding.kind for finding in verify(noted).findings] == ["head-lost"]


@pytest.mark.usefixtures("sealed")
def test_a_noted_head_stays_true_while_the_chain_grows(now: datetime) -> None:
    noted = verify().heads
    note(now)
    seal(now)
    assert verify(noted).holds
    assert not verify([Head("org-a", 5, "0" * 64)]).holds


def test_erasing_personal_fields_leaves_the_chain_whole(sealed: list[str], now: datetime) -> None:
    erase_personal(sealed[2], actor=CLI, now=now)
    seal(now)
    report = verify()
    assert (report.holds, report.erased, report.checked) == (True, 1, 6)


@pytest.mark.usefixtures("sealed")
def test_personal_fields_that_were_added_by_hand_are_found(now: datetime) -> None:
    with transaction():
        record(EventName.CLIENT_CREATED, actor=CLI, now=now, organization_id="org-a", target="cli-a")
    seal(now)
    without_triggers("INSERT INTO audit_personal VALUES (6, '00', '{}')")
    assert [finding.kind for finding in verify().findings] == ["personal-added"]


def test_what_no_seal_covers_yet_is_counted_and_dated(clock: SettableClock) -> None:
    first = clock()
    note(first)
    note(clock.advance(5))
    report = verify()
    assert (report.holds, report.checked, report.unsealed, report.oldest_unsealed) == (True, 0, 2, first)


def test_an_event_of_a_change_that_was_rolled_back_was_never_recorded(now: datetime) -> None:
    def change_and_fail() -> None:
        with transaction():
            record(EventName.CLIENT_CREATED, actor=CLI, now=now, organization_id=None, target="cli-a")
            raise KeyError

    with pytest.raises(KeyError):
        change_and_fail()
    assert (seal(now), verify().unsealed) == (0, 0)


def test_a_login_writes_one_row_in_each_of_two_tables(now: datetime, statements: Callable[[], list[str]]) -> None:
    """Item 10: logins never wait for one another, so recording reads nothing and locks nothing."""
    with transaction():
        seen = len(statements())
        record(
            EventName.SIGN_IN_ALLOWED,
            actor=Actor("person", "sub", "a@example.com"),
            now=now,
            organization_id="org-a",
            target="con-a",
            personal={"ip": "192.0.2.1"},
        )
        issued = statements()[seen:]
    assert [statement.split("(")[0].strip() for statement in issued] == [
        "INSERT INTO audit_events",
        "INSERT INTO audit_personal",
    ]
