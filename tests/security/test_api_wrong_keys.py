"""Row M1 and ASVS 6.3.1: who guesses keys of the management API is slowed down, and keeps nobody else out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.api.throttle import MOST, REMEMBERED, TooManyWrongKeys, WrongKeys
from tests.support.clock import SettableClock
from tests.support.whole_app import Api, whole_app


@pytest.fixture
def whole(database_url: str, clock: SettableClock, tmp_path: Path) -> Iterator[Flask]:
    with whole_app(database_url, clock, tmp_path) as app:
        yield app


def ask(client: FlaskClient, key: str | None, address: str = "198.51.100.1") -> TestResponse:
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    return client.get("/api/v1/organizations", headers=headers, environ_overrides={"REMOTE_ADDR": address})


def guess(client: FlaskClient, times: int, address: str = "198.51.100.1") -> list[int]:
    return [ask(client, f"portico_key_{number}", address).status_code for number in range(times)]


def test_twenty_wrong_keys_in_a_minute_then_429(whole: Flask, clock: SettableClock) -> None:
    """A minute later the address may try again."""
    client = whole.test_client()
    assert guess(client, MOST + 1) == [401] * MOST + [429]
    refused = ask(client, "portico_key_x")
    assert (refused.status_code, refused.content_type) == (429, "application/problem+json")
    assert refused.headers["Retry-After"] == "60"
    clock.advance(seconds=60)
    assert ask(client, "portico_key_x").status_code == 401


def test_the_answer_is_constant(whole: Flask) -> None:
    """Nothing tells one wrong key from another; only the reference differs."""
    client = whole.test_client()
    guess(client, MOST)

    def told(key: str) -> dict[str, object]:
        body = ask(client, key).json
        assert body is not None
        return {name: value for name, value in body.items() if name != "reference"}

    assert told("portico_key_y") == told("portico_key_x") == told("x")


def test_a_right_key_is_never_kept_out_by_who_guesses_behind_the_same_address(
    whole: Flask, clock: SettableClock
) -> None:
    """Neither one that is in use, nor one that nobody used yet."""
    client, used, unused = whole.test_client(), Api(whole, clock).key, Api(whole, clock).key
    assert ask(client, used).status_code == 200
    assert guess(client, MOST + 1)[-1] == 429
    assert [ask(client, key).status_code for key in (used, unused)] == [200, 200]


def test_a_revoked_key_is_refused_although_it_was_right_before(whole: Flask, clock: SettableClock) -> None:
    client, api, other = whole.test_client(), Api(whole, clock), Api(whole, clock)
    assert ask(client, api.key).status_code == 200
    guess(client, MOST - 1)
    other.ok("DELETE", f"/api-keys/{api.key_id}")
    assert ask(client, api.key).status_code == 401
    assert ask(client, api.key).status_code == 429


def test_other_addresses_are_not_concerned_and_a_strangers_header_is_not_an_address(whole: Flask) -> None:
    client = whole.test_client()
    assert guess(client, MOST + 1)[-1] == 429
    assert ask(client, "portico_key_x", "198.51.100.2").status_code == 401
    forged = client.get(
        "/api/v1/organizations",
        headers={"Authorization": "Bearer portico_key_x", "X-Forwarded-For": "203.0.113.99"},
        environ_overrides={"REMOTE_ADDR": "198.51.100.1"},
    )
    assert forged.status_code == 429


def test_who_has_an_ipv6_address_has_all_of_its_network(whole: Flask) -> None:
    client = whole.test_client()
    tried = [ask(client, "portico_key_x", f"2001:db8::{number:x}").status_code for number in range(1, MOST + 2)]
    assert tried[-1] == 429
    assert ask(client, "portico_key_x", "2001:db8:0:1::1").status_code == 401


def test_no_key_at_all_is_no_guess(whole: Flask) -> None:
    client = whole.test_client()
    assert {ask(client, None).status_code for _ in range(MOST * 2)} == {401}
    assert ask(client, "portico_key_x").status_code == 401


def test_the_memory_is_bounded_and_holds_no_addresses(now: datetime) -> None:
    """A flood from everywhere costs a bounded memory: the oldest are forgotten."""
    memory = WrongKeys()
    for number in range(REMEMBERED + 50):
        memory.note(f"2001:db8:{number >> 8:x}:{number & 255:x}::1", now)
    assert len(memory._wrong) == REMEMBERED
    assert "2001" not in str(list(memory._wrong)[:50])


def test_a_clock_that_is_set_back_locks_nobody_out(now: datetime) -> None:
    memory = WrongKeys()
    for _ in range(MOST):
        memory.note("198.51.100.1", now + timedelta(hours=24))
    for _ in range(MOST):
        memory.note("198.51.100.1", now)
    with pytest.raises(TooManyWrongKeys):
        memory.note("198.51.100.1", now)
