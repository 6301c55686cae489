"""What a process remembers of the configuration is worth nothing once anybody changed it, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.access import NewClient, add_client, change_client, delete_client, find_client
from app.access.models import Client
from app.audit import Actor
from app.auth0.importing.models import ImportedConnection
from app.claims.models import ProfileAttribute, RoleRule
from app.connections.models import Connection
from app.database import Model, db, end_read, transaction
from app.memory import one_moment, remember
from app.migrations.tables import load_tables
from app.organizations import Organization
from app.triggers import triggers_of

CLI = Actor("cli", "test")
WATCHED: tuple[type[Model], ...] = (Client, Organization, Connection, ProfileAttribute, RoleRule, ImportedConnection)


@pytest.fixture
def client_id(app_context: Flask, now: datetime) -> str:
    """A client that this process has just read."""
    new = NewClient(name="Auth0", redirect_uris=["https://t.example/cb"], post_logout_redirect_uris=[])
    client, _ = add_client(new, actor=CLI, now=now)
    found = find_client(client.id)
    assert found is not None
    assert found.active
    return client.id


def is_active(client_id: str) -> bool:
    found = find_client(client_id)
    return found is not None and found.active


def asked(statements: list[str]) -> int:
    """How often the database was asked for the generation."""
    return sum("FROM configuration_generation" in statement for statement in statements)


def elsewhere(app: Flask, statement: str, **values: Any) -> None:
    """Another connection to the database, by hand: no code of ours is asked."""

    def run() -> None:
        with app.app_context(), db.engine.begin() as connection:
            connection.execute(text(statement), values)

    thread = Thread(target=run)
    thread.start()
    thread.join()


def test_what_nobody_changed_is_not_read_again(client_id: str, statements: Callable[[], list[str]]) -> None:
    """A second look costs one short query for the generation, however much is looked at."""
    end_read()
    before = len(statements())
    assert is_active(client_id)
    assert is_active(client_id)
    (question,) = [statement for statement in statements()[before:] if "FROM" in statement]
    assert "configuration_generation" in question


def test_a_change_by_hand_elsewhere_is_seen_at_the_next_moment(app_context: Flask, client_id: str) -> None:
    """The database itself tells of the change: an operator at a database console is heard, too."""
    end_read()
    elsewhere(app_context, "UPDATE clients SET status = 'disabled' WHERE id = :id", id=client_id)
    assert not is_active(client_id)
    end_read()
    elsewhere(app_context, "DELETE FROM clients WHERE id = :id", id=client_id)
    assert find_client(client_id) is None


def test_an_own_change_is_seen_inside_its_transaction_and_gone_with_it(client_id: str, now: datetime) -> None:
    """What is read inside is current; what was rolled back was never there."""

    def change_and_fail() -> None:
        with transaction():
            assert is_active(client_id)
            change_client(client_id, {"status": "disabled"}, actor=CLI, now=now)
            assert not is_active(client_id)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    assert is_active(client_id)


def test_a_check_inside_a_transaction_hears_of_what_happened_before_it(app_context: Flask, client_id: str) -> None:
    """Whatever was read before: a transaction begins a moment of its own."""
    assert is_active(client_id)
    end_read()
    elsewhere(app_context, "UPDATE clients SET status = 'disabled' WHERE id = :id", id=client_id)
    with transaction(), one_moment():
        assert not is_active(client_id)


def test_one_moment_asks_once_in_a_transaction(client_id: str, statements: Callable[[], list[str]]) -> None:
    """Checks that belong together are of one moment; outside of it each asks again."""
    with transaction():
        before = asked(statements())
        with one_moment():
            assert is_active(client_id)
            assert is_active(client_id)
        assert asked(statements()) - before == 1
        assert is_active(client_id)
        assert asked(statements()) - before == 2


def test_what_does_not_exist_is_not_remembered(client_id: str) -> None:
    """Strangers may ask for any number of things; and what comes to exist is found."""
    calls: list[int] = []
    for _ in range(2):
        assert remember("test", "nobody", lambda: calls.append(1)) is None
    assert len(calls) == 2


def test_memory_has_a_bound(client_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It starts anew when it is full."""
    monkeypatch.setattr("app.memory.remembering.MAX_REMEMBERED", 3)
    reads: list[int] = []

    def read(key: int) -> int:
        reads.append(key)
        return key

    for key in (1, 2, 3, 4, 1):
        remember("test", key, partial(read, key))
    assert reads == [1, 2, 3, 4, 1]


@pytest.mark.parametrize("model", WATCHED, ids=lambda model: model.__tablename__)
def test_every_table_that_is_remembered_tells_of_its_changes(model: type[Model]) -> None:
    """INSERT, UPDATE and DELETE, in the database itself."""
    load_tables()
    triggers = triggers_of(model.__table__)  # type: ignore[arg-type]
    assert [statement for statement in triggers["sqlite"] if "configuration_generation" in statement]
    assert sum("AFTER" in statement for statement in triggers["sqlite"]) == 3
    assert "INSERT OR UPDATE OR DELETE OR TRUNCATE" in triggers["postgresql"][-1]


def test_a_deleted_client_is_forgotten(client_id: str, now: datetime) -> None:
    """Also by our own code."""
    delete_client(client_id, actor=CLI, now=now)
    assert find_client(client_id) is None
