"""Opening a connection for a sign-in: what may change at any time is read anew, the rest is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import event

from app.adapters import AdapterUnavailable
from app.cipher import Cipher
from app.claims import DEFAULT_RULES
from app.connections import fix_subject_source
from app.database import db, end_read, transaction
from app.errors import Forbidden, Invalid, NotFound, SignInFailed
from app.organizations import change_organization
from app.signin.asking import ask_adapter
from portico_sdk import ClaimRule
from tests.support.columns import READY, spec_of
from tests.support.customers import CUSTOMER, OPERATOR, Customers, connections_of, events, silence


@pytest.fixture
def customers(app_context: Flask, cipher: Cipher, now: datetime) -> Customers:
    return Customers(connections_of(cipher), now, "acme-oidc")


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that were sent to the database."""
    sent: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "SELECT pg_catalog")):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


def test_an_open_connection_gives_its_adapter_all_it_may_use(customers: Customers) -> None:
    """AdapterContext: decrypted settings, every declared one present; our side; time; nothing else."""
    made = customers.active(customers.organization(), "acme-saml", settings={**READY, "client_secret": "s3cret"})
    live = customers.connections.open(made.id)
    context = live.context(customers.now, silence)
    assert dict(context.settings) == {
        **READY,
        "client_secret": "s3cret",
        "sso_binding": "redirect",
        "certificates": None,
        "clock_skew_s": 180,
        "sp_entity_id": None,
    }
    assert context.connection_id == made.id
    assert context.service_provider.acs_url.endswith(f"/sso/saml/{made.id}/acs")
    assert "PRIVATE KEY" in context.service_provider.keys[0].private_key_pem
    assert context.now == customers.now
    assert "s3cret" not in repr(context) + repr(live)
    assert "PRIVATE KEY" not in repr(context) + repr(live)
    with pytest.raises(TypeError):
        context.settings["sso_url"] = "https://evil.example"  # type: ignore[index]


def test_a_second_opening_is_one_short_query(customers: Customers) -> None:
    """Issue 12: nothing is decrypted and no key is parsed in the path of a login."""
    made = customers.active(customers.organization())
    first = customers.connections.open(made.id)
    end_read()
    with counted() as sent:
        second = customers.connections.open(made.id)
    (question,) = [statement for statement in sent if not statement.startswith("BEGIN")]
    assert "configuration_generation" in question
    assert second.configuration is first.configuration


def test_finding_and_opening_for_the_first_time_are_one_statement(customers: Customers, cipher: Cipher) -> None:
    """authorize at 10,000 connections within 1.2 times of 10: nearly each is met for the first time."""
    made = customers.active(customers.organization())
    elsewhere = connections_of(cipher)
    end_read()
    with counted() as sent:
        assert elsewhere.find_route(made.id) is not None
        live = elsewhere.open(made.id)
    assert len([statement for statement in sent if "FROM connections" in statement]) == 1
    assert live.context(customers.now, silence).settings["idp_entity_id"] == READY["idp_entity_id"]


def test_what_was_read_with_the_route_is_not_used_after_a_change(customers: Customers, cipher: Cipher) -> None:
    """The connection changes between finding and opening it: the version tells, and it is read again."""
    made = customers.active(customers.organization())
    elsewhere = connections_of(cipher)
    assert elsewhere.find_route(made.id) is not None
    customers.change(made.id, settings={"idp_entity_id": "urn:new"})
    assert elsewhere.open(made.id).context(customers.now, silence).settings["idp_entity_id"] == "urn:new"


def test_a_change_is_seen_by_the_next_sign_in_of_every_process(customers: Customers, cipher: Cipher) -> None:
    """The version is compared each time; the adapter's cache starts empty."""
    made = customers.active(customers.organization())
    elsewhere = connections_of(cipher)
    old = elsewhere.open(made.id)
    old.configuration.cache.get_or_make("key", lambda: "old")
    customers.change(made.id, settings={"idp_entity_id": "urn:new"})
    live = elsewhere.open(made.id)
    assert live.context(customers.now, silence).settings["idp_entity_id"] == "urn:new"
    assert live.configuration.cache.get_or_make("key", lambda: "new") == "new"
    assert live.trust != old.trust


