"""Keys of the management API in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest

from app.access import ApiKey, add_api_key, get_api_key, list_api_keys, revoke_api_key, verify_api_key
from app.audit import Actor, EventFilter, list_events
from app.database import db
from app.errors import Forbidden, Invalid, NotFound
from tests.support.clock import SettableClock

OPERATOR = Actor("cli", "test")

pytestmark = pytest.mark.usefixtures("app_context")


def make(now: datetime, scopes: Sequence[str] = ("*",), actor: Actor = OPERATOR) -> tuple[ApiKey, str]:
    return add_api_key("Provisioning", scopes, actor=actor, now=now)


def test_a_key_is_accepted_and_stored_hashed_only(now: datetime) -> None:
    """M11: a dump of the table gives no key; the log shows none."""
    row, key = make(now)
    assert key.startswith("portico_key_")
    found = verify_api_key(key, now=now)
    assert found is not None
    assert found.id == row.id
    stored = {column.name: getattr(row, column.name) for column in ApiKey.__table__.columns}
    assert key not in str(stored)
    assert key not in str(list_events(EventFilter(target=row.id), limit=5, after=None).items)


def test_anything_else_is_not_accepted(now: datetime) -> None:
    """M1: empty, cut, of the wrong case, the hash, a client's secret, with blanks, not ASCII."""
    row, key = make(now)
    wrong = ["", " ", key[:-1], key + "x", key.upper(), f" {key}", row.key_hash, "portico_key_", "portico_secret_x"]
    for other in [*wrong, "portico_key_\0", "portico_key_ä", "portico_key_" + "x" * 10_000]:
        assert verify_api_key(other, now=now) is None


def test_a_revoked_key_is_useless_at_once_and_stays_in_the_list(now: datetime) -> None:
    """Revoking twice is one event."""
    row, key = make(now)
    revoke_api_key(row.id, actor=OPERATOR, now=now)
    revoke_api_key(row.id, actor=OPERATOR, now=now)
    assert verify_api_key(key, now=now) is None
    assert get_api_key(row.id).revoked_at == now
    assert [one.id for one in list_api_keys(limit=5)] == [row.id]
    names = [event.name for event in list_events(EventFilter(target=row.id), limit=5, after=None).items]
    assert names == ["api_key.revoked", "api_key.created"]


def test_a_key_makes_no_key_that_may_do_more(now: datetime) -> None:
    """M8, escalation: scopes are at most one's own, and a revoked key makes none."""
    row, _ = make(now, ["api-keys:write", "clients:write"])
    itself = Actor("api_key", row.id)
    make(now, ["clients:read", "api-keys:read"], itself)
    for beyond in (["*"], ["connections:read"], ["clients:read", "audit:read"]):
        with pytest.raises(Forbidden):
            make(now, beyond, itself)
    revoke_api_key(row.id, actor=OPERATOR, now=now)
    with pytest.raises(Forbidden):
        make(now, ["clients:read"], itself)
    with pytest.raises(Forbidden):
        make(now, ["clients:read"], Actor("api_key", "key-nobody"))
    assert len(list_api_keys(limit=10)) == 2


@pytest.mark.parametrize(("name", "scopes"), [("", ["*"]), ("a\nb", ["*"]), ("a", []), ("a", ["root"])])
def test_a_key_has_a_name_and_known_scopes(name: str, scopes: list[str], now: datetime) -> None:
    """Nothing is stored otherwise."""
    with pytest.raises(Invalid):
        add_api_key(name, scopes, actor=OPERATOR, now=now)
    assert list_api_keys(limit=5) == []


def test_the_use_of_a_key_is_noted_at_most_once_a_minute(clock: SettableClock) -> None:
    """A script that calls often writes rarely."""
    row, key = make(clock())
    first = clock()
    verify_api_key(key, now=first)
    verify_api_key(key, now=clock.advance(59))
    db.session.expire_all()
    assert get_api_key(row.id).last_used_at == first
    verify_api_key(key, now=clock.advance(2))
    assert get_api_key(row.id).last_used_at == clock()


def test_what_is_not_there_is_not_found(now: datetime) -> None:
    """get_ raises."""
    with pytest.raises(NotFound):
        get_api_key("key-nobody")
    with pytest.raises(NotFound):
        revoke_api_key("key-nobody", actor=OPERATOR, now=now)
