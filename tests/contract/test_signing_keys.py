"""The provider's signing keys: made once, rotated without a gap, never stored in clear (item 2, rows A5, M11, O9)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import select, text

from app.audit import Actor, EventFilter, list_events
from app.cipher import CannotDecrypt, Cipher
from app.crypto import Algorithm, SigningKeys, remove_expired
from app.crypto.jwk import ALGORITHMS
from app.crypto.life_cycle import KEEP
from app.crypto.models import StoredSigningKey
from app.database import db, transaction
from app.errors import Conflict, Unavailable
from tests.support.clock import SettableClock
from tests.support.together import together

pytestmark = pytest.mark.usefixtures("app_context")
CLI = Actor("cli", "test")
DAY = timedelta(days=1)
BOTH = pytest.mark.parametrize("alg", ALGORITHMS)


@pytest.fixture
def keys(app_context: Flask, cipher: Cipher, now: datetime) -> SigningKeys:
    made = SigningKeys(cipher)
    made.ensure(now)
    return made


def sign(keys: SigningKeys, alg: Algorithm, now: datetime) -> str:
    key = keys.current(alg, now)
    return jwt.encode({"alg": alg, "kid": key.kid}, {"sub": "x"}, key.key, algorithms=[alg])


def verifies(token: str, keys: SigningKeys, alg: Algorithm, now: datetime) -> bool:
    """As a client does that fetches the JWKS at `now`."""
    try:
        jwt.decode(token, KeySet.import_key_set(keys.public_jwks(now)), algorithms=[alg])  # type: ignore[arg-type]
    except JoseError:
        return False
    return True


def test_the_first_start_makes_a_key_for_rs256_and_one_for_es256_that_sign_at_once(
    keys: SigningKeys, now: datetime
) -> None:
    assert [(key.alg, key.state) for key in keys.list(now)] == [("ES256", "current"), ("RS256", "current")]
    for alg in ALGORITHMS:
        assert verifies(sign(keys, alg, now), keys, alg, now)


def test_a_later_start_makes_none(keys: SigningKeys, cipher: Cipher, now: datetime) -> None:
    before = keys.list(now)
    SigningKeys(cipher).ensure(now + DAY)
    assert keys.list(now) == before


def test_many_processes_that_start_at_once_agree_on_one_key_for_each_algorithm(
    app: Flask, cipher: Cipher, now: datetime
) -> None:
    """Each has an instance of its own, as each worker does."""

    def start(_number: int) -> set[str]:
        own = SigningKeys(cipher)
        own.ensure(now)
        return {own.current(alg, now).kid for alg in ALGORITHMS}

    answers = together(app, start, 6)
    assert all(answer == answers[0] for answer in answers)
    assert db.session().scalar(text("SELECT count(*) FROM signing_keys")) == 2
    assert len(list_events(EventFilter()).items) == 2


def test_without_ensure_nothing_is_signed(cipher: Cipher, now: datetime) -> None:
    with pytest.raises(Unavailable):
        SigningKeys(cipher).current("RS256", now)


def test_the_jwks_shows_kid_alg_and_use_and_no_private_member(keys: SigningKeys, now: datetime) -> None:
    """RFC 7517 4; `kid` is the RFC 7638 thumbprint."""
    for jwk in keys.public_jwks(now)["keys"]:
        assert set(jwk) == {"kty", "kid", "alg", "use"} | ({"n", "e"} if jwk["kty"] == "RSA" else {"crv", "x", "y"})
        assert jwk["use"] == "sig"
        bare = {name: value for name, value in jwk.items() if name not in ("kid", "alg", "use")}
        (key,) = KeySet.import_key_set({"keys": [bare]}).keys
        assert key.thumbprint() == jwk["kid"]


def test_o9_two_keys_of_different_algorithms_never_share_a_kid(keys: SigningKeys, now: datetime) -> None:
    kids = [jwk["kid"] for jwk in keys.public_jwks(now)["keys"]]
    assert len(set(kids)) == len(kids) == 2


@BOTH
def test_a5_the_next_key_is_published_24_hours_before_it_signs(
    keys: SigningKeys, alg: Algorithm, clock: SettableClock
) -> None:
    old = keys.current(alg, clock()).kid
    new = keys.rotate(alg, clock(), CLI)
    assert new.state == "next"
    assert new.kid in {jwk["kid"] for jwk in keys.public_jwks(clock())["keys"]}
    assert keys.current(alg, clock.advance(hours=24, seconds=-1)).kid == old
    assert keys.current(alg, clock.advance(1)).kid == new.kid


@BOTH
def test_a5_no_token_fails_to_verify_over_a_whole_rotation(
    keys: SigningKeys, cipher: Cipher, alg: Algorithm, clock: SettableClock
) -> None:
    """One token every 30 minutes for 12 days; the client's JWKS is 10 minutes old, tokens live an hour."""
    other_process = SigningKeys(cipher)
    signed: list[tuple[datetime, str]] = []
    for step in range(12 * 48):
        now = clock.advance(minutes=30)
        if step == 50:
            keys.rotate(alg, now, CLI)
        signed.append((now, sign(keys, alg, now)))
        fetched = KeySet.import_key_set(other_process.public_jwks(now - timedelta(minutes=10)))  # type: ignore[arg-type]
        for at, token in signed[-2:]:
            if now - at < timedelta(hours=1):
                jwt.decode(token, fetched, algorithms=[alg])
    assert [key.state for key in keys.list(clock()) if key.alg == alg] == ["removed", "current"]