def test_a_rename_leaves_the_memory_alone(customers: Customers) -> None:
    """What no sign-in reads opens nothing anew."""
    made = customers.active(customers.organization())
    before = customers.connections.open(made.id)
    customers.change(made.id, name="Other")
    after = customers.connections.open(made.id)
    assert after.configuration is before.configuration
    assert after.trust == before.trust


def test_status_is_read_every_time(customers: Customers) -> None:
    """T8: neither connection nor organization is usable a moment after it was disabled, whatever is remembered."""
    acme = customers.organization()
    made = customers.draft(acme)
    assert not customers.connections.open(made.id).usable
    customers.activate(made.id)
    assert customers.connections.open(made.id).usable
    customers.deactivate(made.id)
    assert not customers.connections.open(made.id).usable
    customers.activate(made.id)
    change_organization(acme, {"status": "disabled"}, actor=OPERATOR, now=customers.now)
    live = customers.connections.open(made.id)
    assert (live.usable, live.status, live.organization_status) == (False, "active", "disabled")


def test_a_deleted_connection_is_not_opened_from_memory(customers: Customers) -> None:
    """T8: the memory of a process keeps nothing alive."""
    made = customers.active(customers.organization())
    customers.connections.open(made.id)
    customers.connections.delete(made.id, actor=OPERATOR, now=customers.now)
    with pytest.raises(NotFound):
        customers.connections.open(made.id)


@pytest.mark.parametrize("id_", ["", "con-nobody", "con-\0", "x" * 5000, "%", "CON-A"])
def test_what_is_no_connection_is_not_found(id_: str, customers: Customers) -> None:
    """Whatever a path says."""
    with pytest.raises(NotFound):
        customers.connections.open(id_)
    assert customers.connections.find_route(id_) is None


def test_another_distributions_adapter_does_not_open_it(customers: Customers, cipher: Cipher) -> None:
    """A plug-in that claims the key later never takes over live connections."""
    made = customers.active(customers.organization(), "acme-saml")
    with pytest.raises(AdapterUnavailable):
        connections_of(cipher, spec_of(), distribution="portico-adapter-evil").open(made.id)


def test_secrets_that_do_not_open_are_a_failed_sign_in(customers: Customers) -> None:
    """A lost key is a refusal with a reason, not a 500."""
    made = customers.active(customers.organization())
    with pytest.raises(SignInFailed) as refused:
        connections_of(Cipher([Fernet.generate_key().decode()])).open(made.id)
    assert refused.value.code == "connection-unreadable"


def test_our_keys_are_opened_by_whoever_asks_for_one(customers: Customers) -> None:
    """Most sign-ins need none. One that does is refused when they do not open, with a reason."""
    made = customers.active(customers.organization(), "acme-saml")
    with transaction():
        customers.connections.get(made.id).sp_keys = "nonsense"
    live = customers.connections.open(made.id)
    with pytest.raises(SignInFailed) as refused:
        ask_adapter(live, "begin", lambda: live.service_provider.keys[0])
    assert refused.value.code == "connection-unreadable"
    assert live.id in str(refused.value.detail)


def test_a_setting_that_is_newer_than_the_connection_has_its_default(customers: Customers, cipher: Cipher) -> None:
    """An adapter may learn settings without every connection being saved again."""
    made = customers.active(customers.organization())
    with transaction():
        row = customers.connections.get(made.id)
        row.settings = {name: value for name, value in row.settings.items() if name != "clock_skew_s"}
    assert connections_of(cipher).open(made.id).context(customers.now, silence).settings["clock_skew_s"] == 180


