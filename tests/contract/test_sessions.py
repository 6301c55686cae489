"""Portico sessions as they are stored: found by the browser's newest cookie, over in time, named by providers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType, SimpleNamespace
from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy import select

from app.cipher import CannotDecrypt, Cipher
from app.claims import NOTHING_ADDED
from app.connections import LiveConnection
from app.database import db, transaction
from app.signin.decide import decide
from app.signin.identities import dump_identity, load_identity
from app.signin.models import PorticoSession
from app.signin.sessions import (
    LIFETIME,
    REMEMBERED,
    StoredSession,
    add_session,
    delete_old_sessions,
    end_sessions,
    find_named,
    find_sessions,
    open_session,
)
from app.signin.trace import Trace
from tests.support.columns import identity
from tests.support.finished import finished_sign_in


def add(cipher: Cipher, now: datetime, token: str = "first", earlier: str | None = None, **changes: Any) -> None:
    said = {"logout_name": "jane", "session_index": "_1", "logout_state": {"id_token": "x"}}
    finished = replace(finished_sign_in(now, **said), **changes)
    with transaction():
        add_session(cipher, finished, trust="1.1", token=token, earlier=earlier, now=now)


def subs(sessions: list[StoredSession]) -> list[str]:
    return sorted(session.sub for session in sessions)


def test_it_comes_back_whole_to_the_browser_that_holds_its_cookie(
    app_context: Flask, cipher: Cipher, now: datetime
) -> None:
    add(cipher, now)
    (found,) = find_sessions("first", now)
    assert (found.client_id, found.connection_id, found.sub, found.trust) == ("cli-a", "con-a", "usr-jane", "1.1")
    assert open_session(cipher, found).logout_state == {"id_token": "x"}
    assert find_sessions("second", now) == []


def test_it_is_over_after_eight_hours_or_earlier(app_context: Flask, cipher: Cipher, now: datetime) -> None:
    """The provider's bound counts where it is earlier, and lengthens nothing."""
    add(cipher, now, sub="usr-long", session_expires_at=now + timedelta(days=30))
    add(cipher, now, "first", sub="usr-short", session_expires_at=now + timedelta(hours=1))
    assert subs(find_sessions("first", now)) == ["usr-long", "usr-short"]
    assert subs(find_sessions("first", now + timedelta(hours=1))) == ["usr-long"]
    assert find_sessions("first", now + LIFETIME) == []


def test_a_new_sign_in_gives_the_browser_a_new_cookie_for_all(
    app_context: Flask, cipher: Cipher, now: datetime
) -> None:
    """The old value finds nothing; the person who signed in again is there once."""
    add(cipher, now, "first")
    add(cipher, now, "first", connection_id="con-b")
    add(cipher, now + timedelta(minutes=1), "second", earlier="first")
    assert find_sessions("first", now) == []
    found = find_sessions("second", now)
    assert sorted(session.connection_id for session in found) == ["con-a", "con-b"]
    assert found[0].started_at == now + timedelta(minutes=1), "the newest first"


def test_an_ended_session_holds_nothing_any_more_and_ends_once(
    app_context: Flask, cipher: Cipher, now: datetime
) -> None:
    """Who it was stays, for the provider's messages; what was proven goes."""
    add(cipher, now)
    found = find_sessions("first", now)
    assert end_sessions(found, now) == found
    assert end_sessions(found, now) == []
    assert find_sessions("first", now) == []
    row = db.session.scalars(select(PorticoSession)).one()
    assert (row.sealed, row.token_hash) == (None, None)
    assert subs(find_named("con-a", "jane", ())) == ["usr-jane"]


