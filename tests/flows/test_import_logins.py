"""The proof of the import: a tenant's export with thirty mixed connections becomes drafts, and people of all thirty sign in
at providers that still know the old values (issue 6, item 5 and second proof; facts, section 12).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from app.auth0.importing.existing import parse_existing
from app.auth0.importing.plan import ImportOptions, make_plan
from app.auth0.importing.readers import read_deploy_cli, read_terraform_state
from tests.support.auth0_export import (
    CUSTOM_DOMAIN,
    MIX,
    TENANT,
    Existing,
    as_deploy_cli,
    as_terraform,
    make_export,
    old_acs,
)
from tests.support.browser import Browser, Page, Step
from tests.support.databases import Databases
from tests.support.relying_party import Login
from tests.support.vendors import Vendors, run_vendors

OLD = f"https://{CUSTOM_DOMAIN}/"


@dataclass
class Imported:
    """The tenant, its export and what the import reported."""

    vendors: Vendors
    export: list[Existing]
    planned: dict[str, Any]
    report: dict[str, Any]

    def row(self, name: str) -> dict[str, Any]:
        return next(row for row in self.report["connections"] if row["name"] == name)


@pytest.fixture(scope="module")
def imported(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imported]:
    with databases.database("sqlite") as url, run_vendors(url, tmp_path_factory.mktemp("imported")) as vendors:
        export = make_export(vendors)
        agent = {"id": "con_ad", "name": "old-agent", "strategy": "ad", "options": {}}
        people = {"id": "con_db", "name": "Username-Password-Authentication", "strategy": "auth0", "options": {}}
        body = {
            "tenant": TENANT,
            "custom_domains": [CUSTOM_DOMAIN],
            "connections": [*(one.raw for one in export), agent, people],
        }
        planned = vendors.api.post("/auth0/imports/plan", **body)
        assert vendors.api.get("/organizations")["items"] == [], "a dry run stores nothing"
        yield Imported(vendors, export, planned, vendors.api.post("/auth0/imports", **body))


def test_thirty_connections_become_drafts_and_the_report_counts_customers(imported: Imported) -> None:
    """How many need nothing, one thing, a new set-up; the agent is said not to move, the database is no customer's."""
    report = imported.report
    assert sum(len(vendors) for vendors in MIX.values()) == 30
    assert report["outcomes"] == {"created": 30, "skipped": 1}
    assert report["customers"] == {"nothing": 21, "one-thing": 7, "new-setup": 2, "not-migratable": 1}
    assert imported.planned["customers"] == report["customers"]
    assert {row["name"] for row in report["connections"]} == {*(one.name for one in imported.export), "old-agent"}
    api = imported.vendors.api
    drafts = [api.get(f"/connections/{row['connection_id']}") for row in report["connections"] if row["connection_id"]]
    assert Counter(draft["status"] for draft in drafts) == {"draft": 30}


def test_the_report_says_the_very_address_that_a_customer_has_to_add(imported: Imported) -> None:
    for one in imported.export:
        row = imported.row(one.name)
        if row["verdict"] == "one-thing":
            assert row["service_provider"]["redirect_uri"] in row["must_change"]
        if row["verdict"] == "new-setup":
            assert row["service_provider"]["metadata_url"] in row["must_change"]


def test_a_second_run_changes_nothing(imported: Imported) -> None:
    """Idempotent: matched by the stored id of the connection in the tenant."""
    body = {"tenant": TENANT, "custom_domains": [CUSTOM_DOMAIN], "connections": [one.raw for one in imported.export]}
    again = imported.vendors.api.post("/auth0/imports", **body)
    assert again["outcomes"] == {"already": 30}
    assert [row["connection_id"] for row in again["connections"]] == [
        row["connection_id"] for row in imported.report["connections"] if row["connection_id"]
    ]


def test_exports_lead_to_the_same_plan_as_the_tenant(imported: Imported) -> None:
    """The same thirty as the deploy CLI and Terraform write them down: the same verdicts and the same drafts."""
    vendors, raws = imported.vendors, [one.raw for one in imported.export]
    options = ImportOptions(TENANT, custom_domains=(CUSTOM_DOMAIN,))
    gateway = vendors.gateway.extensions["portico"]
    sources = (
        tuple(parse_existing(raw) for raw in raws),
        read_deploy_cli(as_deploy_cli(raws)),
        read_terraform_state(as_terraform(raws)),
    )
    with vendors.gateway.app_context():
        plans = [
            make_plan(source, options, gateway.registry, gateway.rooms.fetch, now=vendors.clock()) for source in sources
        ]
    proposals = [{one.existing.name: one.proposal for one in plan} for plan in plans]
    assert len(proposals[0]) == 30
    assert proposals[0] == proposals[1] == proposals[2]


