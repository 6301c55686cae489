"""draft -> active -> disabled -> active, the one default, and going back a version."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.cipher import Cipher
from app.connections.sealed import open_secrets
from app.database import db, transaction
from app.errors import Conflict, Forbidden, Invalid
from tests.support.columns import READY
from tests.support.customers import CUSTOMER, OPERATOR, Customers, connections_of, events


@pytest.fixture
def customers(app_context: Flask, cipher: Cipher, now: datetime) -> Customers:
    return Customers(connections_of(cipher), now, "acme-oidc")


@pytest.fixture
def acme(customers: Customers) -> str:
    return customers.organization()


def test_what_nobody_tested_is_activated_only_by_saying_so(customers: Customers, acme: str) -> None:
    """outside.md: `skip_test` lets an operator activate what nobody tested, which the audit log says."""
    made = customers.draft(acme)
    activate = customers.connections.activate
    with pytest.raises(Conflict) as refused:
        activate(made.id, skip_test=False, actor=OPERATOR, now=customers.now)
    assert refused.value.code == "connection-untested"
    assert customers.connections.get(made.id).status == "draft"
    activate(made.id, skip_test=True, actor=OPERATOR, now=customers.now)
    event = events(made.id)[-1]
    assert (event.name, (event.details or {})["tested"]) == ("connection.activated", False)


def test_a_customer_does_not_skip_the_test(customers: Customers, acme: str) -> None:
    """Only an operator takes that on."""
    made = customers.draft(acme)
    with pytest.raises(Forbidden):
        customers.connections.activate(made.id, skip_test=True, actor=CUSTOMER, now=customers.now)


def test_what_could_not_work_is_not_activated(customers: Customers, acme: str) -> None:
    """S10, in general: an incomplete connection stays a draft."""
    for settings in ({}, {"idp_entity_id": "x"}, {**READY, "sso_url": "http://idp.example/"}):
        made = customers.draft(acme, settings=settings).id
        with pytest.raises(Invalid):
            customers.activate(made)
        assert customers.connections.get(made).status == "draft"


def test_an_active_connection_is_not_changed_into_what_cannot_work(customers: Customers, acme: str) -> None:
    """People sign in through it at this moment."""
    made = customers.active(acme).id
    with pytest.raises(Invalid):
        customers.change(made, settings={"sso_url": None})
    with pytest.raises(Invalid):
        customers.change(made, settings={"sso_url": "http://idp.example/"})
    row = customers.connections.get(made)
    assert (row.version, row.settings["sso_url"]) == (1, READY["sso_url"])


def test_activating_twice_is_once(customers: Customers, acme: str) -> None:
    """And so is deactivating; a draft is not deactivated."""
    made = customers.active(acme)
    customers.activate(made.id)
    customers.deactivate(made.id)
    customers.deactivate(made.id)
    assert [event.name for event in events(made.id)][1:] == ["connection.activated", "connection.deactivated"]
    with pytest.raises(Conflict):
        customers.deactivate(customers.draft(acme).id)


def test_the_first_active_connection_becomes_the_default(customers: Customers, acme: str) -> None:
    """A second one does not take it away."""
    draft = customers.draft(acme)
    assert customers.defaults(acme) == []
    first = customers.active(acme).id
    customers.active(acme)
    customers.activate(draft.id)
    assert customers.defaults(acme) == [first]
    assert len(customers.connections.active_of(acme)) == 3


def test_a_default_is_asked_for_and_the_other_one_loses_it(customers: Customers, acme: str) -> None:
    """Exactly one default: by PATCH at once, for a draft when it is activated."""
    first, second = customers.active(acme).id, customers.active(acme).id
    customers.change(second, is_default=True)
    assert customers.defaults(acme) == [second]
    wishing = customers.draft(acme, is_default=True).id
    assert customers.defaults(acme) == [second]
    customers.activate(wishing)
    assert customers.defaults(acme) == [wishing]
    assert first not in customers.defaults(acme)


def test_the_default_is_not_simply_given_up(customers: Customers, acme: str) -> None:
    """Another connection takes it over instead."""
    made = customers.active(acme).id
    with pytest.raises(Invalid) as refused:
        customers.change(made, is_default=False)
    assert refused.value.problems[0].code == "default-needed"
    assert customers.defaults(acme) == [made]


def test_the_oldest_active_connection_inherits_the_default(customers: Customers, acme: str) -> None:
    """Deactivating or deleting the default leaves no organization without one; the log names the heir."""
    first, second = customers.active(acme).id, customers.active(acme).id
    customers.draft(acme, is_default=True)
    customers.deactivate(first)
    assert customers.defaults(acme) == [second]
    assert (events(first)[-1].details or {})["new_default"] == second
    customers.activate(first)
    assert customers.defaults(acme) == [second]
    customers.connections.delete(second, actor=OPERATOR, now=customers.now)
    assert customers.defaults(acme) == [first]
    customers.deactivate(first)
    assert customers.defaults(acme) == []


def test_organizations_have_defaults_of_their_own(customers: Customers, acme: str) -> None:
    """The index is per organization."""
    globex = customers.organization("Globex")
    mine, theirs = customers.active(acme).id, customers.active(globex).id
    assert (customers.defaults(acme), customers.defaults(globex)) == ([mine], [theirs])


def test_the_database_itself_knows_one_default(customers: Customers, acme: str) -> None:
    """The partial unique index holds where every check of ours was skipped."""
    customers.active(acme)
    second = customers.connections.get(customers.active(acme).id)
    with pytest.raises(IntegrityError), transaction():
        second.is_default = True


def test_of_many_activated_at_once_one_is_the_default(customers: Customers, acme: str, app: Flask) -> None:
    """Concurrency: all become active, exactly one is the default, on both databases."""
    ids = [customers.draft(acme).id for _ in range(4)]
    together = Barrier(len(ids), timeout=5)

    def attempt(id_: str) -> None:
        with app.app_context():
            together.wait()
            customers.activate(id_)

    with ThreadPoolExecutor(len(ids)) as pool:
        list(pool.map(attempt, ids))
    db.session.rollback()
    assert len(customers.connections.active_of(acme)) == len(ids)
    assert len(customers.defaults(acme)) == 1


def test_two_changes_at_once_are_both_kept(customers: Customers, acme: str, app: Flask) -> None:
    """A change is laid over what is stored, not over what was read before."""
    made = customers.draft(acme).id
    patches = [{"sso_binding": "post"}, {"clock_skew_s": 10}, {"client_secret": "s"}, {"idp_entity_id": "urn:x"}]
    together = Barrier(len(patches), timeout=5)

    def attempt(patch: dict[str, object]) -> None:
        with app.app_context():
            customers.connections.get(made)
            together.wait()
            customers.change(made, settings=patch)

    with ThreadPoolExecutor(len(patches)) as pool:
        list(pool.map(attempt, patches))
    db.session.rollback()
    row = customers.connections.get(made)
    assert row.version == 1 + len(patches)
    expected = {"sso_binding": "post", "clock_skew_s": 10, "idp_entity_id": "urn:x"}
    assert {name: row.settings[name] for name in expected} == expected
    assert customers.connections.describe(row)["secrets"] == ["client_secret"]


def test_a_domain_is_listed_by_one_active_connection(customers: Customers, acme: str) -> None:
    """Else routing could not choose; a draft may list what its predecessor lists."""
    old = customers.active(acme, domains=["acme.example"]).id
    new = customers.draft(acme, domains=["ACME.example", "acme.test"]).id
    with pytest.raises(Conflict) as refused:
        customers.activate(new)
    assert refused.value.code == "domain-listed-twice"
    customers.change(old, domains=[])
    customers.activate(new)
    with pytest.raises(Conflict):
        customers.change(old, domains=["acme.test"])
    elsewhere = customers.active(customers.organization("Globex"), domains=["acme.example"])
    assert elsewhere.status == "active"


def test_restore_goes_back_to_the_version_before(customers: Customers, acme: str, cipher: Cipher) -> None:
    """Settings, secrets and claim rules, as a new version; restoring again is where you were."""
    rules = {"email": {"sources": ["mail"], "transforms": []}}
    made = customers.draft(acme, settings={**READY, "client_secret": "one"}, claim_rules=rules).id
    customers.change(made, settings={"idp_entity_id": "urn:new", "client_secret": "two"}, claim_rules={})

    def restore() -> tuple[int, str, dict[str, str], object]:
        row = customers.connections.restore(made, actor=OPERATOR, now=customers.now)
        row = customers.connections.get(row.id)
        return row.version, row.settings["idp_entity_id"], open_secrets(cipher, row.id, row.secrets), row.claim_rules

    assert restore() == (3, READY["idp_entity_id"], {"client_secret": "one"}, rules)
    assert restore() == (4, "urn:new", {"client_secret": "two"}, {})
    event = events(made)[-1]
    assert (event.name, (event.details or {})["restored"]) == ("connection.restored", 2)
    assert (event.after or {})["settings.idp_entity_id"] == "urn:new"
    assert customers.connections.get(made).trust_version == 4


def test_there_is_nothing_before_the_first_version(customers: Customers, acme: str) -> None:
    """A conflict, and no new version."""
    made = customers.draft(acme).id
    with pytest.raises(Conflict) as refused:
        customers.connections.restore(made, actor=OPERATOR, now=customers.now)
    assert refused.value.code == "nothing-to-restore"


def test_an_active_connection_does_not_go_back_to_what_cannot_work(customers: Customers, acme: str) -> None:
    """Restoring is checked as a change is."""
    made = customers.draft(acme, settings={}).id
    customers.change(made, settings=dict(READY))
    customers.activate(made)
    with pytest.raises(Invalid):
        customers.connections.restore(made, actor=OPERATOR, now=customers.now)
    assert customers.connections.get(made).settings["sso_url"] == READY["sso_url"]


def test_twenty_versions_are_kept(customers: Customers, acme: str) -> None:
    """History does not grow without end."""
    from app.connections import ConnectionVersion

    made = customers.draft(acme).id
    for number in range(25):
        customers.change(made, settings={"clock_skew_s": number})
    kept = [row.version for row in db.session.query(ConnectionVersion).order_by(ConnectionVersion.version)]
    assert kept == list(range(6, 26))
