"""transaction() and the column types behave alike on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError

from app.database import db, transaction
from app.jobs.models import HostHeartbeat
from tests.support.clock import SettableClock
from tests.support.together import together

pytestmark = pytest.mark.usefixtures("app_context")


def hosts() -> list[str]:
    return sorted(db.session().scalars(select(HostHeartbeat.host)))


def add(host: str, now: datetime) -> None:
    db.session().add(HostHeartbeat(host=host, seen_at=now))
    db.session().flush()


def test_what_is_written_inside_is_stored_together(now: datetime) -> None:
    with transaction():
        add("a", now)
        add("b", now)
    db.session().rollback()
    assert hosts() == ["a", "b"]


def test_an_error_inside_stores_nothing(now: datetime) -> None:
    def fail() -> None:
        with transaction():
            add("a", now)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert hosts() == []


def test_nested_use_joins_the_outer_transaction(now: datetime) -> None:
    def fail_outside() -> None:
        with transaction():
            with transaction():
                add("a", now)
            raise KeyError

    with pytest.raises(KeyError):
        fail_outside()
    assert hosts() == []
    with transaction():
        add("b", now)
    assert hosts() == ["b"]


def test_a_read_before_it_does_not_hide_what_others_stored_meanwhile(app: Flask, now: datetime) -> None:
    assert hosts() == []
    together(app, lambda _: _store("other", now), 1)
    with transaction():
        assert hosts() == ["other"]


def test_a_reader_that_goes_on_to_write_is_never_told_that_the_database_is_locked(app: Flask, now: datetime) -> None:
    """20 threads count and then write; on SQLite a read lock that became a write lock would fail (row A8)."""

    def count_and_add(number: int) -> None:
        hosts()
        with transaction():
            seen = len(hosts())
            add(f"host-{number}", now + timedelta(seconds=seen))

    together(app, count_and_add, 20)
    assert len(hosts()) == 20


def test_readers_go_on_while_somebody_writes(app: Flask, now: datetime) -> None:
    writing, done = threading.Event(), threading.Event()

    def write_or_read(number: int) -> list[str]:
        if number == 0:
            with transaction():
                add("half-done", now)
                writing.set()
                assert done.wait(5)
            return []
        assert writing.wait(5)
        try:
            return hosts()
        finally:
            done.set()

    assert together(app, write_or_read, 2) == [[], []]


def test_a_time_comes_back_aware_and_utc_to_the_microsecond(now: datetime) -> None:
    moment = datetime(2026, 7, 1, 12, 30, 15, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    with transaction():
        add("a", moment)
    db.session().expire_all()
    stored = db.session().scalars(select(HostHeartbeat.seen_at)).one()
    assert stored == moment
    assert stored.tzinfo is UTC or stored.utcoffset() == timedelta(0)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(StatementError, match="naive"), transaction():
        add("a", datetime(2026, 7, 1))  # noqa: DTZ001


def test_times_compare_in_the_database_as_in_python(clock: SettableClock) -> None:
    with transaction():
        add("old", clock())
        add("new", clock.advance(microseconds=1))
    assert list(db.session().scalars(select(HostHeartbeat.host).where(HostHeartbeat.seen_at < clock()))) == ["old"]


@pytest.mark.databases("sqlite")
def test_sqlite_runs_in_wal_mode_with_foreign_keys() -> None:
    assert db.session().scalar(text("PRAGMA journal_mode")) == "wal"
    assert db.session().scalar(text("PRAGMA foreign_keys")) == 1


def _store(host: str, now: datetime) -> None:
    with transaction():
        add(host, now)
