"""Changing the provider, our own values pasted back, and what a closed link says of who sent it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import transaction
from app.portal.own_values import find_own_values
from app.setup_links.models import SetupVisit
from tests.support.certificates import make_certified
from tests.support.clock import SettableClock
from tests.support.databases import Databases
from tests.support.visitor import Visitor
from tests.support.whole_app import whole_app

SETTINGS = {"idp_entity_id": "https://idp.halden.example", "sso_url": "https://idp.halden.example/sso"}


@pytest.fixture(scope="module")
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture(scope="module")
def app(databases: Databases, clock: SettableClock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One for the module: every test has an organization of its own."""
    folder = tmp_path_factory.mktemp("app")
    with databases.database("sqlite") as url, whole_app(url, clock, folder, brand_name="Ledgerline") as made:
        yield made


@pytest.mark.parametrize("active", [False, True], ids=["draft", "active"])
def test_5_claim_choices_go_along_to_another_provider(app: Flask, clock: SettableClock, active: bool) -> None:
    """Requirement 5, also while people sign in by the first one; an expression of the operators stays with theirs."""
    visitor = Visitor(app, clock, contact="mira@halden.example")
    visitor.enter()
    first = visitor.choose("okta-saml").removeprefix("/setup/")
    pem = make_certified("idp.halden.example").certificate_pem
    rules = {"given_name": {"sources": ["vorname"]}, "name": {"expression": "join(' ', [a, b])"}}
    body = {"settings": {**SETTINGS, "certificates": [pem]}, "claim_rules": rules}
    visitor.api.ok("PATCH", f"/connections/{first}", body)
    if active:
        visitor.api.ok("POST", f"/connections/{first}/activate", {"skip_test": True})
    second = visitor.choose("google-saml").removeprefix("/setup/")
    taken = visitor.api.ok("GET", f"/connections/{second}")["claim_rules"]
    assert {name: rule["sources"] for name, rule in taken.items()} == {"given_name": ["vorname"]}
    kept = visitor.api.ok("GET", f"/connections/{first}")
    assert (kept["status"] == "active", set(kept["claim_rules"])) == (active, {"given_name", "name"})


@pytest.mark.parametrize(
    "typed",
    ["urn:auth0:acme:halden", " URN:auth0:acme:halden/ ", "https://SSO.example/sso/saml/x/acs", "https://sso.example"],
)
def test_15_our_own_values_are_noticed_however_they_are_written(typed: str) -> None:
    """Requirement 15: an entity ID that was imported is no address of ours, and it is our own all the same."""
    ours = {"entity_id": "urn:auth0:acme:halden", "slo_url": None}
    (problem,) = find_own_values({"idp_entity_id": typed}, "https://sso.example", {"idp_entity_id": "Issuer"}, ours)
    assert (problem.field, problem.code) == ("idp_entity_id", "own-value")


@pytest.mark.parametrize("typed", ["https://sso.example.org/x", "urn:auth0:acme", "", None, ["https://sso.example"]])
def test_15_what_only_resembles_them_is_taken(typed: object) -> None:
    ours = {"entity_id": "urn:auth0:acme:halden", "slo_url": None}
    assert find_own_values({"sso_url": typed}, "https://sso.example", {}, ours) == ()


def test_2_a_closed_link_says_who_sent_it_and_nothing_of_the_customer(app: Flask, clock: SettableClock) -> None:
    """Requirement 2: the team by its product's name; a colleague without a name; never the name of an API key."""
    visitor = Visitor(app, clock, contact="mira@halden.example")
    visitor.enter()
    made = visitor.post("/setup/colleague", status=200, step="domains").text
    passed_on = re.search(r"/setup/[A-Za-z0-9_-]{43}", made)
    assert passed_on
    clock.advance(8 * 86_400)
    assert "It was sent by the team that runs Ledgerline." in visitor.get(visitor.path, 410)
    shown = visitor.get(passed_on[0], 410)
    assert "It was sent by a colleague of yours" in shown
    assert "halden" not in shown.lower()


