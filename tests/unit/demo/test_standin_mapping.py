"""User mapping at the stand-in (facts about Auth0, section 2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from app.demo.loopback import Answer
from app.demo.standin.failures import LoginFailed
from app.demo.standin.mapping import map_claims
from app.demo.standin.snapshot import Snapshot
from app.demo.standin.tenant.upstream import UpstreamConnection
from app.demo.standin.tenant.users import Users
from app.demo.standin.userinfo import fetch_userinfo
from tests.support.clock import SettableClock

CLAIMS = {"sub": "s", "email": "ada@a.example", "portico_groups": ["x", "y"], "email_verified": True}


def nothing() -> Mapping[str, Any]:
    raise AssertionError("userinfo was called")


def mapped(mode: str = "use_map", **attributes: str) -> UpstreamConnection:
    return UpstreamConnection("portico", "c", id="con_1", mapping_mode=mode, mapped=attributes)  # type: ignore[arg-type]


def test_bind_all_keeps_everything_as_it_is() -> None:
    """Lists stay lists, and a map is not looked at."""
    assert map_claims(mapped("bind_all", email="${context.userinfo.email}"), CLAIMS, nothing) == CLAIMS


def test_use_map_takes_what_is_mapped_and_flattens_lists() -> None:
    """References, literals, both together; what leads nowhere is absent."""
    connection = mapped(
        email="${context.tokenset.email}",
        federated_groups="${context.tokenset.portico_groups}",
        verified="${context.tokenset.email_verified}",
        label="from ${context.connection.strategy} ${context.connection.id}",
        joined="g:${context.tokenset.portico_groups}",
        fixed="x",
        absent="${context.tokenset.portico_org}",
        half="y${context.tokenset.portico_org}",
    )
    assert map_claims(connection, CLAIMS, nothing) == {
        "email": "ada@a.example",
        "federated_groups": "x,y",
        "verified": True,
        "label": "from oidc con_1",
        "joined": "g:x,y",
        "fixed": "x",
    }


def test_userinfo_is_called_only_where_a_mapping_names_it() -> None:
    """Everything else has to be in the ID token."""
    assert map_claims(mapped(email="${context.tokenset.email}"), CLAIMS, nothing) == {"email": "ada@a.example"}
    connection = mapped(phone="${context.userinfo.phone_number}")
    assert map_claims(connection, CLAIMS, lambda: {"phone_number": "1"}) == {"phone": "1"}


@pytest.mark.parametrize(
    ("status", "content_type", "body"),
    [
        (401, "application/json", b"{}"),
        (200, "text/html", b"{}"),
        (200, "application/json", b"x"),
        (200, "application/json", b"[]"),
        (200, "application/json", b'{"sub": "t"}'),
    ],
)
def test_an_answer_of_userinfo_that_is_none_fails_the_login(status: int, content_type: str, body: bytes) -> None:
    """Its `sub` has to be the ID token's (section 0)."""

    class Http:
        def request(self, *_: object, **__: object) -> Answer:
            return Answer(status, {"content-type": content_type}, body)

    connection = UpstreamConnection("portico", "c", snapshot=Snapshot({"userinfo_endpoint": "https://x.example/u"}))
    with pytest.raises(LoginFailed):
        fetch_userinfo(Http(), connection, "t", "s")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("when", "names"),
    [("on_each_login", ["One", "Two"]), ("on_first_login", ["One", "One"]), ("never_on_login", [None, None])],
)
def test_when_names_are_written_to_the_profile(when: str, names: list[str | None]) -> None:
    """`set_user_root_attributes`: names and picture only, everything else with each login."""
    users, now = Users(), SettableClock()()
    for name, expected in zip(("One", "Two"), names, strict=True):
        attributes = {"name": name, "portico_org": name}
        record = users.sign_in("oidc|portico|s", "portico", attributes, now, to_root=False, root_attributes=when)
        assert (record.get("name"), record["portico_org"]) == (expected, name)
