"""A rotation that no client notices (item 4, row A5): tokens over the routes, verified by a client that keeps its key set.

The client is as strict as its cache is long: it fetches the key set every ten minutes and never in between, whatever
`kid` it meets. Two processes sign, each with keys in its own memory; one of them runs the schedule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from joserfc.jws import extract_compact

from app import create_app
from app.audit import Actor
from app.database import db
from app.gateway import assemble
from app.periodic import list_periodics
from tests.support.clock import SettableClock
from tests.support.provider import Provider
from tests.support.whole_app import whole_app

CACHE = timedelta(minutes=10)
TERM = timedelta(days=7)


@pytest.fixture
def process(database_url: str, clock: SettableClock, tmp_path: Path) -> Iterator[Flask]:
    with whole_app(database_url, clock, tmp_path, signing_key_days=TERM.days) as app:
        yield app


@pytest.fixture
def other(process: Flask, clock: SettableClock) -> Iterator[Flask]:
    """A second process of the same installation, with an empty memory."""
    app = create_app(gateway=assemble(process.extensions["portico"].settings, clock=clock))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def run_job(app: Flask, name: str, clock: SettableClock) -> None:
    job = next(job for job in list_periodics(app.extensions["portico"]) if job.name == name)
    with app.app_context():
        job.run(clock())


@pytest.mark.parametrize("alg", ["RS256", "ES256"])
def test_a_client_that_caches_ten_minutes_verifies_every_token_over_a_scheduled_rotation(
    process: Flask, other: Flask, clock: SettableClock, alg: str
) -> None:
    """A login every two hours for a week, every ten minutes around the change, every ten seconds in it; none fails."""
    provider = Provider(process, clock)
    client = provider.client(id_token_signed_response_alg=alg)
    browsers = (provider.browser, other.test_client())
    cached, fetched_at, kids = provider.jwks(), clock(), Counter[str]()
    changes_at, steps = clock() + TERM, 0
    while clock() < changes_at + timedelta(hours=2):
        near = abs(clock() - changes_at) < timedelta(minutes=15)
        far = abs(clock() - changes_at) > timedelta(hours=26)
        clock.advance(10 if near else 7_200 if far else 600)
        run_job(other, "rotate-keys", clock)
        provider.browser = browsers[steps % 2]
        if clock() - fetched_at >= CACHE:
            cached, fetched_at = provider.jwks(), clock()
        id_token = provider.tokens(provider.code(client))["id_token"]
        provider.verify(id_token, client, cached)
        kids[str(extract_compact(id_token.encode()).headers()["kid"])] += 1
        steps += 1
    assert len(kids) == 2, "the key changed"
    assert min(kids.values()) > 90


def test_threads_of_two_processes_sign_with_one_key_before_and_one_after_the_change(
    process: Flask, other: Flask, clock: SettableClock
) -> None:
    """Redeeming in parallel in the second before and the second of the change; the key set in hand is from before both."""
    provider = Provider(process, clock)
    client = provider.client()
    with process.app_context():
        changes_at = provider.gateway.keys.rotate("RS256", clock(), Actor("cli", "test")).active_from
    clock.set(changes_at - CACHE)
    cached, signed = provider.jwks(), []
    for moment in (changes_at - timedelta(seconds=1), changes_at):
        clock.set(moment)
        forms = [(app, provider.form(provider.code(client))) for app in (process, other) for _ in range(20)]
        with ThreadPoolExecutor(4) as pool:
            answers = pool.map(lambda one: one[0].test_client().post("/oauth2/token", data=one[1]), forms)
        tokens = [answer.get_json()["id_token"] for answer in answers]
        for token in tokens:
            provider.verify(token, client, cached)
        signed.append({extract_compact(token.encode()).headers()["kid"] for token in tokens})
    assert [len(kids) for kids in signed] == [1, 1]
    assert signed[0] != signed[1]
