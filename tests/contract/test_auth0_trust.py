"""The stored trust and the bindings of organizations, on each database (issue 6, items 1 and 4)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.audit import EventFilter, list_events
from app.auth0 import trust as trusts
from app.auth0.bindings import (
    LOOK_AT,
    TRY_AGAIN,
    list_bindings,
    list_failures,
    list_pending,
    note_failure,
    note_looked,
    note_told,
)
from app.auth0.tenant import Credentials
from app.auth0.trust import Decisions, decisions_of, find_trust, forget_credentials, get_trust, open_credentials
from app.cipher import CannotDecrypt, Cipher
from app.errors import NotFound
from app.organizations import NewOrganization, add_organization, change_organization, delete_organization
from tests.support.customers import OPERATOR

ACME = Decisions("https://acme.eu.auth0.com", "https://sso.example.com/", applications=("app-1",))
MACHINE = Credentials("m2m", "very-secret")

pytestmark = pytest.mark.usefixtures("app_context")


def store(
    cipher: Cipher, now: datetime, decisions: Decisions = ACME, credentials: Credentials | None = MACHINE
) -> None:
    trusts.store_decisions(decisions, credentials, cipher, actor=OPERATOR, now=now)


def bind(now: datetime, auth0_id: str | None, name: str = "Acme") -> str:
    return add_organization(NewOrganization(name, auth0_organization_id=auth0_id), actor=OPERATOR, now=now).id


def test_there_is_none_before_somebody_connects(app_context: Flask) -> None:
    assert find_trust() is None
    with pytest.raises(NotFound):
        get_trust()


def test_decisions_and_sealed_credentials_come_back(cipher: Cipher, now: datetime) -> None:
    store(cipher, now)
    row = get_trust()
    assert decisions_of(row) == ACME
    assert open_credentials(row, cipher) == MACHINE
    assert row.management_client_secret is not None
    assert "very-secret" not in row.management_client_secret
    with pytest.raises(CannotDecrypt):
        cipher.decrypt(row.management_client_secret, context="connections/con-1/secrets")


def test_new_decisions_keep_the_credentials_and_what_was_found_out(cipher: Cipher, now: datetime) -> None:
    store(cipher, now)
    trusts.note(connection_id="con_1", client_id="cli-1")
    store(cipher, now, Decisions(ACME.origin, ACME.claims_namespace, discovery_domains=True), None)
    row = get_trust()
    assert (row.connection_id, row.client_id, row.applications, row.discovery_domains) == ("con_1", "cli-1", [], True)
    assert open_credentials(row, cipher) == MACHINE


def test_another_tenant_begins_anew(cipher: Cipher, now: datetime) -> None:
    """Nothing that was found out of one tenant is believed of another; nor are its credentials sent there."""
    store(cipher, now)
    trusts.note(connection_id="con_1", client_id="cli-1", baseline={"taken_at": "x", "connections": []})
    store(cipher, now, Decisions("https://globex.eu.auth0.com", ACME.claims_namespace), None)
    row = get_trust()
    assert (row.connection_id, row.client_id, row.baseline) == (None, None, None)
    assert open_credentials(row, cipher) is None


def test_credentials_are_forgotten_and_the_rest_stays(cipher: Cipher, now: datetime) -> None:
    store(cipher, now)
    forget_credentials(actor=OPERATOR, now=now)
    forget_credentials(actor=OPERATOR, now=now)
    assert open_credentials(get_trust(), cipher) is None
    names = [event.name for event in list_events(EventFilter(target=trusts.ID)).items]
    assert names == ["auth0.credentials_forgotten", "auth0.trust_changed"]


def test_no_secret_is_in_the_audit_log(cipher: Cipher, now: datetime) -> None:
    store(cipher, now)
    assert "very-secret" not in str([event.as_dict() for event in list_events(EventFilter()).items])


def test_a_binding_is_told_once_and_then_looked_at_in_turn(now: datetime) -> None:
    organizations = [bind(now, f"org_{number}", f"Customer {number}") for number in range(LOOK_AT + 5)]
    assert len(list_pending(now)) == LOOK_AT + 5
    for one in list_bindings():
        note_told(one, actor=OPERATOR, now=now)
    assert list_pending(now) == []
    first = list_bindings()
    assert len(first) == LOOK_AT
    note_looked(first, now=now + timedelta(minutes=1))
    second = {one.organization_id for one in list_bindings()}
    assert set(organizations) - {one.organization_id for one in first} <= second
    assert len(list_bindings(whole=True)) == LOOK_AT + 5


def test_a_binding_that_moved_ends_the_old_mark_before_it_sets_the_new(now: datetime) -> None:
    organization = bind(now, "org_A")
    (fresh,) = list_bindings()
    note_told(fresh, actor=OPERATOR, now=now)
    change_organization(organization, {"auth0_organization_id": "org_B"}, actor=OPERATOR, now=now)
    end, fresh = list_pending(now)
    assert (end.auth0_organization_id, end.organization_id, end.former) == ("org_A", None, organization)
    assert (fresh.auth0_organization_id, fresh.organization_id) == ("org_B", organization)
    note_told(end, actor=OPERATOR, now=now)
    note_told(fresh, actor=OPERATOR, now=now)
    assert list_pending(now) == []


def test_the_mark_of_a_customer_that_is_gone_is_taken_away(now: datetime) -> None:
    organization = bind(now, "org_A")
    for one in list_bindings():
        note_told(one, actor=OPERATOR, now=now)
    delete_organization(organization, actor=OPERATOR, now=now)
    (end,) = list_pending(now)
    assert (end.organization_id, end.former) == (None, organization)


def test_an_auth0_organization_that_went_to_another_customer_is_not_unmarked(now: datetime) -> None:
    first = bind(now, "org_A")
    for one in list_bindings():
        note_told(one, actor=OPERATOR, now=now)
    change_organization(first, {"auth0_organization_id": None}, actor=OPERATOR, now=now)
    second = bind(now, "org_A", "Globex")
    (fresh,) = list_pending(now)
    assert (fresh.organization_id, fresh.former) == (second, None)


def test_what_failed_rests_for_an_hour_and_is_listed(now: datetime) -> None:
    organization = bind(now, "org_A")
    (fresh,) = list_pending(now)
    note_failure(fresh, "there is none" + "x" * 900, now=now)
    assert list_pending(now) == []
    assert [(one, other) for one, other, _ in list_failures()] == [(organization, "org_A")]
    later = now + TRY_AGAIN + timedelta(seconds=1)
    assert list_pending(later) == [fresh]
    note_told(fresh, actor=OPERATOR, now=later)
    assert list(list_failures()) == []