@BOTH
def test_the_previous_key_stays_published_and_leaves_at_its_time(
    keys: SigningKeys, alg: Algorithm, clock: SettableClock
) -> None:
    token = sign(keys, alg, clock())
    keys.rotate(alg, clock(), CLI)
    assert verifies(token, keys, alg, clock.advance(hours=24) + KEEP - timedelta(seconds=1))
    assert not verifies(token, keys, alg, clock() + KEEP)


def test_a_key_whose_time_is_over_is_deleted_with_its_private_part(keys: SigningKeys, clock: SettableClock) -> None:
    keys.rotate("RS256", clock(), CLI)
    assert remove_expired(clock()) == 0
    assert remove_expired(clock.advance(days=1) + KEEP) == 1
    assert [(key.alg, key.state) for key in keys.list(clock() + KEEP)] == [("ES256", "current"), ("RS256", "current")]


def test_a_rotation_is_seen_by_every_process_before_any_signs_with_the_new_key(
    keys: SigningKeys, cipher: Cipher, clock: SettableClock
) -> None:
    other = SigningKeys(cipher)
    other.public_jwks(clock())  # its copy is from before the rotation
    for urgent in (False, True):
        new = keys.rotate("ES256", clock.advance(1), CLI, urgent=urgent)
        first_use = new.active_from
        assert new.kid in {jwk["kid"] for jwk in other.public_jwks(first_use - timedelta(seconds=55))["keys"]}
        assert other.current("ES256", first_use).kid == keys.current("ES256", first_use).kid == new.kid
        clock.set(first_use)


def test_a_second_rotation_waits_for_the_first(keys: SigningKeys, clock: SettableClock) -> None:
    keys.rotate("RS256", clock(), CLI)
    with pytest.raises(Conflict):
        keys.rotate("RS256", clock.advance(hours=23), CLI)
    keys.rotate("ES256", clock(), CLI)
    assert keys.rotate("RS256", clock.advance(hours=1), CLI).state == "next"


def test_rotations_at_the_same_moment_publish_one_key(
    app: Flask, keys: SigningKeys, cipher: Cipher, now: datetime
) -> None:
    def rotate(_number: int) -> bool:
        try:
            SigningKeys(cipher).rotate("ES256", now, CLI)
        except Conflict:
            return False
        return True

    assert sorted(together(app, rotate, 4)) == [False, False, False, True]
    assert [key.state for key in keys.list(now) if key.alg == "ES256"] == ["current", "next"]


@BOTH
def test_an_urgent_rotation_takes_over_in_minutes_and_what_the_old_key_signed_is_worth_nothing_then(
    keys: SigningKeys, alg: Algorithm, clock: SettableClock
) -> None:
    token = sign(keys, alg, clock())
    waiting = keys.rotate(alg, clock(), CLI)  # may have leaked with it
    new = keys.rotate(alg, clock.advance(1), CLI, urgent=True)
    assert verifies(token, keys, alg, clock())
    clock.set(new.active_from)
    assert new.active_from - new.created_at <= timedelta(minutes=2)
    assert not verifies(token, keys, alg, clock())
    assert keys.current(alg, clock()).kid == new.kid
    assert keys.current(alg, waiting.active_from).kid == new.kid
    assert verifies(sign(keys, alg, clock()), keys, alg, clock())


