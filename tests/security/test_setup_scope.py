"""Rows T9 and T10 for the setup portal: what a visit may do at its desk, and that nothing else is there."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from flask import Flask

from app.audit import EventFilter, list_events
from app.cipher import Cipher
from app.connections import Connections, NewConnection
from app.errors import Conflict, Invalid, NotFound, PorticoError
from app.organizations import DnsAnswer, NewContact, add_contact, add_domain, get_domain, list_contacts
from app.setup_links import CodeNeeded, Desk, NewSetupLink, SetupLinks, Visit
from tests.support.columns import READY
from tests.support.customers import BASE_URL, OPERATOR, Customers, connections_of

pytestmark = pytest.mark.usefixtures("app_context")
CHANGE: Any = {"settings": {"sso_url": "https://idp.example/new"}}

#: Every act at the desk on a connection, by name.
ON_CONNECTIONS: dict[str, Callable[[Desk, str, datetime], object]] = {
    "connection": lambda desk, id_, now: desk.connection(id_),
    "read": lambda desk, id_, now: desk.connection(id_, reading=True),
    "describe": lambda desk, id_, now: desk.describe(id_),
    "preview_settings": lambda desk, id_, now: desk.preview_settings(id_, {}, now=now),
    "change": lambda desk, id_, now: desk.change_connection(id_, CHANGE, now=now),
    "rename": lambda desk, id_, now: desk.change_connection(id_, {"name": "x"}, now=now),
    "secret": lambda desk, id_, now: desk.set_secret_expiry(id_, "client_secret", None, now=now),
    "discard": lambda desk, id_, now: desk.discard_draft(id_, now=now),
    "activate": lambda desk, id_, now: desk.activate(id_, now=now),
    "restore": lambda desk, id_, now: desk.restore(id_, now=now),
    "certificates": lambda desk, id_, now: desk.certificates(id_, now=now),
    "add": lambda desk, id_, now: desk.add_certificates(id_, "MIIB", now=now),
    "retire": lambda desk, id_, now: desk.retire_certificate(id_, "f" * 64, now=now),
    "watch": lambda desk, id_, now: desk.watch(id_),
    "metadata": lambda desk, id_, now: desk.read_metadata(id_, now=now),
    "code_needed": lambda desk, id_, now: desk.code_needed(id_),
}
READING = {"read", "describe", "certificates", "watch", "code_needed"}
ON_DOMAINS: dict[str, Callable[[Desk, str, datetime], object]] = {
    "domain": lambda desk, name, now: desk.domain(name),
    "check": lambda desk, name, now: desk.check_domain(name, now=now),
    "remove": lambda desk, name, now: desk.remove_domain(name, now=now),
}


@dataclass
class Portal:
    links: SetupLinks
    connections: Connections
    customers: Customers
    now: datetime

    def visit(self, organization: str, *features: str, **said: Any) -> Visit:
        said.setdefault("contact", "mira@halden.example")
        new = NewSetupLink(features or ("sso", "domains", "certificates"), **said)
        _, url = self.links.add(organization, new, actor=OPERATOR, now=self.now)
        return self.links.exchange(url.rsplit("/", 1)[1], now=self.now)[0]

    def desk(self, organization: str, *features: str, proven: bool = False, **said: Any) -> Desk:
        return self.links.desk(replace(self.visit(organization, *features, **said), proven=proven))

    def draft(self, organization: str) -> str:
        return self.customers.draft(organization, settings={**READY, "client_secret": "s3cret"}).id


@pytest.fixture
def portal(app_context: Flask, cipher: Cipher, now: datetime) -> Portal:
    connections = connections_of(cipher)
    links = SetupLinks(
        connections,
        cipher,
        BASE_URL,
        ask_dns=lambda domain, name, value: DnsAnswer("found", name),
        operators=dict,
        random=os.urandom,
    )
    return Portal(links, connections, Customers(connections, now, "acme-oidc"), now)


def refused(act: Callable[[], object]) -> str:
    """Return the code of the refusal, or `done`."""
    try:
        act()
    except PorticoError as error:
        return error.code
    return "done"


@pytest.mark.parametrize("act", ON_CONNECTIONS.values(), ids=ON_CONNECTIONS)
@pytest.mark.parametrize("status", ["draft", "active"])
def test_another_organizations_connection_is_not_there_and_the_try_is_audited(
    portal: Portal, act: Callable[[Desk, str, datetime], object], status: str
) -> None:
    """T9: also with a code entered; an unknown id looks the same."""
    own, foreign = portal.customers.organization("A"), portal.customers.organization("B")
    id_ = portal.draft(foreign)
    if status == "active":
        portal.customers.activate(id_)
    before = portal.connections.describe(portal.connections.get(id_))
    desk = portal.desk(own, proven=True)
    for asked in (id_, "con-" + "a" * 26, "x"):
        with pytest.raises(NotFound):
            act(desk, asked, portal.now)
    assert portal.connections.describe(portal.connections.get(id_)) == before
    tried = list_events(EventFilter(target=desk.visit.link_id), limit=20, after=None).items
    assert [event.name for event in tried].count("setup_link.refused") == 3


@pytest.mark.parametrize("act", ON_CONNECTIONS.values(), ids=ON_CONNECTIONS)
def test_a_link_for_one_connection_opens_no_other(portal: Portal, act: Callable[[Desk, str, datetime], object]) -> None:
    organization = portal.customers.organization()
    mine, other = portal.draft(organization), portal.draft(organization)
    desk = portal.desk(organization, connection_id=mine, proven=True)
    assert [row.id for row in desk.connections()] == [mine]
    assert refused(lambda: act(desk, other, portal.now)) == "not-found"
    assert refused(lambda: act(desk, mine, portal.now)) != "not-found" or act is ON_CONNECTIONS["retire"]
    assert refused(lambda: desk.add_connection(NewConnection("acme-oidc"), now=portal.now)) == "not-found"


@pytest.mark.parametrize("name", ON_CONNECTIONS)
def test_what_is_active_is_touched_after_a_code_only(portal: Portal, name: str) -> None:
    """T10 and item 1: a link that can touch an active connection needs a one-time code by e-mail."""
    organization = portal.customers.organization()
    id_ = portal.draft(organization)
    portal.customers.activate(id_)
    desk = portal.desk(organization)
    before = portal.connections.describe_draft(id_)
    outcome = refused(lambda: ON_CONNECTIONS[name](desk, id_, portal.now))
    assert outcome == ("done" if name in READING else "code-needed")
    assert portal.connections.describe_draft(id_) == before
    assert desk.code_needed(id_)
    assert not portal.desk(organization, proven=True).code_needed(id_)


def test_a_link_without_a_contact_says_that_a_new_one_is_needed(portal: Portal) -> None:
    """It was made before anything was active."""
    organization = portal.customers.organization()
    id_ = portal.draft(organization)
    visit = portal.visit(organization, contact=None)
    portal.customers.activate(id_)
    with pytest.raises(CodeNeeded) as told:
        portal.links.desk(visit).connection(id_)
    assert not told.value.can_ask
    with pytest.raises(CodeNeeded):
        portal.links.send_code(visit, now=portal.now)


def test_changes_of_what_is_active_go_to_its_draft(portal: Portal) -> None:
    organization = portal.customers.organization()
    id_ = portal.draft(organization)
    portal.customers.activate(id_)
    desk = portal.desk(organization, proven=True)
    desk.change_connection(id_, {**CHANGE, "name": "Okta"}, now=portal.now)
    row = portal.connections.get(id_)
    assert (row.name, row.settings["sso_url"]) == ("Okta", READY["sso_url"])
    assert desk.describe(id_)["changed"] == ["sso_url"]
    with pytest.raises(Conflict) as told:
        desk.activate(id_, now=portal.now)
    assert told.value.code == "draft-untested"


@pytest.mark.parametrize(
    ("features", "allowed"),
    [
        (("domains",), set()),
        (("certificates",), {"connection", "read", "describe", "discard", "certificates", "add", "watch",
                             "metadata", "code_needed"}),
        (("sso",), {*ON_CONNECTIONS} - {"retire"}),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_each_feature_opens_its_own_acts(portal: Portal, features: tuple[str, ...], allowed: set[str]) -> None:
    organization = portal.customers.organization()
    id_ = portal.draft(organization)
    portal.customers.change(id_, **CHANGE)
    desk = portal.desk(organization, *features, proven=True)
    acts = {name: partial(act, desk, id_, portal.now) for name, act in ON_CONNECTIONS.items()}
    opened = {name for name, act in acts.items() if refused(act) != "not-found"}
    assert opened - {"retire"} == allowed


def test_a_renewal_activates_nothing_but_certificates(portal: Portal) -> None:
    """Somebody else's draft beside the connection may change the issuer: that is not for a renewal link."""
    organization = portal.customers.organization()
    id_ = portal.draft(organization)
    portal.customers.activate(id_)
    portal.connections.change_draft(id_, CHANGE, actor=OPERATOR, now=portal.now)
    draft = portal.connections.find_draft(id_)
    assert draft is not None
    portal.connections.note_tested(id_, draft.revision, now=portal.now)
    desk = portal.desk(organization, "certificates", connection_id=id_, proven=True)
    with pytest.raises(NotFound):
        desk.activate(id_, now=portal.now)


