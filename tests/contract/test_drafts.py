"""Item 4: a change to an active connection is a draft beside it until tested; activation in one step, one click back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.audit import Actor
from app.cipher import Cipher
from app.connections import Connections, fix_subject_source
from app.database import db, transaction
from app.errors import Conflict, Forbidden, Invalid, NotFound, SignInFailed
from app.mail import Outbox
from app.mail.models import OutgoingMail
from app.mail.outbox import Mail
from app.organizations import NewContact, add_contact
from tests.support.customers import CUSTOMER, OPERATOR, Customers, connections_of, events

pytestmark = pytest.mark.usefixtures("app_context")
NEW = {"settings": {"sso_url": "https://idp.example/new"}}


@pytest.fixture
def customers(app_context: Flask, cipher: Cipher, now: datetime) -> Customers:
    return Customers(connections_of(cipher), now)


@pytest.fixture
def connections(customers: Customers) -> Connections:
    return customers.connections


@pytest.fixture
def active(customers: Customers) -> str:
    return customers.active(customers.organization(), settings={**READY, "client_secret": "old"}).id


READY = {"idp_entity_id": "https://idp.example/", "sso_url": "https://idp.example/sso"}


@pytest.fixture
def mails(cipher: Cipher) -> Callable[[], list[Mail]]:
    outbox = Outbox(cipher)
    return lambda: [outbox.open(row) for row in db.session.query(OutgoingMail)]


def draft(connections: Connections, id_: str, now: datetime, changes: Any = NEW, actor: Actor = CUSTOMER) -> Any:
    return connections.change_draft(id_, changes, actor=actor, now=now)


def activate(connections: Connections, id_: str, now: datetime, *, skip: bool = False, actor: Actor = CUSTOMER) -> Any:
    return connections.activate_draft(id_, skip_test=skip, actor=actor, now=now)


def test_a_draft_changes_nothing_that_people_sign_in_through(
    connections: Connections, active: str, now: datetime
) -> None:
    before = connections.describe(connections.get(active))
    made = draft(connections, active, now, {"settings": {**NEW["settings"], "client_secret": "new"}})
    assert made.revision.startswith("rev-")
    assert connections.describe(connections.get(active)) == before
    assert connections.open(active).configuration.settings["sso_url"] == "https://idp.example/sso"
    assert connections.open(active).configuration.settings["client_secret"] == "old"
    shown = connections.describe_draft(active)
    assert (shown["draft"], shown["tested"], shown["outdated"]) == (True, False, False)
    assert shown["changed"] == ["client_secret", "sso_url"]
    assert "new" not in str(shown["secrets"])
    assert "new" not in made.secrets
    assert [event.name for event in events(active)][-1] == "connection.draft_changed"


def test_without_a_draft_the_connection_is_shown(connections: Connections, active: str) -> None:
    shown = connections.describe_draft(active)
    assert (shown["draft"], shown["changed"], shown["revision"]) == (False, [], "version-1")


def test_a_customer_changes_what_is_active_by_its_draft_only(
    connections: Connections, active: str, now: datetime
) -> None:
    for changes in (NEW, {"claim_rules": {}}):
        with pytest.raises(Conflict) as told:
            connections.change(active, changes, actor=CUSTOMER, now=now)  # type: ignore[arg-type]
        assert told.value.code == "draft-needed"
    connections.change(active, {"name": "Okta"}, actor=CUSTOMER, now=now)
    connections.change(active, NEW, actor=OPERATOR, now=now)  # type: ignore[arg-type]


def test_a_customer_changes_in_a_draft_only_what_is_his(connections: Connections, active: str, now: datetime) -> None:
    """Item 1: only fields whose `editable_by` is `customer`."""
    with pytest.raises(Invalid) as told:
        draft(connections, active, now, {"settings": {"clock_skew_s": 300}})
    assert [problem.code for problem in told.value.problems] == ["operator-only"]
    with pytest.raises(Invalid):
        draft(connections, active, now, {"name": "x"})
    draft(connections, active, now, {"settings": {"clock_skew_s": 300}}, OPERATOR)


def test_an_untested_draft_waits_and_only_operators_skip_the_test(
    connections: Connections, active: str, now: datetime
) -> None:
    draft(connections, active, now)
    with pytest.raises(Conflict) as told:
        activate(connections, active, now)
    assert told.value.code == "draft-untested"
    with pytest.raises(Forbidden):
        activate(connections, active, now, skip=True)
    row = activate(connections, active, now, skip=True, actor=OPERATOR)
    assert row.settings["sso_url"] == "https://idp.example/new"
    last = events(active)[-1]
    assert (last.name, (last.details or {})["tested"]) == ("connection.draft_activated", False)


def test_a_tested_draft_takes_its_place_in_one_step_and_one_click_goes_back(
    connections: Connections, active: str, now: datetime
) -> None:
    made = draft(connections, active, now)
    assert connections.note_tested(active, made.revision, now=now)
    assert connections.describe_draft(active)["tested"]
    row = activate(connections, active, now)
    assert (row.version, row.status, connections.find_draft(active)) == (2, "active", None)
    assert connections.describe(row)["tested"]
    assert connections.open(active).configuration.settings["sso_url"] == "https://idp.example/new"
    back = connections.restore(active, actor=CUSTOMER, now=now)
    assert back.settings["sso_url"] == "https://idp.example/sso"
    assert connections.open(active).configuration.settings["client_secret"] == "old"


def test_a_change_after_the_test_voids_it(connections: Connections, active: str, now: datetime) -> None:
    """Interface, requirement 26: tested means tested on exactly this configuration."""
    made = draft(connections, active, now)
    tested = made.revision
    connections.note_tested(active, tested, now=now)
    draft(connections, active, now, {"settings": {"sso_url": "https://idp.example/newer"}})
    assert not connections.describe_draft(active)["tested"]
    assert not connections.note_tested(active, tested, now=now), "a test that was on its way counts for nothing now"
    with pytest.raises(Conflict):
        activate(connections, active, now)


def test_saving_the_same_again_keeps_the_test(connections: Connections, active: str, now: datetime) -> None:
    made = draft(connections, active, now)
    connections.note_tested(active, made.revision, now=now)
    assert draft(connections, active, now).revision == made.revision
    activate(connections, active, now)


def test_a_draft_that_differs_in_nothing_is_none(connections: Connections, active: str, now: datetime) -> None:
    assert draft(connections, active, now, {"settings": {}}) is None
    draft(connections, active, now)
    assert draft(connections, active, now, {"settings": {"sso_url": "https://idp.example/sso"}}) is None
    assert connections.find_draft(active) is None
    with pytest.raises(Conflict) as told:
        activate(connections, active, now)
    assert told.value.code == "nothing-to-activate"


def test_what_changed_meanwhile_is_not_overwritten(connections: Connections, active: str, now: datetime) -> None:
    """An operator's change beside a draft: the draft is outdated, follows it when saved again, and is tested again."""
    made = draft(connections, active, now)
    connections.note_tested(active, made.revision, now=now)
    connections.change(active, {"settings": {"clock_skew_s": 60, "client_secret": "newer"}}, actor=OPERATOR, now=now)
    assert connections.describe_draft(active)["outdated"]
    with pytest.raises(Conflict) as told:
        activate(connections, active, now)
    assert told.value.code == "draft-outdated"
    again = draft(connections, active, now, {})
    assert again.tested_revision is None
    connections.note_tested(active, again.revision, now=now)
    row = activate(connections, active, now)
    assert row.settings["clock_skew_s"] == 60
    assert connections.open(active).configuration.settings["client_secret"] == "newer"
    assert row.settings["sso_url"] == "https://idp.example/new"