def test_32_the_last_page_names_those_who_were_really_written_to(app: Flask, clock: SettableClock) -> None:
    """Requirement 32: contacts of that moment; nobody after a change of claims alone, which no mail tells about."""
    visitor = Visitor(app, clock, contact="mira@halden.example")
    visitor.enter()
    root = visitor.choose("okta-saml")
    connection = f"/connections/{root.removeprefix('/setup/')}"
    certificates = [make_certified("idp.halden.example").certificate_pem]
    visitor.api.ok("PATCH", connection, {"settings": {**SETTINGS, "certificates": certificates}})
    visitor.api.ok("POST", f"{connection}/activate", {"skip_test": True})
    clock.advance(60)
    visitor.api.ok("POST", f"/organizations/{visitor.organization}/contacts", {"name": "Per", "email": "per@x.example"})
    told = re.search(r"Told by e-mail</dt><dd>([^<]*)", visitor.get(f"{root}/done"))
    assert told
    assert told[1].strip() == "mira@halden.example"
    assert "<dt>Domains</dt>" in visitor.get(f"{root}/done")
    renewal = Visitor.__new__(Visitor)
    renewal.api, renewal.organization, renewal.client = visitor.api, visitor.organization, app.test_client()
    renewal.link(features=["certificates"], contact="mira@halden.example")
    renewal.enter()
    for page in (
        "done",
        "overview",
    ):  # it opens no domains, so it says nothing of them, least of all that there are none
        assert "<dt>Domains</dt>" not in renewal.get(f"{root}/{page}")
    visitor.api.ok("PATCH", f"{connection}/draft", {"claim_rules": {"name": {"sources": ["cn"]}}})
    visitor.api.ok("POST", f"{connection}/draft/activate", {"skip_test": True})
    assert "Nobody this time" in visitor.get(f"{root}/done")


def test_8_a_renewal_can_be_passed_on(app: Flask, clock: SettableClock) -> None:
    """Requirement 8: once it is on, by a link for single sign-on and by one for renewals alike."""
    for features in (["sso", "domains"], ["sso", "certificates"]):
        visitor = Visitor(app, clock, contact="mira@halden.example", features=features)
        visitor.enter()
        root = visitor.choose("okta-saml")
        connection = f"/connections/{root.removeprefix('/setup/')}"
        certificates = [make_certified("idp.halden.example").certificate_pem]
        visitor.api.ok("PATCH", connection, {"settings": {**SETTINGS, "certificates": certificates}})
        visitor.api.ok("POST", f"{connection}/activate", {"skip_test": True})
        assert "/setup/colleague?step=certificates" in visitor.get(f"{root}/certificates")
        assert '<option value="certificates" selected>' in visitor.get("/setup/colleague?step=certificates")
        made = visitor.post("/setup/colleague", status=200, step="certificates").text
        path = re.search(r"/setup/[A-Za-z0-9_-]{43}", made)
        assert path
        colleague = app.test_client()
        assert colleague.post(path[0]).status_code == 303
        assert colleague.get("/setup/").headers["Location"] == f"{root}/certificates"
        assert colleague.get(f"{root}/certificates").status_code == 200
        assert colleague.get(f"{root}/tasks").status_code == 404


def test_there_is_no_way_back_to_what_nobody_signed_in_through(app: Flask, clock: SettableClock) -> None:
    """Issue 5, item 4: one click back leads to what worked, never to what was typed on the way and not tested."""
    visitor = Visitor(app, clock, contact="mira@halden.example")
    visitor.enter()
    root = visitor.choose("okta-saml")
    connection = f"/connections/{root.removeprefix('/setup/')}"
    certificates = [make_certified("idp.halden.example").certificate_pem]
    visitor.api.ok("PATCH", connection, {"settings": {**SETTINGS, "certificates": certificates}})
    visitor.api.ok("POST", f"{connection}/activate", {"skip_test": True})
    with app.app_context(), transaction() as session:
        for row in session.scalars(select(SetupVisit)):
            row.proven_at = clock()
    csrf = re.search(r'name="csrf_token" value="([0-9a-f]+)"', visitor.get(f"{root}/overview"))
    assert csrf
    assert "Go back to the version before" not in visitor.get(f"{root}/overview")
    shown = visitor.client.post(f"{root}/restore", data={"csrf_token": csrf[1]})
    assert shown.status_code == 409
    assert "There is no version before that people signed in through." in shown.text
    visitor.api.ok("PATCH", f"{connection}/draft", {"settings": {"sso_url": "https://idp.halden.example/two"}})
    visitor.api.ok("POST", f"{connection}/draft/activate", {"skip_test": True})
    assert "Go back to the version before" in visitor.get(f"{root}/overview")
    assert visitor.client.post(f"{root}/restore", data={"csrf_token": csrf[1]}).status_code == 303
    assert visitor.api.ok("GET", connection)["settings"]["sso_url"] == SETTINGS["sso_url"]
