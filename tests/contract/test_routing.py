"""Which customer? The routing table of outside.md, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from flask import Flask

from app.audit import Actor
from app.organizations import NewOrganization, add_domain, add_organization
from app.signin.route import (
    NeedsEmail,
    OrganizationSelector,
    Route,
    Router,
    Selectors,
    SelectorsContradict,
    TargetUnavailable,
)

OPERATOR = Actor("cli", "test")


@dataclass(frozen=True)
class Column:
    """A connection as routing sees it."""

    id: str
    organization_id: str
    is_default: bool = False
    domains: Sequence[str] = ()


@dataclass
class House:
    """Two customers: acme with two connections, globex with one."""

    acme: str
    globex: str
    columns: list[Column] = field(default_factory=list)

    @property
    def router(self) -> Router:
        return Router(
            find_connection=lambda id_: next((c for c in self.columns if c.id == id_), None),
            active_of=lambda organization: [c for c in self.columns if c.organization_id == organization],
        )


@pytest.fixture
def house(app_context: Flask, now: datetime) -> House:
    made = [
        add_organization(NewOrganization(name=name, slug=name, external_id=f"ext {name}"), actor=OPERATOR, now=now)
        for name in ("acme", "globex")
    ]
    for organization, domain in zip(made, ("acme.example", "globex.example"), strict=True):
        add_domain(organization.id, domain, vouched=True, actor=OPERATOR, now=now)
    acme, globex = (organization.id for organization in made)
    columns = [
        Column("con-main", acme, is_default=True),
        Column("con-labs", acme, domains=("labs.example", "acme-labs.example")),
        Column("con-globex", globex, is_default=True),
    ]
    return House(acme, globex, columns)


def test_a_connection_wins_over_everything_that_agrees_with_it(house: House) -> None:
    wanted = Selectors(
        connections=("con-labs",),
        organizations=(OrganizationSelector("slug", "acme"),),
        domain_hint="acme.example",
        login_hint="a@acme.example",
    )
    assert house.router.route(wanted, None) == Route(house.acme, "con-labs")


@pytest.mark.parametrize("kind", ["id", "slug", "external_id"])
def test_an_organization_is_found_by_id_slug_or_external_id(house: House, kind: str) -> None:
    value = {"id": house.globex, "slug": "globex", "external_id": "ext globex"}[kind]
    wanted = Selectors(organizations=(OrganizationSelector(kind, value),))
    assert house.router.route(wanted, None) == Route(house.globex, "con-globex")


@pytest.mark.parametrize("hint", ["acme.example", "ACME.Example."])
def test_a_domain_hint_finds_its_owner(house: House, hint: str) -> None:
    assert house.router.route(Selectors(domain_hint=hint), None) == Route(house.acme, "con-main")


def test_a_login_hint_routes_by_the_exact_verified_domain(house: House) -> None:
    assert house.router.route(Selectors(login_hint="Ada@Globex.example"), None) == Route(house.globex, "con-globex")
    with pytest.raises(NeedsEmail):
        house.router.route(Selectors(login_hint="ada@mail.globex.example"), None)


@pytest.mark.parametrize(
    "hint", ["", "x", "@", "a@b@globex.example", "a@", "a@gmail.com", "a@co.uk", "x" * 400 + "@globex.example"]
)
def test_a_login_hint_that_is_no_known_address_routes_nowhere(house: House, hint: str) -> None:
    with pytest.raises(NeedsEmail):
        house.router.route(Selectors(login_hint=hint), None)


@pytest.mark.parametrize(
    "wanted",
    [
        Selectors(connections=("con-main", "con-labs")),
        Selectors(connections=("con-main", "con-globex")),
        Selectors(connections=("con-main",), organizations=(OrganizationSelector("slug", "globex"),)),
        Selectors(connections=("con-main",), domain_hint="globex.example"),
        Selectors(connections=("con-main",), login_hint="a@globex.example"),
        Selectors(organizations=(OrganizationSelector("slug", "acme"), OrganizationSelector("slug", "globex"))),
        Selectors(domain_hint="acme.example", login_hint="a@globex.example"),
    ],
)
def test_selectors_that_contradict_each_other_are_an_error(house: House, wanted: Selectors) -> None:
    with pytest.raises(SelectorsContradict):
        house.router.route(wanted, None)


def test_a_login_hint_contradicts_only_when_its_domain_is_verified_for_another(house: House) -> None:
    wanted = Selectors(organizations=(OrganizationSelector("slug", "acme"),), login_hint="a@elsewhere.example")
    assert house.router.route(wanted, None) == Route(house.acme, "con-main")


@pytest.mark.parametrize(
    "wanted",
    [
        Selectors(connections=("con-unknown",)),
        Selectors(organizations=(OrganizationSelector("slug", "initech"),)),
        Selectors(domain_hint="initech.example"),
        Selectors(domain_hint="not a domain"),
    ],
)
def test_unknown_targets_give_one_and_the_same_error(house: House, wanted: Selectors) -> None:
    with pytest.raises(TargetUnavailable) as refused:
        house.router.route(wanted, None)
    assert (refused.value.code, refused.value.public) == (TargetUnavailable.code, TargetUnavailable.public)


def test_a_client_reaches_only_its_allowed_organizations(house: House) -> None:
    with pytest.raises(TargetUnavailable):
        house.router.route(Selectors(connections=("con-globex",)), [house.acme])


def test_the_only_allowed_organization_needs_no_selector(house: House) -> None:
    assert house.router.route(Selectors(), [house.globex]) == Route(house.globex, "con-globex")


def test_an_id_token_hint_decides_only_where_nothing_else_does(house: House) -> None:
    wanted = Selectors(hinted_connection="con-labs")
    assert house.router.route(wanted, None) == Route(house.acme, "con-labs")
    named = Selectors(hinted_connection="con-labs", domain_hint="globex.example")
    assert house.router.route(named, None) == Route(house.globex, "con-globex")


def test_of_several_connections_the_one_that_lists_the_domain_is_taken(house: House, now: datetime) -> None:
    add_domain(house.acme, "labs.example", vouched=True, actor=OPERATOR, now=now)
    assert house.router.route(Selectors(login_hint="a@labs.example"), None) == Route(house.acme, "con-labs")
    assert house.router.route(Selectors(login_hint="a@acme.example"), None) == Route(house.acme, "con-main")


def test_without_a_default_several_connections_are_an_error_and_one_is_not(house: House) -> None:
    house.columns = [Column("con-a", house.acme), Column("con-b", house.acme), Column("con-c", house.globex)]
    with pytest.raises(TargetUnavailable):
        house.router.route(Selectors(domain_hint="acme.example"), None)
    assert house.router.route(Selectors(domain_hint="globex.example"), None) == Route(house.globex, "con-c")


def test_nothing_at_all_asks_for_the_email(house: House) -> None:
    with pytest.raises(NeedsEmail):
        house.router.route(Selectors(), None)
    with pytest.raises(NeedsEmail):
        house.router.route(Selectors(), [house.acme, house.globex])