def test_a_draft_belongs_to_an_active_connection(customers: Customers, connections: Connections, now: datetime) -> None:
    waiting = customers.draft(customers.organization()).id
    with pytest.raises(Conflict) as told:
        draft(connections, waiting, now)
    assert told.value.code == "not-active"
    with pytest.raises(NotFound):
        draft(connections, "con-nothing", now)


def test_discarding_leaves_everything_as_it_was(connections: Connections, active: str, now: datetime) -> None:
    draft(connections, active, now)
    connections.discard_draft(active, actor=CUSTOMER, now=now)
    assert connections.find_draft(active) is None
    assert connections.get(active).version == 1
    assert events(active)[-1].name == "connection.draft_discarded"


def test_a_tested_connection_is_activated_without_skipping(
    customers: Customers, connections: Connections, now: datetime
) -> None:
    """Draft, tested, active: activation stays off until a test passed on the current configuration."""
    id_ = customers.draft(customers.organization()).id
    with pytest.raises(Conflict) as told:
        connections.activate(id_, skip_test=False, actor=CUSTOMER, now=now)
    assert told.value.code == "connection-untested"
    connections.note_tested(id_, "version-1", now=now)
    connections.change(id_, NEW, actor=CUSTOMER, now=now)  # type: ignore[arg-type]
    assert not connections.describe(connections.get(id_))["tested"]
    with pytest.raises(Conflict):
        connections.activate(id_, skip_test=False, actor=CUSTOMER, now=now)
    assert connections.working_revision(id_) == "version-2"
    connections.note_tested(id_, "version-2", now=now)
    connections.change(id_, {"name": "Renamed"}, actor=CUSTOMER, now=now)
    row = connections.activate(id_, skip_test=False, actor=CUSTOMER, now=now)
    assert row.status == "active"
    assert (events(id_)[-1].details or {})["tested"] is True