def test_after_an_urgent_rotation_earlier_keys_are_gone_as_well(keys: SigningKeys, clock: SettableClock) -> None:
    keys.rotate("ES256", clock(), CLI)
    clock.advance(days=2)
    new = keys.rotate("ES256", clock(), CLI, urgent=True)
    published = {jwk["kid"] for jwk in keys.public_jwks(new.active_from)["keys"] if jwk["alg"] == "ES256"}
    assert published == {new.kid}


def test_a7_a_clock_that_was_set_back_still_finds_a_key(keys: SigningKeys, now: datetime) -> None:
    assert keys.current("RS256", now - timedelta(hours=1)).alg == "RS256"


def test_signing_reads_the_database_at_most_once_a_minute(
    keys: SigningKeys, clock: SettableClock, statements: Callable[[], list[str]]
) -> None:
    keys.current("RS256", clock())
    seen = len(statements())
    for _ in range(59):
        keys.current("RS256", clock.advance(1))
        keys.public_jwks(clock())
    assert len(statements()) == seen
    keys.current("RS256", clock.advance(2))
    assert len(statements()) > seen


def test_a_key_is_loaded_once_and_kept(keys: SigningKeys, clock: SettableClock) -> None:
    first = keys.current("RS256", clock()).key
    assert keys.current("RS256", clock.advance(minutes=5)).key is first


def test_making_and_rotating_keys_is_recorded(keys: SigningKeys, now: datetime) -> None:
    new = keys.rotate("RS256", now, CLI, urgent=True)
    rotated, *created = list_events(EventFilter()).items
    assert [event.name for event in created] == ["signing_key.created"] * 2
    assert (rotated.name, rotated.target, rotated.actor_id) == ("signing_key.rotated", new.kid, "test")
    assert rotated.details == {"urgent": True}


def test_m11_the_database_holds_no_private_key_in_clear(keys: SigningKeys, cipher: Cipher, now: datetime) -> None:
    dump = json.dumps([list(row) for row in db.session().execute(text("SELECT * FROM signing_keys"))], default=str)
    for alg in ALGORITHMS:
        private = keys.current(alg, now).key.as_dict(private=True)
        for name in ("d", "p", "q", "dp", "dq", "qi"):
            assert str(private.get(name, "absent")) not in dump


def test_m11_a_private_key_opens_only_where_it_belongs(keys: SigningKeys, cipher: Cipher, now: datetime) -> None:
    with transaction():
        rsa, ec = db.session().scalars(select(StoredSigningKey).order_by(StoredSigningKey.alg.desc())).all()
        rsa.private_jwk, ec.private_jwk = ec.private_jwk, rsa.private_jwk
    with pytest.raises(CannotDecrypt):
        SigningKeys(cipher).current("RS256", now)


def test_keys_rotate_by_themselves_when_they_have_signed_for_the_set_time(
    keys: SigningKeys, clock: SettableClock
) -> None:
    """The next key is published a day before it is due, and takes over at the moment that the current one's term ends."""
    began, term = clock(), timedelta(days=90)
    assert keys.rotate_due(clock.advance(days=89) - timedelta(seconds=1), every=term) == 0
    assert keys.rotate_due(clock(), every=term) == 2
    assert keys.rotate_due(clock.advance(hours=1), every=term) == 0
    due = {(key.alg, key.active_from) for key in keys.list(clock()) if key.state == "next"}
    assert due == {("RS256", began + term), ("ES256", began + term)}
    assert keys.rotate_due(clock.advance(days=90), every=term) == 2
    assert {event.actor_id for event in list_events(EventFilter(actor_id="key-schedule")).items} == {"key-schedule"}


def test_a_schedule_that_was_missed_for_years_still_publishes_a_day_ahead(
    keys: SigningKeys, clock: SettableClock
) -> None:
    clock.advance(days=1_000)
    keys.rotate_due(clock(), every=timedelta(days=90))
    assert {key.active_from - clock() for key in keys.list(clock()) if key.state == "next"} == {timedelta(days=1)}


def test_many_processes_on_schedule_publish_one_key(
    app: Flask, cipher: Cipher, keys: SigningKeys, now: datetime
) -> None:
    later = now + timedelta(days=90)
    answers = together(app, lambda _number: SigningKeys(cipher).rotate_due(later, every=timedelta(days=90)), 4)
    assert sum(answers) == 2
    assert sorted(key.alg for key in keys.list(later) if key.state == "next") == ["ES256", "RS256"]
