"""Customers cannot reach each other: rows T3, T4 and T8 of the storage below every face (black-box parts are in flows)."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from app.audit import EventFilter, list_events
from app.cipher import Cipher
from app.claims import make_sub
from app.errors import Conflict, Invalid, NotFound
from app.organizations import (
    DomainOwner,
    add_domain,
    change_organization,
    find_domain_owner,
    normalize_domain,
    remove_domain,
)
from tests.support.columns import READY
from tests.support.customers import OPERATOR, Customers, connections_of, silence


@pytest.fixture
def customers(app_context: Flask, cipher: Cipher, now: datetime) -> Customers:
    return Customers(connections_of(cipher), now, "acme-oidc")


def test_t3_two_customers_with_the_same_identity_provider_stay_apart(customers: Customers) -> None:
    """T3: the same IdP entity ID twice: own ACS, own entity ID, own key, and another `sub` for the same subject."""
    connections = [customers.active(customers.organization(name), "acme-saml") for name in ("Acme", "Globex")]
    one, other = (customers.connections.open(made.id).context(customers.now, silence) for made in connections)
    assert one.settings["idp_entity_id"] == other.settings["idp_entity_id"]
    assert one.service_provider.acs_url != other.service_provider.acs_url
    assert one.service_provider.entity_id != other.service_provider.entity_id
    assert one.service_provider.keys[0].private_key_pem != other.service_provider.keys[0].private_key_pem
    assert make_sub(one.connection_id, "jane") != make_sub(other.connection_id, "jane")


def test_t3_one_customer_cannot_take_anothers_audience(customers: Customers) -> None:
    """T3: an entity ID of ours that another connection has, by default or by setting, is refused."""
    victim = customers.active(
        customers.organization("Acme"), "acme-saml", settings={**READY, "sp_entity_id": "urn:acme:sp"}
    )
    ordinary = customers.active(customers.organization("Initech"), "acme-saml")
    attacker = customers.draft(customers.organization("Globex"), "acme-saml").id
    with pytest.raises(Conflict):
        customers.change(attacker, settings={"sp_entity_id": "urn:acme:sp"})
    with pytest.raises(Invalid):
        customers.change(attacker, settings={"sp_entity_id": ordinary.sp_entity_id})
    assert victim.sp_entity_id == "urn:acme:sp"


def test_t3_what_an_adapter_remembers_is_per_connection(customers: Customers) -> None:
    """T3: caches of two connections with the same settings are not shared."""
    one, other = (customers.connections.open(customers.active(customers.organization()).id) for _ in range(2))
    one.configuration.cache.get_or_make("jwks", lambda: "of one")
    assert other.configuration.cache.get_or_make("jwks", lambda: "of other") == "of other"


@pytest.mark.parametrize(
    "spelling", ["acme.example", "ACME.EXAMPLE", "acme.example.", " acme.example", "ａｃｍｅ.example", "acme。example"]
)
def test_t4_no_spelling_of_an_owned_domain_can_be_claimed(customers: Customers, spelling: str) -> None:
    """T4: one owner on the normalised A-label."""
    acme, globex = customers.organization("Acme"), customers.organization("Globex")
    add_domain(acme, "acme.example", vouched=True, actor=OPERATOR, now=customers.now)
    with pytest.raises(Conflict):
        add_domain(globex, spelling, vouched=True, actor=OPERATOR, now=customers.now)
    assert find_domain_owner(spelling) == DomainOwner(acme, "verified")


@pytest.mark.parametrize("homograph", ["аcme.example", "acmе.example", "acme\u0301.example", "acme-.example.com"])
def test_t4_a_homograph_is_never_the_domain_it_looks_like(customers: Customers, homograph: str) -> None:
    """T4: it is another name, or none."""
    acme = customers.organization("Acme")
    add_domain(acme, "acme.example", vouched=True, actor=OPERATOR, now=customers.now)
    try:
        assert normalize_domain(homograph) != "acme.example"
    except Invalid:
        return
    assert find_domain_owner(homograph) is None


@pytest.mark.parametrize("nobodys", ["co.uk", "com", "github.io", "gmail.com", "mail.gmail.com", "onmicrosoft.com"])
def test_t4_what_belongs_to_everybody_belongs_to_nobody(customers: Customers, nobodys: str) -> None:
    """T4: a public suffix or a free-mail domain would hand over everybody below it."""
    with pytest.raises(Invalid):
        add_domain(customers.organization(), nobodys, vouched=True, actor=OPERATOR, now=customers.now)


def test_t4_a_subdomain_and_its_parent_have_owners_of_their_own(customers: Customers) -> None:
    """T4: owning a subdomain gives nothing of the parent, nor the other way round."""
    acme, globex = customers.organization("Acme"), customers.organization("Globex")
    add_domain(globex, "lab.acme.example", vouched=True, actor=OPERATOR, now=customers.now)
    assert find_domain_owner("acme.example") is None
    add_domain(acme, "acme.example", vouched=True, actor=OPERATOR, now=customers.now)
    assert find_domain_owner("lab.acme.example") == DomainOwner(globex, "verified")


def test_t4_a_domain_that_was_given_up_proves_nothing_for_its_old_owner(customers: Customers) -> None:
    """T4: after the owner changed, the old one has no trace of it."""
    acme, globex = customers.organization("Acme"), customers.organization("Globex")
    add_domain(acme, "acme.example", vouched=True, actor=OPERATOR, now=customers.now)
    remove_domain(acme, "acme.example", actor=OPERATOR, now=customers.now)
    add_domain(globex, "acme.example", vouched=True, actor=OPERATOR, now=customers.now)
    assert find_domain_owner("acme.example") == DomainOwner(globex, "verified")
    with pytest.raises(NotFound):
        remove_domain(acme, "acme.example", actor=OPERATOR, now=customers.now)


def test_t4_a_listed_domain_is_a_hint_and_no_claim(customers: Customers) -> None:
    """T4: a connection that lists another customer's domain gets nobody routed to it by that."""
    acme, globex = customers.organization("Acme"), customers.organization("Globex")
    add_domain(acme, "acme.example", vouched=True, actor=OPERATOR, now=customers.now)
    customers.active(globex, domains=["acme.example"])
    assert find_domain_owner("acme.example") == DomainOwner(acme, "verified")