def test_a_test_opens_the_draft_at_the_same_addresses(connections: Connections, active: str, now: datetime) -> None:
    revision = draft(connections, active, now).revision
    live, tried = connections.open(active), connections.open_revision(active, revision)
    assert tried.configuration.settings["sso_url"] == "https://idp.example/new"
    assert tried.service_provider == live.service_provider
    assert tried.configuration.cache is not live.configuration.cache
    draft(connections, active, now, {"settings": {"sso_url": "https://idp.example/newer"}})
    with pytest.raises(SignInFailed) as told:
        connections.open_revision(active, revision)
    assert told.value.code == "test-outdated"


def trust(mails: list[Mail]) -> list[tuple[str, str]]:
    return sorted((mail.to, mail.subject) for mail in mails)


def test_every_change_of_trust_is_mailed_to_all_contacts_and_operators(
    cipher: Cipher, now: datetime, mails: Callable[[], list[Mail]]
) -> None:
    """Item 1: whatever a contact wants to hear of; rules, names and drafts change no trust."""
    connections = connections_of(cipher, operators=lambda: {"ops@saas.example": None})
    customers = Customers(connections, now)
    organization = customers.organization("Halden")
    add_contact(organization, NewContact("Mira", "mira@halden.example", []), actor=OPERATOR, now=now)
    id_ = customers.draft(organization).id
    connections.change(id_, NEW, actor=OPERATOR, now=now)  # type: ignore[arg-type]
    assert mails() == [], "nobody signs in through it yet"
    connections.activate(id_, skip_test=True, actor=OPERATOR, now=now)
    assert trust(mails()) == [
        ("mira@halden.example", "Sign-in was turned on for Halden"),
        ("ops@saas.example", "Sign-in was turned on for Halden"),
    ]
    connections.change(id_, {"name": "Okta", "claim_rules": {}}, actor=OPERATOR, now=now)
    draft(connections, id_, now, {"settings": {"idp_entity_id": "https://other.example/"}})
    assert len(mails()) == 2
    activate(connections, id_, now, skip=True, actor=OPERATOR)
    connections.restore(id_, actor=CUSTOMER, now=now)
    changed = [mail for mail in mails() if "settings were changed" in mail.subject]
    assert len(changed) == 4
    assert all("What changed: Entity ID" in mail.text for mail in changed)
    assert any("an administrator, by a setup link" in mail.text for mail in changed)


def test_a_change_of_what_tells_people_apart_is_mailed_where_people_sign_in(
    cipher: Cipher, now: datetime, mails: Callable[[], list[Mail]]
) -> None:
    """An operator's change of trust reaches contacts and operators, with who did it and both sources."""
    operator = Actor("operator", "opr-1", "vera@yourcompany.example")
    shop = Customers(connections_of(cipher, operators=lambda: {"ops@yourcompany.example": None}), now)
    acme = shop.organization()
    add_contact(acme, NewContact("Mira", "mira@acme.example"), actor=OPERATOR, now=now)
    quiet = shop.draft(acme)
    shop.connections.change_subject_source(quiet.id, "oid", actor=operator, now=now)
    assert mails() == [], "nobody signs in through it yet"
    made = shop.active(acme)
    before = len(mails())
    fix_subject_source(made.id, "NameID", now=now)
    shop.connections.change_subject_source(made.id, "oid", actor=operator, now=now)
    shop.connections.change_subject_source(made.id, "oid", actor=operator, now=now)
    told = mails()[before:]
    assert sorted(mail.to for mail in told) == ["mira@acme.example", "ops@yourcompany.example"]
    assert all("by oid, before by NameID" in mail.text for mail in told)
    assert all("vera@yourcompany.example" in mail.text for mail in told)


def test_a_change_that_is_not_stored_is_not_mailed(
    connections: Connections, active: str, now: datetime, mails: Callable[[], list[Mail]]
) -> None:
    before = len(mails())

    def change_and_fail() -> None:
        with transaction():
            connections.change(active, NEW, actor=OPERATOR, now=now)  # type: ignore[arg-type]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    assert len(mails()) == before


def test_an_expiry_noted_for_a_secret_goes_with_the_secret(
    connections: Connections, active: str, now: datetime
) -> None:
    """Interface, requirement 17: the expiry date is asked and tracked."""
    day = (now + timedelta(days=90)).date()
    connections.set_secret_expiry(active, "client_secret", day, actor=CUSTOMER, now=now)
    assert connections.describe(connections.get(active))["secret_expiries"] == {"client_secret": day.isoformat()}
    with pytest.raises(Invalid):
        connections.set_secret_expiry(active, "sso_url", day, actor=CUSTOMER, now=now)
    connections.change(active, {"settings": {"client_secret": "fresh"}}, actor=OPERATOR, now=now)
    assert connections.describe(connections.get(active))["secret_expiries"] == {}