def test_a_new_connection_takes_nobody_over_without_a_code(portal: Portal) -> None:
    """A second connection of the organization could become its default, or list its domains."""
    organization = portal.customers.organization()
    portal.customers.activate(portal.draft(organization))
    second = portal.draft(organization)
    portal.connections.note_tested(second, portal.connections.working_revision(second), now=portal.now)
    with pytest.raises(CodeNeeded):
        portal.desk(organization).activate(second, now=portal.now)
    portal.desk(organization, proven=True).activate(second, now=portal.now)


def test_what_operators_closed_a_customer_does_not_open(portal: Portal) -> None:
    organization = portal.customers.organization()
    id_ = portal.draft(organization)
    portal.connections.note_tested(id_, "version-1", now=portal.now)
    portal.customers.activate(id_)
    portal.customers.deactivate(id_)
    with pytest.raises(Conflict) as told:
        portal.desk(organization, proven=True).activate(id_, now=portal.now)
    assert told.value.code == "connection-disabled"


def test_only_the_customers_fields_change(portal: Portal) -> None:
    """Item 1: fields whose `editable_by` is `customer`."""
    organization = portal.customers.organization()
    id_, desk = portal.draft(organization), portal.desk(organization)
    with pytest.raises(Invalid) as told:
        desk.change_connection(id_, {"settings": {"sp_entity_id": "https://x.example"}}, now=portal.now)
    assert [problem.code for problem in told.value.problems] == ["operator-only"]


