"""The proof of issue 6: connect, verify, onboard customers by the API with three kinds of provider, verify again: still one
connection, everybody signs in, nobody enters another's organization, domains are in step. Fifty customers in a soak, twelve
otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.auth0.watching import keep_in_step
from tests.support.auth0_logins import Chain, run_chain
from tests.support.auth0_trust import drifted
from tests.support.databases import Databases
from tests.support.soak import SOAK
from tests.support.vendors import Vendor

KINDS = ("okta-saml", "entra-oidc", "adfs-saml")
COUNT = 50 if SOAK else 12
PROFILES = {f"c{number:02}-{KINDS[number % 3]}": KINDS[number % 3] for number in range(COUNT)}


@pytest.fixture(scope="module")
def before(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    """A trust that was just made and verified, and no customer."""
    with databases.database("sqlite") as url, run_chain(url, tmp_path_factory.mktemp("proof"), PROFILES) as chain:
        chain.trust.connect(applications=[chain.application.client_id])
        chain.trust.tenant.behave(membership_required=False)
        assert chain.trust.verify()["ok"] is True
        yield chain


@pytest.fixture(scope="module")
def onboarded(before: Chain) -> tuple[Chain, list[Vendor]]:
    """The customers, by the API alone: organization, domain, connection, Auth0 organization. Then the job ran once."""
    vendors = [before.vendors.connect(key, adapter=profile) for key, profile in PROFILES.items()]
    for vendor in vendors:
        before.bind(vendor)
    with before.vendors.gateway.app_context():
        keep_in_step(before.trust.auth0, before.vendors.clock())
    return before, vendors


def test_everybody_signs_in_through_the_one_connection(onboarded: tuple[Chain, list[Vendor]]) -> None:
    chain, vendors = onboarded
    subjects = set()
    for vendor in vendors:
        organization = chain.organizations[vendor.key].id
        claims = chain.claims(chain.sign_in(vendor, organization=organization, login_hint=f"ada@{vendor.domain}"))
        assert chain.claim(claims, "portico_connection") == vendor.id
        assert claims["org_id"] == organization
        assert claims["sub"].startswith("oidc|portico|usr-")
        subjects.add(claims["sub"])
    assert len(subjects) == COUNT


def test_verify_proves_that_onboarding_made_no_connection(onboarded: tuple[Chain, list[Vendor]]) -> None:
    chain, _ = onboarded
    report = chain.trust.verify()
    assert report["ok"] is True, drifted(report)
    facts = {check["name"]: check["facts"] for check in report["checks"]}
    assert (facts["connections"]["before"], facts["connections"]["after"]) == (1, 1)
    assert facts["creations"]["events"] == []
    assert facts["logins"]["connection_ids"] == [chain.trust.connection()["id"]]
    assert facts["logins"]["customers"] == facts["organizations"]["bound"] == COUNT
    assert facts["logins"]["logins"] >= COUNT
    assert [one["name"] for one in chain.trust.tenant.ask("GET", "/connections")] == ["portico"]


def test_domains_are_in_step(onboarded: tuple[Chain, list[Vendor]]) -> None:
    chain, vendors = onboarded
    assert set(chain.trust.connection()["options"]["domain_aliases"]) == {vendor.domain for vendor in vendors}
    assert chain.trust.push(dry_run=True)["in_step"] is True


def test_nobody_enters_anothers_organization(onboarded: tuple[Chain, list[Vendor]]) -> None:
    """Each customer's person asks for the next customer's organization."""
    chain, vendors = onboarded
    for vendor, other in zip(vendors, vendors[1:] + vendors[:1], strict=True):
        organization = chain.organizations[other.key].id
        end = chain.sign_in(vendor, organization=organization, login_hint=f"ada@{vendor.domain}")
        assert chain.refusal(end) == "This account belongs to another organization."