@pytest.mark.parametrize(
    ("connection", "name", "indexes", "expected"),
    [
        ("con-a", "jane", (), ["usr-jane", "usr-jane-2"]),
        ("con-a", "jane", ("_1",), ["usr-jane", "usr-jane-2"]),  # of the second nobody knows the index
        ("con-a", "jane", ("_9",), ["usr-jane-2"]),
        ("con-a", None, ("_1",), ["usr-jane"]),
        ("con-a", "bob", (), []),
        ("con-b", "jane", (), []),  # P9: another tenant's name is another name
        ("con-b", None, ("_1",), []),
        ("con-a", None, (), []),
    ],
)
def test_p9_a_provider_means_sessions_of_its_own_connection(
    app_context: Flask,
    cipher: Cipher,
    now: datetime,
    connection: str,
    name: str | None,
    indexes: tuple[str, ...],
    expected: list[str],
) -> None:
    add(cipher, now)
    without = identity(logout_name="jane")
    add(cipher, now, "other", sub="usr-jane-2", identity=without)
    assert subs(find_named(connection, name, indexes)) == expected


def test_a_session_is_sealed_to_its_row(app_context: Flask, cipher: Cipher, now: datetime) -> None:
    """M11: what was copied to another row does not open there."""
    add(cipher, now)
    add(cipher, now, "second", sub="usr-bob")
    (jane,), (bob,) = find_sessions("first", now), find_sessions("second", now)
    with pytest.raises(CannotDecrypt):
        open_session(cipher, replace(jane, sealed=bob.sealed))
    with pytest.raises(ValueError, match="over"):
        open_session(cipher, replace(jane, sealed=None))


def test_old_sessions_are_emptied_and_then_forgotten(app_context: Flask, cipher: Cipher, now: datetime) -> None:
    """Kept a while after their end, for whom a provider means."""
    add(cipher, now)
    later = now + LIFETIME + timedelta(minutes=1)
    assert delete_old_sessions(later) == 0
    assert db.session.scalars(select(PorticoSession)).one().sealed is None
    assert subs(find_named("con-a", "jane", ())) == ["usr-jane"]
    assert delete_old_sessions(later + REMEMBERED) == 1
    assert find_named("con-a", "jane", ()) == []


def test_an_identity_survives_as_text() -> None:
    """Every member of every kind."""
    one = identity(
        attributes={"groups": ("a", "b"), "email": ("jane@acme.example",)},
        authenticated_at=datetime(2026, 3, 2, 9, 0, 0, 5, tzinfo=UTC),
        acr="urn:a",
        amr=("pwd", "otp"),
        session_expires_at=datetime(2026, 3, 2, 19, 0, tzinfo=UTC),
        session_index="_1",
        logout_name="jane",
        logout_state={"name_id": "jane"},
        email_verified=False,
        incomplete=frozenset({"groups"}),
    )
    assert load_identity(dump_identity(one)) == one
    with pytest.raises(ValueError, match="another version"):
        load_identity('{"unheard_of": 1}')


@pytest.mark.parametrize(
    ("provider", "policy", "expected"),
    [(None, None, None), (600, None, 600), (None, 900, 900), (600, 900, 600), (1200, 900, 900)],
)
def test_the_earliest_bound_on_the_session_wins(
    app_context: Flask, now: datetime, provider: int | None, policy: int | None, expected: int | None
) -> None:
    """SessionNotOnOrAfter or the upstream `session_expiry`, and the organization's policy."""
    live = SimpleNamespace(
        id="con-a",
        organization_id="org-a",
        organization_external_id=None,
        organization_auth0_id=None,
        organization_policy=MappingProxyType({"max_session_s": policy}),
        subject_source=None,
        claim_rules=(),
        additions=NOTHING_ADDED,
    )
    ends = None if provider is None else now + timedelta(seconds=provider)
    decided = decide(
        cast(LiveConnection, live),
        identity(session_expires_at=ends),
        client_id="cli-a",
        started_at=now,
        trace=Trace("t" * 32, "callback"),
        now=now,
    )
    assert decided.session_expires_at == (None if expected is None else now + timedelta(seconds=expected))