def test_claim_rules_lie_over_the_adapters_over_the_defaults(customers: Customers, cipher: Cipher) -> None:
    """Field by field."""
    vendor = spec_of(claim_rules=(ClaimRule("email", ("v-mail",)), ClaimRule("name", ("v-name",))))
    shop = Customers(connections_of(cipher, vendor), customers.now, "acme-saml")
    made = shop.active(shop.organization(), claim_rules={"email": {"sources": ["own-mail"]}})
    sources = {rule.field: rule.sources for rule in shop.connections.open(made.id).claim_rules}
    assert (sources["email"], sources["name"]) == (("own-mail",), ("v-name",))
    assert sources["groups"] == {rule.field: rule.sources for rule in DEFAULT_RULES}["groups"]


def test_a_change_of_policy_changes_the_trust_of_every_connection(customers: Customers) -> None:
    """Rules of trust: a change of policy ends the connection's sessions."""
    acme = customers.organization()
    made = customers.active(acme)
    before = customers.connections.open(made.id)
    change_organization(acme, {"policy": {"allow_unverified_email": True}}, actor=OPERATOR, now=customers.now)
    after = customers.connections.open(made.id)
    assert after.trust != before.trust
    assert after.organization_policy["allow_unverified_email"] is True


def test_the_subjects_source_is_fixed_by_the_first_sign_in(customers: Customers) -> None:
    """Rules of trust, Subject: the first one counts, with an event; a later one is told what was fixed."""
    made = customers.active(customers.organization())
    assert customers.connections.open(made.id).subject_source is None
    assert fix_subject_source(made.id, "NameID", now=customers.now) == "NameID"
    assert fix_subject_source(made.id, "sub", now=customers.now) == "NameID"
    assert customers.connections.open(made.id).subject_source == "NameID"
    fixed = [one for one in events(made.id) if one.name == "connection.subject_fixed"]
    assert [(one.before, one.after) for one in fixed] == [({"subject_source": None}, {"subject_source": "NameID"})]
    with pytest.raises(NotFound):
        fix_subject_source("con-nobody", "sub", now=customers.now)


def test_only_an_operator_changes_where_subjects_come_from(customers: Customers) -> None:
    """An operator's act with an event of its own; it ends sessions."""
    made = customers.active(customers.organization())
    fix_subject_source(made.id, "NameID", now=customers.now)
    before = customers.connections.open(made.id).trust
    with pytest.raises(Forbidden):
        customers.connections.change_subject_source(made.id, "oid", actor=CUSTOMER, now=customers.now)
    with pytest.raises(Invalid):
        customers.connections.change_subject_source(made.id, "a\nb", actor=OPERATOR, now=customers.now)
    customers.connections.change_subject_source(made.id, "oid", actor=OPERATOR, now=customers.now)
    live = customers.connections.open(made.id)
    assert (live.subject_source, live.trust != before) == ("oid", True)
    assert events(made.id)[-1].after == {"subject_source": "oid"}
    assert events(made.id)[-1].actor_kind == "cli"


def test_routing_knows_only_what_a_sign_in_may_use(customers: Customers) -> None:
    """Draft, disabled, and those of a disabled organization are not there, and look the same."""
    acme = customers.organization()
    draft, off = customers.draft(acme).id, customers.active(acme).id
    on = customers.active(acme, domains=["acme.example"]).id
    customers.deactivate(off)
    assert [(one.id, one.is_default, one.domains) for one in customers.connections.active_of(acme)] == [
        (on, True, ("acme.example",))
    ]
    assert customers.connections.find_route(on) is not None
    assert [customers.connections.find_route(one) for one in (draft, off)] == [None, None]
    change_organization(acme, {"status": "disabled"}, actor=OPERATOR, now=customers.now)
    assert not customers.connections.active_of(acme)
    assert customers.connections.find_route(on) is None
