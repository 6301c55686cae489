"""The audit log knows only INSERT, in the database itself (security row M9)."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.audit import Actor, EventName, record, seal
from app.database import db, transaction
from tests.support.clock import SettableClock

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture(autouse=True)
def _one_sealed_event(app_context: Flask, clock: SettableClock) -> None:
    with transaction():
        record(
            EventName.SIGN_IN_ALLOWED,
            actor=Actor("person", "sub-1", "a@example.com"),
            now=clock(),
            organization_id="org-a",
            target="con-a",
        )
    assert seal(clock()) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET name = 'x'",
        "DELETE FROM audit_events",
        "UPDATE audit_seals SET hash = 'x'",
        "DELETE FROM audit_seals",
        "UPDATE audit_personal SET fields = '{}'",
    ],
)
def test_m9_the_database_refuses_to_change_what_was_recorded(statement: str) -> None:
    with pytest.raises(DBAPIError, match="not allowed"), transaction() as session:
        session.execute(text(statement))


@pytest.mark.parametrize("table", ["audit_events", "audit_seals", "audit_personal"])
def test_m9_no_table_of_the_log_can_be_emptied_at_once(table: str) -> None:
    """TRUNCATE fires no row triggers; on SQLite it is a syntax error."""
    with pytest.raises(DBAPIError), transaction() as session:
        session.execute(text(f"TRUNCATE {table} CASCADE"))


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO audit_events SELECT number, 'evt-new', occurred_at, organization_id, 'x', actor_kind,"
        " actor_id, target, body, personal_hash FROM audit_events",
        "INSERT OR REPLACE INTO audit_events SELECT number + 1, id, occurred_at, organization_id, 'x', actor_kind,"
        " actor_id, target, body, personal_hash FROM audit_events",
        "INSERT OR REPLACE INTO audit_seals SELECT chain, seq, event_number, sealed_at, 'x' FROM audit_seals",
        "INSERT OR REPLACE INTO audit_seals SELECT chain, seq + 1, event_number, sealed_at, 'x' FROM audit_seals",
        "INSERT OR REPLACE INTO audit_personal SELECT event_number, hash_key, '{}' FROM audit_personal",
        "INSERT INTO audit_personal SELECT event_number, hash_key, '{}' FROM audit_personal WHERE true"
        " ON CONFLICT (event_number) DO UPDATE SET fields = excluded.fields",
    ],
)
def test_m9_sqlite_refuses_to_replace_a_row_by_inserting_over_it(statement: str) -> None:
    with pytest.raises(DBAPIError, match=r"UNIQUE|not allowed"), transaction() as session:
        session.execute(text(statement))


def test_m9_personal_fields_alone_can_be_deleted() -> None:
    with transaction() as session:
        session.execute(text("DELETE FROM audit_personal"))
    assert db.session().scalar(text("SELECT count(*) FROM audit_personal")) == 0