@pytest.mark.parametrize("how", ["connection disabled", "connection deleted", "organization disabled", "still a draft"])
def test_t8_what_is_closed_is_closed_at_every_entry(customers: Customers, how: str) -> None:
    """T8: not routable and not usable, also where a process remembers the configuration from before."""
    acme = customers.organization()
    made = customers.draft(acme) if how == "still a draft" else customers.active(acme)
    customers.connections.open(made.id)
    if how == "connection disabled":
        customers.deactivate(made.id)
    elif how == "connection deleted":
        customers.connections.delete(made.id, actor=OPERATOR, now=customers.now)
    elif how == "organization disabled":
        change_organization(acme, {"status": "disabled"}, actor=OPERATOR, now=customers.now)
    assert customers.connections.find_route(made.id) is None
    assert not customers.connections.active_of(acme)
    try:
        assert not customers.connections.open(made.id).usable
    except NotFound:
        assert how == "connection deleted"


def test_every_event_of_a_customer_is_in_that_customers_chain_only(customers: Customers) -> None:
    """T9: one customer's audit log tells nothing of another's connections and domains."""
    acme, globex = customers.organization("Acme"), customers.organization("Globex")
    secret_project = customers.active(acme, name="Project Manhattan")
    add_domain(acme, "manhattan.example", vouched=True, actor=OPERATOR, now=customers.now)
    theirs = str(list_events(EventFilter(organization_id=globex), limit=50, after=None).items)
    assert secret_project.id not in theirs
    assert "anhattan" not in theirs
