"""Connections in the database: what is stored, sealed, shown and audited."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.cipher import CannotDecrypt, Cipher
from app.connections import Connection, ConnectionVersion, NewConnection
from app.connections.sealed import open_keys, open_secrets
from app.database import db
from app.errors import Conflict, Invalid, NotFound
from app.organizations import delete_organization, get_organization
from tests.support.columns import READY
from tests.support.customers import BASE_URL, CUSTOMER, OPERATOR, Customers, connections_of, events


@pytest.fixture
def customers(app_context: Flask, cipher: Cipher, now: datetime) -> Customers:
    return Customers(connections_of(cipher), now)


def test_a_new_connection_is_a_draft_and_knows_its_distribution(customers: Customers) -> None:
    """The contract for adapters: a connection stores (key, distribution)."""
    made = customers.connections.get(customers.draft(customers.organization()).id)
    assert (made.status, made.version, made.is_default) == ("draft", 1, False)
    assert (made.adapter, made.distribution, made.name) == ("acme-saml", "portico-adapter-acme", "Acme")
    assert made.id.startswith("con-")
    assert "_" not in made.id


def test_our_side_of_a_saml_connection_is_its_own(customers: Customers) -> None:
    """outside.md, HTTP: entity id, ACS and key differ for each connection; Okta refuses `_` in an ACS URL."""
    acme = customers.organization()
    first, second = (customers.connections.describe(customers.draft(acme))["service_provider"] for _ in range(2))
    id_ = customers.connections.list(acme, limit=1)[0].id
    known = {first["acs_url"]: first, second["acs_url"]: second}[f"{BASE_URL}/sso/saml/{id_}/acs"]
    assert known["entity_id"] == known["metadata_url"] == f"{BASE_URL}/sso/saml/{id_}/metadata"
    assert "_" not in known["acs_url"]
    assert known["certificate"].startswith("-----BEGIN CERTIFICATE-----")
    assert all(first[name] != second[name] for name in first)


def test_our_side_of_an_oidc_connection_is_its_redirect_uri(customers: Customers) -> None:
    """outside.md, Management API: OIDC `redirect_uri`."""
    made = customers.draft(customers.organization(), "acme-oidc")
    shown = customers.connections.describe(made)["service_provider"]
    assert shown["redirect_uri"] == f"{BASE_URL}/sso/oidc/{made.id}/callback"
    assert all(url.startswith(f"{BASE_URL}/sso/oidc/{made.id}/") for url in shown.values())
    assert made.sp_entity_id is None


def test_a_name_is_the_adapters_unless_said(customers: Customers) -> None:
    """`name` is optional."""
    assert customers.draft(customers.organization(), "acme-oidc", name="  Entra prod ").name == "Entra prod"


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewConnection("nothing-saml", READY), "adapter"),
        (NewConnection("acme-saml", {**READY, "more": 1}), "settings.more"),
        (NewConnection("acme-saml", READY, name=""), "name"),
        (NewConnection("acme-saml", READY, claim_rules={"email": 5}), "claim_rules.email"),
        (NewConnection("acme-saml", READY, domains=["co.uk"]), "domains[0]"),
        (NewConnection("acme-saml", READY, domains=["ok.example", "gmail.com"]), "domains[1]"),
        (NewConnection("acme-saml", READY, domains="acme.example"), "domains"),
        (NewConnection("acme-saml", READY, is_default="yes"), "is_default"),  # type: ignore[arg-type]
        (
            NewConnection("acme-saml", {**READY, "sp_entity_id": f"{BASE_URL}/sso/saml/con-x/metadata"}),
            "settings.sp_entity_id",
        ),
    ],
    ids=str,
)
def test_values_that_cannot_be_used_are_refused(new: NewConnection, field: str, customers: Customers) -> None:
    """With the field named; nothing is stored."""
    acme = customers.organization()
    with pytest.raises(Invalid) as refused:
        customers.connections.add(acme, new, actor=OPERATOR, now=customers.now)
    assert [problem.field for problem in refused.value.problems] == [field]
    assert customers.connections.list(acme) == []


def test_secrets_and_private_keys_are_sealed(customers: Customers, cipher: Cipher) -> None:
    """M11: a dump of the tables gives neither; each opens only for its own connection."""
    acme = customers.organization()
    made = customers.draft(acme, settings={**READY, "client_secret": "s3cret-value"})
    customers.change(made.id, settings={"client_secret": "n3w-value"})
    dump = str([tuple(row) for row in db.session.execute(select(Connection.__table__))])
    dump += str([tuple(row) for row in db.session.execute(select(ConnectionVersion.__table__))])
    for secret in ("s3cret-value", "n3w-value", "PRIVATE KEY"):
        assert secret not in dump
    other = customers.draft(acme)
    assert open_secrets(cipher, made.id, made.secrets) == {"client_secret": "n3w-value"}
    assert "PRIVATE KEY" in open_keys(cipher, made.id, made.sp_keys)[0].private_key_pem
    for moved in (made.secrets, made.sp_keys):
        with pytest.raises(CannotDecrypt):
            open_secrets(cipher, other.id, moved)
    with pytest.raises(CannotDecrypt):  # and not in the other column of its own row
        open_keys(cipher, made.id, made.secrets)


def test_secrets_are_shown_by_name_only(customers: Customers) -> None:
    """Write-only: neither the description nor the log holds a value."""
    made = customers.draft(customers.organization(), "acme-oidc", settings={**READY, "client_secret": "s3cret-value"})
    customers.change(made.id, settings={"client_secret": "n3w-value"})
    shown = customers.connections.describe(customers.connections.get(made.id))
    assert shown["secrets"] == ["client_secret"]
    assert "client_secret" not in shown["settings"]
    assert "value" not in str(shown) + str(events(made.id))
    (changed,) = [event for event in events(made.id) if event.name == "connection.changed"]
    assert (changed.details or {})["changed"] == ["client_secret"]


def test_a_patch_keeps_replaces_and_removes(customers: Customers, cipher: Cipher) -> None:
    """Absent keeps the stored secret, a value replaces it, null removes it."""
    made = customers.draft(customers.organization(), "acme-oidc", settings={**READY, "client_secret": "one"})

    def secret() -> dict[str, str]:
        row = customers.connections.get(made.id)
        return open_secrets(cipher, row.id, row.secrets)

    customers.change(made.id, settings={"sso_binding": "post"})
    assert secret() == {"client_secret": "one"}
    customers.change(made.id, settings={"client_secret": "two"})
    assert secret() == {"client_secret": "two"}
    customers.change(made.id, settings={"client_secret": None})
    assert secret() == {}
    assert customers.connections.get(made.id).settings["sso_binding"] == "post"


def test_a_change_of_trust_is_audited_with_before_and_after(customers: Customers) -> None:
    """Item 10: who, what, before and after, only what differs."""
    made = customers.draft(customers.organization(), "acme-oidc")
    customers.change(made.id, settings={"idp_entity_id": "https://new.example/"})
    event = events(made.id)[-1]
    assert event.name == "connection.changed"
    assert event.before == {"settings.idp_entity_id": "https://idp.example/"}
    assert event.after == {"settings.idp_entity_id": "https://new.example/"}


def test_versions_count_configurations_and_trust_counts_what_ends_sessions(customers: Customers) -> None:
    """A new name is neither, claim rules are a version, settings are both."""
    made = customers.draft(customers.organization(), "acme-oidc")

    def counted() -> tuple[int, int]:
        row = customers.connections.get(made.id)
        return row.version, row.trust_version

    customers.change(made.id, name="Other", domains=["acme.example"], is_default=True)
    assert counted() == (1, 1)
    customers.change(made.id, claim_rules={"email": {"sources": ["mail"]}})
    assert counted() == (2, 1)
    customers.change(made.id, settings={"sso_binding": "post"})
    assert counted() == (3, 2)
    customers.change(made.id, settings={"sso_binding": "post"})
    assert counted() == (3, 2)


def test_a_change_that_changes_nothing_is_no_event(customers: Customers) -> None:
    """The log holds changes."""
    made = customers.draft(customers.organization(), "acme-oidc")
    customers.change(made.id, name=made.name, settings=dict(READY), claim_rules={})
    assert [event.name for event in events(made.id)] == ["connection.created"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"adapter": "acme-saml"}, "adapter"),
        ({"organization_id": "org-x"}, "organization_id"),
        ({"distribution": "x"}, "distribution"),
        ({"status": "active"}, "status"),
        ({"settings": "x"}, "settings"),
        ({"settings": {"sso_binding": "pigeon"}}, "settings.sso_binding"),
        ({"claim_rules": None}, "claim_rules"),
        ({"domains": [5]}, "domains[0]"),
        ({"name": None}, "name"),
    ],
    ids=str,
)
def test_what_never_changes_or_cannot_be_is_refused(changes: dict[str, Any], field: str, customers: Customers) -> None:
    """Changing the adapter is not possible; activation is not a field."""
    made = customers.draft(customers.organization(), "acme-oidc")
    with pytest.raises(Invalid) as refused:
        customers.change(made.id, **changes)
    assert [problem.field for problem in refused.value.problems] == [field]
    assert len(events(made.id)) == 1


def test_a_customer_changes_only_the_customers_settings(customers: Customers) -> None:
    """`editable_by`: also when the connection is made."""
    acme = customers.organization()
    made = customers.draft(acme)
    change = customers.connections.change
    change(made.id, {"settings": {"sso_url": "https://x.example/"}}, actor=CUSTOMER, now=customers.now)
    with pytest.raises(Invalid):
        change(made.id, {"settings": {"sp_entity_id": "urn:x"}}, actor=CUSTOMER, now=customers.now)
    new = NewConnection("acme-saml", {**READY, "clock_skew_s": 300})
    with pytest.raises(Invalid):
        customers.connections.add(acme, new, actor=CUSTOMER, now=customers.now)


def test_an_entity_id_of_ours_is_unique(customers: Customers) -> None:
    """outside.md: `sp_entity_id` unique, over all customers; the refused change leaves nothing behind."""
    first = customers.draft(customers.organization("Acme"), settings={**READY, "sp_entity_id": "urn:portico:x"})
    globex = customers.organization("Globex")
    with pytest.raises(Conflict) as refused:
        customers.draft(globex, settings={**READY, "sp_entity_id": "urn:portico:x"})
    assert refused.value.code == "entity-id-taken"
    second = customers.draft(globex).id
    with pytest.raises(Conflict):
        customers.change(second, settings={"sp_entity_id": "urn:portico:x"}, domains=["x.example"], is_default=True)
    assert customers.connections.get(second).version == 1
    customers.change(first.id, settings={"sp_entity_id": None})
    assert customers.connections.get(first.id).sp_entity_id == f"{BASE_URL}/sso/saml/{first.id}/metadata"


def test_another_customers_address_is_no_entity_id(customers: Customers) -> None:
    """T2: audiences of two connections can never be the same."""
    other = customers.draft(customers.organization())
    mine = customers.draft(customers.organization())
    with pytest.raises(Invalid):
        customers.change(mine.id, settings={"sp_entity_id": f"{BASE_URL}/sso/saml/{other.id}/metadata"})
    own = f"{BASE_URL}/sso/saml/{mine.id}/metadata"
    assert customers.change(mine.id, settings={"sp_entity_id": own}).sp_entity_id == own


def test_a_deleted_connection_is_gone_with_its_versions(customers: Customers) -> None:
    """Also an active one; the log keeps what it was."""
    made = customers.active(customers.organization(), "acme-oidc")
    customers.change(made.id, settings={"sso_binding": "post"})
    customers.connections.delete(made.id, actor=OPERATOR, now=customers.now)
    with pytest.raises(NotFound):
        customers.connections.get(made.id)
    assert db.session.scalars(select(ConnectionVersion)).all() == []
    last = events(made.id)[-1]
    assert (last.name, (last.before or {})["status"]) == ("connection.deleted", "active")


def test_an_organization_with_connections_is_not_deleted(customers: Customers) -> None:
    """The way to lose a customer's configuration is longer than one call."""
    acme = customers.organization()
    made = customers.draft(acme, "acme-oidc")
    with pytest.raises(Conflict) as refused:
        delete_organization(acme, actor=OPERATOR, now=customers.now)
    assert refused.value.code == "organization-in-use"
    assert get_organization(acme)
    customers.connections.delete(made.id, actor=OPERATOR, now=customers.now)
    delete_organization(acme, actor=OPERATOR, now=customers.now)