@pytest.mark.parametrize("act", ON_DOMAINS.values(), ids=ON_DOMAINS)
def test_another_organizations_domain_is_not_there(
    portal: Portal, act: Callable[[Desk, str, datetime], object]
) -> None:
    own, foreign = portal.customers.organization("A"), portal.customers.organization("B")
    add_domain(foreign, "b.example", vouched=False, actor=OPERATOR, now=portal.now)
    for desk in (portal.desk(own, proven=True), portal.desk(foreign, "sso", proven=True)):
        with pytest.raises(NotFound):
            act(desk, "b.example", portal.now)
    assert get_domain(foreign, "b.example").status == "pending"


def test_domains_are_claimed_checked_and_given_up(portal: Portal) -> None:
    organization = portal.customers.organization()
    desk = portal.desk(organization, "domains", contact=None)
    assert not desk.add_domain("halden.example", now=portal.now).vouched
    assert desk.check_domain("halden.example", now=portal.now).status == "verified"
    assert [row.domain for row in desk.domains()] == ["halden.example"]
    desk.remove_domain("halden.example", now=portal.now)
    assert desk.domains() == []
    assert portal.desk(organization, "sso").domains() == []


def test_a_domain_that_counts_is_given_up_after_a_code_once_people_sign_in(portal: Portal) -> None:
    organization = portal.customers.organization()
    portal.customers.activate(portal.draft(organization))
    add_domain(organization, "halden.example", vouched=True, actor=OPERATOR, now=portal.now)
    with pytest.raises(CodeNeeded):
        portal.desk(organization, "domains").remove_domain("halden.example", now=portal.now)
    portal.desk(organization, "domains", proven=True).remove_domain("halden.example", now=portal.now)


def test_nobody_silences_the_contacts_without_a_code(portal: Portal) -> None:
    """They are told of every change of trust, so they are the alarm."""
    organization, other = portal.customers.organization(), portal.customers.organization("B")
    portal.customers.activate(portal.draft(organization))
    contact = add_contact(organization, NewContact("Per", "per@halden.example"), actor=OPERATOR, now=portal.now)
    desk = portal.desk(organization)
    for act in (
        lambda: desk.remove_contact(contact.id, now=portal.now),
        lambda: desk.change_contact(contact.id, {"email": "x@evil.example"}, now=portal.now),
        lambda: desk.add_contact(NewContact("X", "x@evil.example"), now=portal.now),
    ):
        assert refused(act) == "code-needed"
    strangers = portal.desk(other, proven=True)
    assert refused(lambda: strangers.remove_contact(contact.id, now=portal.now)) == "not-found"
    portal.desk(organization, proven=True).remove_contact(contact.id, now=portal.now)
    assert contact.id not in [row.id for row in list_contacts(organization)]
