"""Documents of others (R6, A3): fetched at most once a minute over all processes, served old rather than not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.database import transaction
from app.outbound import DocumentStore, delete_unused_documents
from app.outbound.models import RemoteDocument
from app.outbound.rows import claim_attempt, find_row
from portico_sdk import HttpResponse, ProviderUnreachable
from tests.support.clock import SettableClock

URL = "https://idp.test/jwks"


class World:
    """The guard's requests: counts them and answers the same until told otherwise."""

    def __init__(self) -> None:
        self.fetched: list[str] = []
        self.answer: Callable[[], HttpResponse] = lambda: HttpResponse(200, {"content-type": "application/json"}, b"{}")

    def request(self, method: str, url: str, **_: Any) -> HttpResponse:
        self.fetched.append(url)
        return self.answer()

    def say(self, body: bytes, status: int = 200) -> None:
        self.answer = lambda: HttpResponse(status, {"content-type": "application/json"}, body)

    def fail(self) -> None:
        def unreachable() -> HttpResponse:
            raise ProviderUnreachable("outbound-timeout", "too slow")

        self.answer = unreachable


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def store(app_context: Flask, world: World, clock: SettableClock) -> DocumentStore:
    return make_store(world, clock)


def make_store(world: World, clock: SettableClock) -> DocumentStore:
    """A store of its own stands for a process of its own: nothing but the database is shared."""
    return DocumentStore(world, clock, sleep=lambda _: None)  # type: ignore[arg-type]


def test_a_document_is_fetched_once_for_all_processes(store: DocumentStore, world: World, clock: SettableClock) -> None:
    """The first copy serves everybody until it is too old."""
    assert store.get("con-a", URL).body == b"{}"
    clock.advance(1800)
    for process in (store, make_store(world, clock)):
        assert process.get("con-a", URL).body == b"{}"
    assert world.fetched == [URL]


def test_an_old_document_is_fetched_again(store: DocumentStore, world: World, clock: SettableClock) -> None:
    """`max_age_s` bounds the age where a newer copy can be had."""
    store.get("con-a", URL, max_age_s=600)
    world.say(b'{"new": 1}')
    clock.advance(601)
    assert store.get("con-a", URL, max_age_s=600).body == b'{"new": 1}'


def test_connections_share_no_documents(store: DocumentStore, world: World) -> None:
    """What one customer's provider answers is never another customer's."""
    store.get("con-a", URL)
    world.say(b'{"b": 1}')
    assert store.get("con-b", URL).body == b'{"b": 1}'
    assert store.get("con-a", URL).body == b"{}"


def test_within_a_minute_a_login_asks_no_database(
    store: DocumentStore, clock: SettableClock, statements: Callable[[], list[str]]
) -> None:
    """The copy read last answers from the process's memory."""
    store.get("con-a", URL)
    before = len(statements())
    clock.advance(59)
    store.get("con-a", URL)
    assert len(statements()) == before
    clock.advance(2)
    store.get("con-a", URL)
    assert len([text for text in statements()[before:] if text.startswith("SELECT")]) == 1


def test_unknown_keys_cause_one_fetch_a_minute_over_all_processes(
    store: DocumentStore, world: World, clock: SettableClock
) -> None:
    """R6: a flood of unknown key ids costs the provider one request a minute."""
    first = store.get("con-a", URL)
    for second in range(180):
        clock.advance(1)
        process = make_store(world, clock)
        process.get("con-a", URL, newer_than=process.get("con-a", URL).fetched_at)
        if second == 58:
            assert len(world.fetched) == 1
    assert len(world.fetched) == 4
    assert store.get("con-a", URL, newer_than=first.fetched_at).fetched_at > first.fetched_at


def test_a_newer_copy_that_another_process_fetched_is_enough(
    store: DocumentStore, world: World, clock: SettableClock
) -> None:
    """R6: `newer_than` fetches only when nobody has a newer copy."""
    old = store.get("con-a", URL)
    clock.advance(70)
    make_store(world, clock).get("con-a", URL, newer_than=old.fetched_at)
    assert store.get("con-a", URL, newer_than=old.fetched_at).fetched_at > old.fetched_at
    assert len(world.fetched) == 2


