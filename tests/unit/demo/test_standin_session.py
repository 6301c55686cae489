"""The tenant's own session: what it may answer by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.demo.standin.authorize import ApplicationRequest
from app.demo.standin.profile import User
from app.demo.standin.sessions import Session, Sessions, session_suffices
from app.demo.standin.tenant.applications import Application
from tests.support.clock import SettableClock

NOW = datetime(2026, 11, 23, 14, 2, 9, tzinfo=UTC)


def test_a_session_ends_after_three_days_without_use_and_after_seven_in_all() -> None:
    """The defaults of a tenant: much longer than a session of Portico's."""
    clock = SettableClock(NOW)
    sessions = Sessions(clock, lambda size: b"r" * size)
    handle = sessions.put(Session(User("oidc|portico|s", {}, (), NOW), "con_1", "oidc|portico|s"))
    for _ in range(3):
        clock.advance(days=2)
        assert sessions.find(handle)
    clock.advance(days=1)
    assert sessions.find(handle) is None
    again = sessions.put(Session(User("oidc|portico|s", {}, (), NOW), "con_1", "oidc|portico|s"))
    clock.advance(days=3)
    assert sessions.find(again) is None


@pytest.mark.parametrize(
    ("values", "bound_s", "suffices"),
    [
        ({}, None, True),
        ({"prompt": "login"}, None, False),
        ({"max_age": "61"}, None, True),
        ({"max_age": "60"}, None, False),
        ({"max_age": "0"}, None, False),
        ({"max_age": "²"}, None, True),
        ({}, 1, True),
        ({}, 0, False),
    ],
)
def test_when_a_session_answers(values: dict[str, str], bound_s: int | None, suffices: bool) -> None:
    """`prompt`, `max_age` and the bound that upstream put on its session (`session_expiry`)."""
    asked = ApplicationRequest(Application("a", "a", "s"), "https://a.example/cb", values)
    bound = None if bound_s is None else int(NOW.timestamp()) + bound_s
    user = User("oidc|portico|s", {}, (), NOW - timedelta(seconds=60), bound)
    assert session_suffices(asked, Session(user, "con_1", user.id), NOW) is suffices
