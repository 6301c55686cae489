"""Row T9: every API route with an id of somebody else's. The matrix is made of the operations themselves.

An API key belongs to the operators and may name every organization. What must hold is that an id opens nothing through
a parent that is not its own, that an unknown id and one of another kind look the same, and that no such call changes
or tells anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.management import OPERATIONS
from tests.support.clock import SettableClock
from tests.support.whole_app import Api, whole_app

OIDC = {"issuer": "https://login.halden.example", "client_id": "portico", "client_secret": "s3cret"}


@dataclass(frozen=True)
class Customer:
    """One side of the matrix: everything that has an id, by the name of its path parameter."""

    organization_id: str
    domain: str
    connection_id: str
    client_id: str
    secret_id: str
    api_key_id: str
    role_rule_id: str
    profile_attribute_id: str
    contact_id: str
    setup_link_id: str
    notice_id: str = "ntc-" + "a" * 26
    sha256: str = "f" * 64


@pytest.fixture
def whole(database_url: str, clock: SettableClock, tmp_path: Path) -> Iterator[Flask]:
    with whole_app(database_url, clock, tmp_path) as app:
        yield app


@pytest.fixture
def api(whole: Flask, clock: SettableClock) -> Api:
    return Api(whole, clock)


def make_customer(api: Api, domain: str) -> Customer:
    organization = api.ok("POST", "/organizations", {"name": domain})["id"]
    api.ok("POST", f"/organizations/{organization}/domains", {"domain": domain, "verified": True})
    path = f"/organizations/{organization}/connections"
    connection = api.ok("POST", path, {"adapter": "oidc", "settings": OIDC})["id"]
    client = api.ok("POST", "/clients", {"name": domain, "redirect_uris": [f"https://{domain}/cb"]})["id"]
    secret = api.ok("POST", f"/clients/{client}/secrets")["id"]
    key = api.ok("POST", "/api-keys", {"name": domain})["id"]
    rule = api.ok("POST", f"/organizations/{organization}/role-rules", {"group": "g", "role": domain})["id"]
    attribute = api.ok("POST", "/profile-attributes", {"name": f"of_{domain[0]}"})["id"]
    below = f"/organizations/{organization}"
    contact = api.ok("POST", f"{below}/contacts", {"name": "Mira", "email": f"mira@{domain}"})["id"]
    link = api.ok("POST", f"{below}/setup-links", {"features": ["sso"]})["id"]
    return Customer(organization, domain, connection, client, secret, key, rule, attribute, contact, link)


def fill(path: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        path = path.replace("{" + name + "}", value)
    return path


def content_of(operation: Any, customer: Customer) -> Any:
    bodies: dict[str, Any] = {
        "auth0-import-record-users": {"users": [{}]},
        "auth0-move-change": {"to": "dual-run"},
        "domain-add": {"domain": "third.example.net"},
        "connection-create": {"adapter": "oidc", "settings": OIDC},
        "connection-activate": {"skip_test": True},
        "connection-preview-claims": {"attributes": {"mail": "a@b.example"}},
        "role-choices-set": {"roles": ["viewer"]},
        "branding-set": {"product_name": "Mine"},
        "organization-end-sessions": {"everyone": True},
        "role-rule-create": {"group": "x", "role": "y"},
        "contact-create": {"name": "Jane", "email": "jane@example.net"},
        "setup-link-create": {"features": ["domains"]},
        "connection-add-certificates": {"certificates": ["MIIB"]},
        "connection-note-secret-expiry": {"secret": "client_secret", "last_day": None},
        "connection-change-subject-source": {"subject_source": "email"},
    }
    return bodies.get(operation.id, {}) if operation.method in ("POST", "PUT", "PATCH") else None


NESTED = [operation for operation in OPERATIONS if len(operation.parameters) == 2]
WITH_IDS = [operation for operation in OPERATIONS if operation.parameters]


@pytest.mark.parametrize("operation", NESTED, ids=lambda operation: operation.id)
def test_an_id_opens_nothing_through_another_parent(api: Api, operation: Any) -> None:
    """A's secret below B's client, A's domain below B's organization: 404, and nothing has changed."""
    if operation.id == "domain-move":
        pytest.skip("moving a domain from its owner to another organization is what it is for; operators only")
    a, b = make_customer(api, "a-customer.com"), make_customer(api, "b-customer.com")
    parent, child = operation.parameters
    path = fill(operation.path, {parent: getattr(b, parent), child: getattr(a, child)})
    before = state_of(api, a)
    assert api.refused(operation.method, path, content_of(operation, a))[0] == 404
    assert state_of(api, a) == before


def test_unknown_ids_and_ids_of_another_kind_look_the_same(api: Api) -> None:
    """Every route x (unknown, malformed, of another kind): the same 404, apart from its reference."""
    a = make_customer(api, "a-customer.com")
    before = state_of(api, a)
    foreign = ["org-" + "a" * 26, "con-" + "b" * 26, "x", "%00", "%ff", "..%2f..", "'--", "a" * 500, a.connection_id,
               a.organization_id, a.client_id, a.secret_id, a.api_key_id, a.role_rule_id,
               a.profile_attribute_id, a.contact_id, a.setup_link_id]  # fmt: skip
    seen = set()
    for operation, value in product(WITH_IDS, foreign):
        own = {name: getattr(a, name, "x") for name in operation.parameters}
        name = operation.parameters[0]
        if own[name] == value:
            continue
        path = fill(operation.path, {**own, name: value})
        status, problem = api.refused(operation.method, path, content_of(operation, a))
        problem.pop("reference")
        seen.add((status, json.dumps(problem)))
        assert status == 404, (operation.id, value, problem)
        assert value not in json.dumps(problem) or len(value) < 3
    assert len(seen) == 1
    assert state_of(api, a) == before


def test_another_organizations_data_is_in_no_answer_about_mine(api: Api) -> None:
    """Lists below an organization hold its own rows alone."""
    a, b = make_customer(api, "a-customer.com"), make_customer(api, "b-customer.com")
    for path in (
        f"/organizations/{a.organization_id}",
        f"/organizations/{a.organization_id}/domains",
        f"/organizations/{a.organization_id}/connections",
        f"/organizations/{a.organization_id}/role-rules",
        f"/organizations/{a.organization_id}/contacts",
        f"/organizations/{a.organization_id}/setup-links",
        f"/connections/{a.connection_id}",
        f"/audit-events?organization_id={a.organization_id}",
        f"/sign-ins?organization_id={a.organization_id}",
    ):
        text = api.send("GET", path).text
        for value in (b.organization_id, b.domain, b.connection_id, b.contact_id, b.setup_link_id):
            assert value not in text, path


def state_of(api: Api, customer: Customer) -> str:
    """Everything that the API tells about a customer, apart from when keys were last used."""
    paths = (
        f"/organizations/{customer.organization_id}",
        f"/organizations/{customer.organization_id}/domains",
        f"/organizations/{customer.organization_id}/role-rules",
        f"/organizations/{customer.organization_id}/role-choices",
        f"/organizations/{customer.organization_id}/branding",
        f"/organizations/{customer.organization_id}/contacts",
        f"/organizations/{customer.organization_id}/setup-links",
        f"/profile-attributes/{customer.profile_attribute_id}",
        f"/connections/{customer.connection_id}",
        f"/clients/{customer.client_id}",
        f"/clients/{customer.client_id}/secrets",
        f"/audit-events?organization_id={customer.organization_id}",
    )
    return json.dumps([api.ok("GET", path) for path in paths])