def test_what_is_not_there_is_not_found(customers: Customers) -> None:
    """Every entry says the same."""
    connections = customers.connections
    said: dict[str, Any] = {"actor": OPERATOR, "now": customers.now}
    for call in (
        lambda: connections.add("org-nobody", NewConnection("acme-saml", READY), **said),
        lambda: connections.change("con-nobody", {"name": "x"}, **said),
        lambda: connections.activate("con-nobody", skip_test=True, **said),
        lambda: connections.deactivate("con-nobody", **said),
        lambda: connections.restore("con-nobody", **said),
        lambda: connections.delete("con-nobody", **said),
        lambda: connections.get("con-nobody"),
        lambda: connections.open("con-nobody"),
    ):
        with pytest.raises(NotFound):
            call()
    assert connections.find_route("con-nobody") is None


def test_a_connection_whose_adapter_is_gone_is_shown_and_not_changed(customers: Customers, cipher: Cipher) -> None:
    """It fails closed; operators still see it and can rename, deactivate and delete it."""
    made = customers.active(customers.organization())
    without = Customers(connections_of(cipher, distribution="portico-adapter-other"), customers.now)
    shown = without.connections.describe(without.connections.get(made.id))
    assert (shown["adapter_available"], shown["settings"]["sso_url"]) == (False, READY["sso_url"])
    with pytest.raises(Conflict) as refused:
        without.change(made.id, settings={"sso_binding": "post"})
    assert refused.value.code == "adapter-unavailable"
    without.change(made.id, name="Broken")
    without.deactivate(made.id)
    with pytest.raises(Conflict):
        without.activate(made.id)
    without.connections.delete(made.id, actor=OPERATOR, now=customers.now)


def test_lists_go_on_behind_a_cursor(customers: Customers) -> None:
    """Paging by id, for one organization or all."""
    acme, globex = customers.organization("Acme"), customers.organization("Globex")
    mine = sorted(customers.draft(acme, "acme-oidc").id for _ in range(3))
    other = customers.draft(globex, "acme-oidc").id
    connections = customers.connections
    assert [row.id for row in connections.list(acme, limit=2)] == mine[:2]
    assert [row.id for row in connections.list(acme, limit=5, after=mine[1])] == mine[2:]
    assert {row.id for row in connections.list()} == {*mine, other}
