"""Operators in the database: what works once works once on both databases, also when many come at the same moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pyotp
import pytest
from cryptography.fernet import Fernet
from flask import Flask

from app.access.operators import (
    Enrolment,
    Invitations,
    OperatorSessions,
    Refused,
    SignIn,
    TooManyTries,
    delete_old_sessions,
    delete_old_tries,
    disable_operator,
    end_session,
    find_active_operator,
    list_operator_addresses,
    list_operators,
    list_sessions,
)
from app.access.operators.models import OperatorSession, SignInTries
from app.access.operators.throttle import FOR_BOTH, WINDOW, count_try
from app.audit import Actor
from app.cipher import Cipher
from app.database import db
from app.errors import NotFound
from tests.support.operators import PASSWORD
from tests.support.race import Attempts, race

OPERATOR = Actor("cli", "test")
BASE_URL = "https://sso.example.com"
EMAIL, ADDRESS = "vera@yourcompany.example", "203.0.113.7"

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def key() -> str:
    return Fernet.generate_key().decode()


def invite(key: str, now: datetime, email: str | None = EMAIL) -> str:
    invitations = Invitations(Cipher([key]), BASE_URL)
    url = invitations.invite(email, actor=OPERATOR, now=now) if email else invitations.invite_first(
        actor=OPERATOR, now=now
    )  # fmt: skip
    assert url is not None
    return url.rsplit("/", 1)[1]


def enrol(key: str, token: str, now: datetime, email: str = EMAIL) -> tuple[str, list[str]]:
    """Use a link; return the authenticator's secret and the recovery codes."""
    invitations = Invitations(Cipher([key]), BASE_URL)
    secret = invitations.find(token, now=now).totp_secret
    said = Enrolment(email, "Vera Lund", PASSWORD, pyotp.TOTP(secret).at(now))
    return secret, invitations.enrol(token, said, now=now)


def sign_in_by(key: str, code: str, now: datetime, number: int = 0, address: str = ADDRESS) -> bool:
    """Both steps would be counted; this is the second alone, which uses the code up."""
    operator = next(iter(list_operators()))
    try:
        SignIn(Cipher([key])).check_code(operator.id, code, address=f"{address}-{number}", now=now)
    except (Refused, TooManyTries):
        return False
    return True


def test_a_link_works_once_and_an_earlier_one_is_dead(key: str, now: datetime) -> None:
    first, second = invite(key, now), invite(key, now)
    with pytest.raises(NotFound):
        enrol(key, first, now)
    enrol(key, second, now)
    with pytest.raises(NotFound):
        enrol(key, second, now)
    assert list(list_operator_addresses()) == [EMAIL]


def test_the_first_operators_link_is_dead_once_somebody_is_one(key: str, now: datetime) -> None:
    first = invite(key, now, None)
    enrol(key, invite(key, now, "other@yourcompany.example"), now, "other@yourcompany.example")
    with pytest.raises(NotFound):
        enrol(key, first, now)
    assert Invitations(Cipher([key]), BASE_URL).invite_first(actor=OPERATOR, now=now) is None


def test_a_code_of_the_app_and_a_recovery_code_work_once(key: str, now: datetime) -> None:
    secret, codes = enrol(key, invite(key, now), now)
    later = now + timedelta(seconds=31)
    code = pyotp.TOTP(secret).at(later)
    assert sign_in_by(key, code, later)
    assert not sign_in_by(key, code, later, 1)
    assert not sign_in_by(key, pyotp.TOTP(secret).at(now), later, 2), "an earlier step is used up too"
    assert sign_in_by(key, codes[3], later, 3)
    assert not sign_in_by(key, codes[3], later, 4)


def test_tries_are_counted_before_anything_is_looked_at_and_forgotten_in_time(now: datetime) -> None:
    for _ in range(FOR_BOTH):
        count_try(EMAIL, ADDRESS, now=now)
    with pytest.raises(TooManyTries):
        count_try(f" {EMAIL.upper()} ", ADDRESS, now=now)
    count_try(EMAIL, "198.51.100.1", now=now)
    count_try(EMAIL, ADDRESS, now=now + WINDOW)
    delete_old_tries(now + WINDOW * 2 + timedelta(seconds=1))
    assert db.session.query(SignInTries).count() == 0


