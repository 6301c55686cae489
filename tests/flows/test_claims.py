"""Claim normalization in whole logins: further attributes, roles by group, and rules tried on what a sign-in brought."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.browser import Browser
from tests.support.databases import Databases
from tests.support.gateway import Gateway
from tests.support.management import Refused
from tests.support.refusals import expect_refusal
from tests.support.relying_party import RelyingParty
from tests.support.saml_customer import SamlCustomer

PASSWORD = "hunter2-sent-by-a-careless-provider"


@pytest.fixture(scope="module")
def own_gateway(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A gateway of this module alone: attributes of the profile are the whole installation's."""
    with databases.database("sqlite", empty=True) as url:
        running = Gateway(tmp_path_factory.mktemp("claims"), url, workers=1)
        running.start()
        yield running
        running.stop()


@pytest.fixture
def customer(own_gateway: Gateway) -> SamlCustomer:
    return SamlCustomer(own_gateway)


@pytest.fixture
def party(own_gateway: Gateway) -> RelyingParty:
    return RelyingParty(own_gateway.base_url, own_gateway.api.add_client())


@pytest.fixture
def department(own_gateway: Gateway) -> Iterator[dict[str, Any]]:
    """An attribute that is required once the customer has mapped it."""
    made = own_gateway.api.post("/profile-attributes", name="department")
    yield made
    own_gateway.api.delete(f"/profile-attributes/{made['id']}")


def log_in(customer: SamlCustomer, party: RelyingParty, **attributes: list[str]) -> Any:
    browser = Browser()
    attempt = party.attempt(connection=customer.id)
    return attempt.finish(customer.log_in(browser, attempt, customer.subject(**attributes))).claims


def map_department(customer: SamlCustomer, rule: dict[str, Any] | None = None) -> None:
    rules = {"department": rule or {"sources": ["dept"]}}
    customer.gateway.api.patch(f"/connections/{customer.id}", claim_rules=rules)


def test_an_attribute_that_an_operator_defined_is_a_claim(
    customer: SamlCustomer, party: RelyingParty, department: dict[str, Any]
) -> None:
    """Issue 3: extra profile attributes, mapped by the customer, in the ID token and at userinfo."""
    assert "portico_department" not in log_in(customer, party, dept=["Engines"])
    map_department(customer, {"expression": "lower(dept[0])"})
    assert department["claim"] == "portico_department"
    assert log_in(customer, party, dept=["Engines"])["portico_department"] == "engines"


def test_a_sign_in_without_a_required_attribute_is_refused_naming_what_came(
    customer: SamlCustomer, party: RelyingParty, department: dict[str, Any], own_gateway: Gateway
) -> None:
    """Issue 3: `claim-missing`, with the names of the claims received, for the operator alone."""
    for other in own_gateway.api.get("/connections")["items"]:
        if other["status"] == "active" and other["id"] != customer.id:
            own_gateway.api.post(f"/connections/{other['id']}/deactivate")
    path = f"/profile-attributes/{department['id']}"
    with pytest.raises(Refused) as refused:
        own_gateway.api.patch(path, required=True)
    assert refused.value.body["code"] == "attribute-unmapped"
    assert customer.id in refused.value.body["detail"]
    map_department(customer)
    own_gateway.api.patch(path, required=True)
    browser = Browser()
    attempt = party.attempt(connection=customer.id)
    asked = customer.receive(browser, attempt)
    end = browser.walk(customer.respond(asked, customer.subject(other=["x"])))
    trace = expect_refusal(end, own_gateway.api, "claim-missing")
    denied = trace["steps"][-1]["facts"]
    assert "department" in denied["detail"]
    assert all(name in denied["detail"] for name in ("email", "firstName", "lastName", "other"))
    assert log_in(customer, party, dept=["Engines"])["portico_department"] == "Engines"


def test_groups_become_roles_by_priority_with_a_default(customer: SamlCustomer, party: RelyingParty) -> None:
    """Issue 3: group to role mapping; the connection's rules come before the organization's."""
    api, path = customer.gateway.api, f"/organizations/{customer.organization_id}/role-rules"
    api.post(path, group="Admins", role="admin", priority=10)
    api.post(path, group="Staff", role="staff", priority=20)
    api.post(path, role="guest")
    assert log_in(customer, party, groups=["Staff", "Admins"])["portico_roles"] == ["admin"]
    assert log_in(customer, party, groups=["Staff"])["portico_roles"] == ["staff"]
    assert log_in(customer, party, groups=["Else"])["portico_roles"] == ["guest"]
    api.post(path, group="Admins", role="auditor", priority=900, connection_id=customer.id)
    assert log_in(customer, party, groups=["Admins"])["portico_roles"] == ["auditor"]


def test_changed_rules_are_tried_on_what_a_sign_in_brought(customer: SamlCustomer, party: RelyingParty) -> None:
    """Issue 3: a stored, redacted assertion shows what would differ."""
    log_in(customer, party, nick=["Countess"], password=[PASSWORD], big=["x"] * 400)
    api = customer.gateway.api
    sign_in = api.get("/sign-ins", connection_id=customer.id)["items"][0]["id"]
    detail = api.get(f"/sign-ins/{sign_in}")
    assert detail["received"]["nick"] == ["Countess"]
    assert PASSWORD not in json.dumps(detail)
    path = f"/connections/{customer.id}/claims/preview"
    rules = {"given_name": {"sources": ["nick"]}, "family_name": {"sources": ["big"]}}
    found = api.post(path, sign_in_id=sign_in, claim_rules=rules)
    differences = {one["field"]: (one["before"], one["after"]) for one in found["differences"]}
    assert differences == {
        "given_name": ("Ada", "Countess"),
        "family_name": ("Lovelace", None),
        "name": ("Ada Lovelace", "Countess"),
    }
    assert {"password", "big"} <= set(found["left_out"])
    family = next(one for one in found["after"] if one["field"] == "family_name")
    assert "left out" in family["remark"]
    assert api.get(f"/connections/{customer.id}")["claim_rules"] == {}, "nothing was stored"


def test_the_command_line_tries_rules_too(customer: SamlCustomer) -> None:
    shown = customer.gateway.command(
        "connection", "preview-claims", customer.id, "--attributes", "mail=ada@halden.example",
        "--claim-rules", '{"email": {"expression": "upper(mail[0])"}}',
    )  # fmt: skip
    [difference] = shown["differences"]
    assert (difference["before"], difference["after"]) == ("ada@halden.example", "ADA@HALDEN.EXAMPLE")


def test_a_preview_looks_at_sign_ins_of_its_own_connection_only(customer: SamlCustomer, party: RelyingParty) -> None:
    """A sign-in of another customer is not found, whatever its id."""
    log_in(customer, party)
    api = customer.gateway.api
    sign_in = api.get("/sign-ins", connection_id=customer.id)["items"][0]["id"]
    other = SamlCustomer(customer.gateway, activate=False)
    for body in ({"sign_in_id": sign_in}, {"sign_in_id": "0" * 32}):
        with pytest.raises(Refused) as refused:
            api.post(f"/connections/{other.id}/claims/preview", **body)
        assert refused.value.status == 404
    for body in ({}, {"sign_in_id": sign_in, "attributes": {}}, {"attributes": {}, "claim_rules": {"email": 5}}):
        with pytest.raises(Refused) as refused:
            api.post(f"/connections/{customer.id}/claims/preview", **body)
        assert refused.value.status == 422