@pytest.mark.parametrize(
    "answer",
    [
        None,
        (b"{}", 500),
        (b"{}", 302),
        (b"<!DOCTYPE html><title>Maintenance</title>", 200),
        (b"\n <HTML>", 200),
        (b'{"keys": [', 200),
        (b"", 200),
        (b"Service unavailable", 200),
        (b"[" * 100_000, 200),
        (b'{"a":' * 100_000, 200),
    ],
)
def test_a_failed_fetch_serves_the_old_copy(
    store: DocumentStore, world: World, clock: SettableClock, answer: tuple[bytes, int] | None
) -> None:
    """A3: neither an outage nor a maintenance page loses the copy that works; it says that it is stale."""
    good = store.get("con-a", URL)
    assert not good.stale
    world.say(*answer) if answer else world.fail()
    for _ in range(24 * 60):
        clock.advance(minutes=1)
        served = store.get("con-a", URL)
        if len(world.fetched) > 3:
            break
    assert (served.body, served.fetched_at, served.stale) == (good.body, good.fetched_at, True)
    world.say(b'{"back": 1}')
    clock.advance(61)
    assert (store.get("con-a", URL).body, store.get("con-a", URL).stale) == (b'{"back": 1}', False)


def test_a_failing_document_is_tried_once_a_minute(store: DocumentStore, world: World, clock: SettableClock) -> None:
    """A3: a dead endpoint costs one attempt a minute, and everybody is told the reason at once."""
    world.fail()
    for _ in range(120):
        with pytest.raises(ProviderUnreachable, match="outbound-timeout"):
            make_store(world, clock).get("con-a", URL)
        clock.advance(1)
    assert len(world.fetched) == 2


def test_an_outage_takes_no_write_lock_for_each_login(
    store: DocumentStore, world: World, clock: SettableClock, statements: Callable[[], list[str]]
) -> None:
    """Between two attempts an expired copy is only read."""
    store.get("con-a", URL)
    clock.advance(7200)
    world.fail()
    store.get("con-a", URL)
    before = len(statements())
    store.get("con-a", URL)
    assert [text.split()[0] for text in statements()[before:] if text != "BEGIN"] == ["SELECT"]


def test_a_clock_that_was_set_back_does_not_stop_fetching(
    store: DocumentStore, world: World, clock: SettableClock
) -> None:
    """A7: an attempt that lies in the future counts as none."""
    store.get("con-a", URL)
    clock.advance(-3600)
    make_store(world, clock).get("con-a", URL)
    assert len(world.fetched) == 2


def test_many_at_once_fetch_once(app_context: Flask, world: World, clock: SettableClock) -> None:
    """R6, A4: when a key rotates, everybody needs the new one at the same moment; one fetches, all get it."""
    old = make_store(world, clock).get("con-a", URL)
    clock.advance(120)
    fetching, everybody = threading.Event(), threading.Barrier(8)

    def slow() -> HttpResponse:
        fetching.wait(5)
        return HttpResponse(200, {}, b'{"rotated": 1}')

    world.answer = slow

    def log_in(_: int) -> bytes:
        store = DocumentStore(world, clock, sleep=lambda _: fetching.set())  # type: ignore[arg-type]
        with app_context.app_context():
            everybody.wait(5)
            return store.get("con-a", URL, newer_than=old.fetched_at).body

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(log_in, range(8))) == {b'{"rotated": 1}'}
    assert len(world.fetched) == 2


def test_nothing_is_fetched_inside_a_transaction(store: DocumentStore, world: World) -> None:
    """No writer waits for the network: a caller that holds a transaction open is told so."""
    with transaction(), pytest.raises(RuntimeError, match="outside transactions"):
        store.get("con-a", URL)
    assert world.fetched == []


def test_a_scope_that_is_gone_leaves_nothing(store: DocumentStore, app_context: Flask, world: World) -> None:
    """Deleting a connection deletes what its provider published."""
    store.get("con-a", URL)
    store.get("con-b", URL)
    store.forget("con-a")
    with transaction() as session:
        assert [row.scope for row in session.query(RemoteDocument)] == ["con-b"]
    assert store.get("con-a", URL).body == b"{}"
    assert len(world.fetched) == 3


def test_an_interrupted_fetch_is_not_taken_for_one_under_way(
    store: DocumentStore, world: World, clock: SettableClock
) -> None:
    """A process that dies while fetching delays the others by no more than a minute."""

    def die() -> HttpResponse:
        raise KeyboardInterrupt

    world.answer = die
    with pytest.raises(KeyboardInterrupt):
        store.get("con-a", URL)
    world.say(b"{}")
    with pytest.raises(ProviderUnreachable):
        store.get("con-a", URL)
    clock.advance(timedelta(minutes=1).total_seconds())
    assert store.get("con-a", URL).body == b"{}"


def test_what_nobody_asked_for_in_ninety_days_is_forgotten(app_context: Flask, now: datetime) -> None:
    """A deleted connection's documents do not stay for ever; one in use is attempted far more often than that."""
    claim_attempt("con-old", "https://idp.example/jwks", now)
    claim_attempt("con-new", "https://idp.example/jwks", now + timedelta(days=2))
    delete_unused_documents(now + timedelta(days=91))
    assert find_row("con-old", "https://idp.example/jwks") is None
    assert find_row("con-new", "https://idp.example/jwks") is not None