def test_a_session_lives_by_use_and_dies_by_time_or_by_hand(key: str, now: datetime) -> None:
    enrol(key, invite(key, now), now)
    operator = next(iter(list_operators()))
    store = OperatorSessions()

    def start(at: datetime) -> str:
        return store.save(None, {"_user_id": operator.id}, anew=True, address=ADDRESS, agent="Firefox\n", now=at)

    token = start(now)
    for minutes in range(29, 12 * 60, 29):
        assert store.find(token, now=now + timedelta(minutes=minutes)) is not None
    assert store.find(token, now=now + timedelta(hours=12)) is None
    idle = start(now)
    assert store.find(idle, now=now + timedelta(minutes=31)) is None
    ended = start(now)
    mine = next(row for row in list_sessions(operator.id, now=now) if row.agent == "Firefox")
    for row in list_sessions(operator.id, now=now):
        end_session(operator.id, row.id, actor=OPERATOR, now=now)
    assert store.find(ended, now=now) is None
    with pytest.raises(NotFound):
        end_session("opr-nobody", mine.id, actor=OPERATOR, now=now)
    delete_old_sessions(now + timedelta(days=60))
    assert db.session.query(OperatorSession).count() == 0


def test_a_session_that_was_ended_is_not_brought_back_by_a_request_under_way(key: str, now: datetime) -> None:
    store = OperatorSessions()
    token = store.save(None, {"a": 1}, anew=True, address=ADDRESS, agent="", now=now)
    store.end(token, now=now)
    store.save(token, {"a": 2}, anew=False, address=ADDRESS, agent="", now=now)
    assert store.find(token, now=now) is None


def test_a_disabled_operator_is_nobody_and_hears_nothing(key: str, now: datetime) -> None:
    secret, _ = enrol(key, invite(key, now), now)
    other = "odd@yourcompany.example"
    enrol(key, invite(key, now, other), now, other)
    operator = disable_operator(EMAIL, actor=OPERATOR, now=now)
    assert find_active_operator(operator.id) is None
    assert list(list_operator_addresses()) == [other]
    later = now + timedelta(seconds=31)
    assert not sign_in_by(key, pyotp.TOTP(secret).at(later), later)


def use_link(key: str, tokens: list[str], secrets: list[str], now: datetime, number: int) -> bool:
    said = Enrolment(EMAIL, "Vera Lund", PASSWORD, pyotp.TOTP(secrets[number]).at(now))
    try:
        Invitations(Cipher([key]), BASE_URL).enrol(tokens[number], said, now=now)
    except NotFound:
        return False
    return True


def use_code(key: str, codes: list[str], now: datetime, number: int) -> bool:
    """Each from an address of its own: the throttle counts an account's tries too, and would help."""
    operator = next(iter(list_operators()))
    try:
        SignIn(Cipher([key])).check_code(operator.id, codes[number], address=ADDRESS, now=now)
    except (Refused, TooManyTries):
        return False
    return True


def try_once(now: datetime, number: int) -> bool:
    try:
        count_try(f"somebody-{number}@yourcompany.example", f"198.51.100.{number}", now=now)
    except TooManyTries:
        return False
    return True


def test_a8_over_four_processes_each_is_used_exactly_once(app_context: Flask, database_url: str, now: datetime) -> None:
    """A link, a code and a recovery code; and of many simultaneous tries exactly ten are looked at."""
    link_key, code_key = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    secret, recovery = enrol(code_key, invite(code_key, now), now)
    later = now + timedelta(seconds=31)
    token = invite(link_key, now, "late@yourcompany.example")
    pending = Invitations(Cipher([link_key]), BASE_URL).find(token, now=later).totp_secret
    attempts: Attempts = {
        "code": partial(use_code, code_key, [pyotp.TOTP(secret).at(later)], later),
        "recovery code": partial(use_code, code_key, [recovery[0]], later + WINDOW),
        "tries": partial(try_once, later),
        "link": partial(use_link, link_key, [token], [pending], later),
    }
    assert race(database_url, attempts, rounds=1, threads=3) == {
        "code": [1],
        "recovery code": [1],
        "tries": [FOR_BOTH],
        "link": [1],
    }
