"""Groups to roles in the portal: only where operators allow it, only what they listed, only one's own. Item 3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.support.clock import SettableClock
from tests.support.visitor import Visitor
from tests.support.whole_app import whole_app


@pytest.fixture
def app(database_url: str, clock: SettableClock, tmp_path: Path) -> Iterator[Flask]:
    with whole_app(database_url, clock, tmp_path) as made:
        yield made


class Customer(Visitor):
    """An administrator who may give `viewer` and `editor`."""

    roles: tuple[str, ...] = ("viewer", "editor")

    def begin(self) -> str:
        self.allow(*self.roles)
        self.enter()
        self.root = self.choose("entra-saml")
        return f"{self.root}/roles"

    @property
    def connection(self) -> str:
        return self.root.removeprefix("/setup/")

    def allow(self, *roles: str) -> None:
        self.api.ok("PUT", f"/organizations/{self.organization}/role-choices", {"roles": list(roles)})

    def rules(self) -> list[tuple[Any, ...]]:
        items = self.api.ok("GET", f"/organizations/{self.organization}/role-rules")["items"]
        rows = sorted(items, key=lambda one: one["priority"])
        return [(one["group"], one["role"], one["connection_id"] == self.connection) for one in rows]

    def events(self) -> list[str]:
        items = self.api.ok("GET", f"/audit-events?organization_id={self.organization}&limit=200")["items"]
        return [one["name"] for one in items if one["actor"]["kind"] == "setup_link"]


def test_without_the_operators_word_there_is_no_such_page(app: Flask, clock: SettableClock) -> None:
    """Default off: not in the task list, 404, and the try is in the audit log."""
    customer = Customer(app, clock)
    customer.enter()
    root = customer.choose("okta-saml")
    assert "/roles" not in customer.get(f"{root}/tasks")
    customer.get(f"{root}/roles", 404)
    customer.post(f"{root}/roles", status=404, group="Staff", role="viewer")
    assert customer.events().count("setup_link.refused") == 2


def test_an_administrator_gives_orders_and_takes_away_roles(app: Flask, clock: SettableClock) -> None:
    """Each change is in the audit log under the link; rules are of this connection alone."""
    customer = Customer(app, clock)
    page = customer.begin()
    assert "Give roles by group" in customer.get(f"{customer.root}/tasks")
    for group, role in (("Staff", "viewer"), ("Editors", "editor")):
        customer.post(page, page, group=group, role=role)
    customer.post(page, page, whom="everybody", role="viewer")
    assert customer.rules() == [("Staff", "viewer", True), ("Editors", "editor", True), (None, "viewer", True)]
    up = re.findall(rf'action="({page}/rol-[a-z0-9]+/up)"', customer.get(page))
    assert len(up) == 1
    customer.post(up[0], page)
    assert [rule[0] for rule in customer.rules()] == ["Editors", "Staff", None]
    removals = re.findall(rf'action="({page}/rol-[a-z0-9]+/remove)"', customer.get(page))
    customer.post(removals[0], page)
    assert [rule[0] for rule in customer.rules()] == ["Staff", None]
    names = customer.events()
    assert (names.count("role_rule.created"), names.count("role_rule.deleted")) == (3, 1)
    assert names.count("role_rule.changed") == 2
    assert customer.post(f"{page}/done", page).headers["Location"].startswith(customer.root)
    assert "Completed" in customer.get(f"{customer.root}/tasks").split("Give roles by group")[1][:400]


def test_only_listed_roles_are_given(app: Flask, clock: SettableClock) -> None:
    """A form that was tampered with gives nobody another role."""
    customer = Customer(app, clock)
    page = customer.begin()
    for role in ("admin", "", "Viewer", "viewer "):
        text = customer.post(page, page, 422, group="Staff", role=role).text
        assert "Choose one of the roles in the list." in text
        assert 'value="Staff"' in text
    customer.post(page, page, 422, group="  ", role="viewer")
    customer.post(page, page, group="Staff", role="viewer")
    assert "This group has a role already." in customer.post(page, page, 422, group="Staff", role="editor").text
    customer.post(page, page, whom="everybody", role="viewer")
    assert "Everybody else has a role already" in customer.post(page, page, 422, whom="everybody", role="editor").text
    assert len(customer.rules()) == 2


def test_customers_leave_room_for_the_operators_rules(
    app: Flask, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.claims.customer_roles.MAX_OWN", 2)
    customer = Customer(app, clock)
    page = customer.begin()
    for group in ("A", "B"):
        customer.post(page, page, group=group, role="viewer")
    assert "There are too many rules." in customer.post(page, page, 422, group="C", role="viewer").text
    customer.api.ok("POST", f"/organizations/{customer.organization}/role-rules", {"group": "C", "role": "admin"})


def test_what_operators_set_is_shown_and_not_touched(app: Flask, clock: SettableClock) -> None:
    """Rules of the whole organization, and roles that are not listed: no button, and 404 for a form all the same."""
    customer = Customer(app, clock)
    page = customer.begin()
    path = f"/organizations/{customer.organization}/role-rules"
    wide = customer.api.ok("POST", path, {"group": "Board", "role": "viewer"})["id"]
    special = {"group": "Root", "role": "admin", "connection_id": customer.connection, "priority": 1}
    admin = customer.api.ok("POST", path, special)["id"]
    customer.post(page, page, group="Staff", role="viewer")
    text = customer.get(page)
    assert text.count("Set by the team that runs this service.") == 2
    before = customer.rules()
    for rule in (wide, admin, "rol-" + "a" * 26):
        assert rule not in text
        customer.post(f"{page}/{rule}/remove", page, 404)
        customer.post(f"{page}/{rule}/up", page, 404)
    own = next(one["id"] for one in customer.api.ok("GET", path)["items"] if one["group"] == "Staff")
    customer.post(f"{page}/{own}/up", page)
    assert customer.rules() == before, "it passes no rule of the operators'"
    customer.allow("editor")
    customer.post(f"{page}/{own}/remove", page, 404)


def test_nobody_touches_the_roles_of_another_organization(app: Flask, clock: SettableClock) -> None:
    """Row T9: another's connection and another's rule, also where both may give roles."""
    one, other = Customer(app, clock), Customer(app, clock)
    page, theirs = one.begin(), other.begin()
    other.post(theirs, theirs, group="Staff", role="viewer")
    rule = other.api.ok("GET", f"/organizations/{other.organization}/role-rules")["items"][0]["id"]
    one.get(theirs, 404)
    one.post(theirs, page, 404, group="X", role="viewer")
    one.post(f"{theirs}/{rule}/remove", page, 404)
    one.post(f"{page}/{rule}/remove", page, 404)
    one.post(f"{page}/{rule}/up", page, 404)
    assert other.rules() == [("Staff", "viewer", True)]


def test_roles_of_people_who_sign_in_now_are_changed_after_a_code_only(app: Flask, clock: SettableClock) -> None:
    """They hold from the very next sign-in."""
    customer = Customer(app, clock)
    page = customer.begin()
    settings = {"idp_entity_id": "https://sts.windows.net/6babcaad-604b-40ac-a9d7-9fd97c0b779f/"}
    with app.app_context():
        from app.connections.models import Connection
        from app.database import db

        row = db.session.get(Connection, customer.connection)
        assert row is not None
        row.status, row.settings = "active", {**row.settings, **settings}
        row.updated_at = datetime(2026, 1, 1, tzinfo=UTC)
        db.session.commit()
    assert "/setup/code" in customer.get(page)
    assert customer.post(page, page, group="Staff", role="viewer").headers["Location"] == "/setup/code"
    assert customer.rules() == []


def test_object_ids_are_shown_as_ids(app: Flask, clock: SettableClock) -> None:
    """Requirement 22."""
    customer = Customer(app, clock)
    page = customer.begin()
    customer.post(page, page, group="6babcaad-604b-40ac-a9d7-9fd97c0b779f", role="viewer")
    assert "Object ID</span>" in customer.get(page)


@pytest.mark.parametrize("roles", [["a\nb"], [""], ["x" * 201], [f"r{n}" for n in range(51)]])
def test_choices_that_are_none_are_refused(app: Flask, clock: SettableClock, roles: list[str]) -> None:
    customer = Customer(app, clock)
    path = f"/organizations/{customer.organization}/role-choices"
    assert customer.api.refused("PUT", path, {"roles": roles})[0] == 422
    assert customer.api.ok("GET", path) == {"roles": []}