@pytest.mark.parametrize("position", range(30))
def test_people_of_every_imported_connection_sign_in(imported: Imported, position: int) -> None:
    """The provider knows the entity ID and the ACS URL from before; one more redirect URI where OpenID Connect asks."""
    one = imported.export[position]
    row = imported.row(one.name)
    finish(imported.vendors, one, row)
    imported.vendors.api.activate(row["connection_id"])
    login = log_in(imported.vendors, one, row["connection_id"])
    assert login.claims["portico_connection"] == row["connection_id"]
    assert login.claims["portico_org"] == row["organization_id"]
    if one.is_saml:
        ours = imported.vendors.api.get(f"/connections/{row['connection_id']}")["settings"]
        assert ours["sp_entity_id"] == f"urn:auth0:acme:{one.name}"
        assert old_acs(one.name) in ours["accepted_acs_urls"]


def finish(vendors: Vendors, one: Existing, row: dict[str, Any]) -> None:
    """Do what the report asks of the customer, and confirm what it asks the operator to."""
    told, idp = vendors.describe(one.vendor), vendors.simulator.extensions["idps"][one.vendor]
    path, changes = f"/connections/{row['connection_id']}", {}
    if one.is_saml:
        if not vendors.api.get(path)["settings"]["idp_entity_id"]:
            assert any("issuer" in sentence for sentence in row["confirm"])
            changes = {"idp_entity_id": told["entity_id"]}
    elif one.raw["strategy"] == "adfs":
        idp.register({"metadata_xml": vendors.fetch_ours(row["service_provider"]["metadata_url"])})
    else:
        known = idp.find_oidc_application(one.raw["options"]["client_id"])
        idp.register({
            "client_id": known.client_id,
            "client_secret": known.client_secret,
            "redirect_uris": [*known.redirect_uris, row["service_provider"]["redirect_uri"]],
            "optional_claims": list(known.optional_claims),
        })  # fmt: skip
        changes = {"issuer": told["issuer"]}  # the simulator stands for Microsoft and Google
    if changes:
        vendors.api.patch(path, settings=changes)


def log_in(vendors: Vendors, one: Existing, connection_id: str, browser: Browser | None = None) -> Login:
    """Sign in as a person does, with the proxy of the old domain on the way where the provider posts there."""
    browser, party = browser or Browser(), vendors.relying_party
    attempt = party.attempt(connection=connection_id)
    stops = (party.client.redirect_uri, OLD)
    end = browser.walk(attempt.url, stop=stops)
    if isinstance(end, Page):
        assert "/sign-in/" in end.url, end.text[:800]
        end = browser.walk(vendors.type_name(end, f"ada@{one.vendor}.example"), stop=stops)
    if isinstance(end, Step) and end.url.startswith(OLD):
        assert end.url == old_acs(one.name)
        end = browser.walk(through_proxy(party.issuer, end), stop=party.client.redirect_uri)
    assert isinstance(end, Step), end.text[:800]
    return attempt.finish(end)


def through_proxy(base_url: str, step: Step) -> Step:
    """Let the proxy of the old domain hand a POST to the gateway; return the one that the browser makes next."""
    sent = requests.post(
        base_url + step.url.removeprefix(OLD.rstrip("/")),
        data=list(step.fields),
        headers={"Host": CUSTOM_DOMAIN},
        allow_redirects=False,
        timeout=10,
    )
    assert sent.status_code == 307, sent.text[:500]
    return Step("POST", sent.headers["Location"], step.fields, initiator=step.url)


def test_the_token_tells_the_old_id_during_the_dual_run_alone(imported: Imported) -> None:
    """In ID token and userinfo alike (`finish` compares), after a sign-in at the provider and by a session."""
    vendors = imported.vendors
    one = next(each for each in imported.export if each.name == "samlp-okta-1")
    row = imported.row(one.name)
    finish(vendors, one, row)
    vendors.api.activate(row["connection_id"])
    party, browser, told = vendors.relying_party, Browser(), []
    for state in (None, "dual-run", "moved", "dual-run", "back"):
        if state:
            vendors.api.post(f"/organizations/{row['organization_id']}/move", to=state)
        if state is None:
            told.append(log_in(vendors, one, row["connection_id"], browser).claims.get("portico_legacy_user_id"))
            continue
        attempt = party.attempt(connection=row["connection_id"])  # the session answers
        login = attempt.finish(browser.reach(attempt.url, party.client.redirect_uri))
        told.append(login.claims.get("portico_legacy_user_id"))
    old = f"samlp|{one.name}|{login.claims['portico_idp_sub']}"
    assert told == [None, old, None, old, None]
