"""Domains in step (issue 6, item 3; facts about Auth0, section 4), and organizations that the job tells of (item 4)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import select

from app.auth0.aliases import MOST
from app.auth0.watching import LOOK_AGAIN, keep_in_step
from app.database import db, transaction
from app.notices import NoticeKind, list_notices
from app.organizations import Domain
from app.periodic import list_periodics
from tests.support.auth0_trust import Trust, drifted
from tests.support.management import Refused

OIDC = {"issuer": "https://login.halden.example", "client_id": "portico", "client_secret": "s3cret"}


@pytest.fixture
def trusted(trust: Trust) -> Trust:
    _disable_everybody(trust)
    trust.connect()
    return trust


def _disable_everybody(trust: Trust) -> None:
    """Customers of earlier tests."""
    for one in trust.api.get("/organizations", limit=200)["items"]:
        trust.api.patch(f"/organizations/{one['id']}", status="disabled")


def customer(trust: Trust, *domains: str, active: bool = True) -> dict[str, Any]:
    made = trust.api.add_organization()
    for domain in domains:
        trust.api.post(f"/organizations/{made['id']}/domains", domain=domain, verified=True)
    trust.api.add_connection(made["id"], "oidc", OIDC, activate=active)
    return made


def fresh(name: str = "acme") -> str:
    return f"{name}-{secrets.token_hex(4)}.example.com"


def aliases(trust: Trust) -> list[str]:
    return list(trust.connection()["options"].get("domain_aliases", []))


@dataclass
class Counting:
    """The way out, with what was asked."""

    inner: Any
    urls: list[str]

    def request(self, method: str, url: str, **more: Any) -> Any:
        self.urls.append(url)
        return self.inner.request(method, url, **more)


def tick(trust: Trust) -> int:
    """Run the job once; returns how many calls the tenant got."""
    urls: list[str] = []
    with trust.app.app_context():
        keep_in_step(replace(trust.auth0, requests=Counting(trust.auth0.requests, urls)), trust.clock())
    return len(urls)


def test_verified_domains_of_customers_who_can_sign_in_are_pushed(trusted: Trust) -> None:
    one, other, pending, waiting = fresh(), fresh(), fresh(), fresh()
    made = customer(trusted, one, other)
    trusted.api.post(f"/organizations/{made['id']}/domains", domain=pending)
    customer(trusted, waiting, active=False)
    report = trusted.push(dry_run=True)
    assert (report["add"], report["waiting"]) == (sorted([one, other], key=report["add"].index), [waiting])
    assert aliases(trusted) == []
    trusted.push()
    assert set(aliases(trusted)) == {one, other}
    assert trusted.push()["in_step"] is True
    assert drifted(trusted.verify()) == {}


def test_nothing_else_of_the_connection_is_touched(trusted: Trust) -> None:
    """PATCH replaces all options: what others put there goes back."""
    trusted.change_options(icon_url="https://x.example/i.png")
    before = trusted.connection()
    customer(trusted, fresh())
    trusted.push()
    after = trusted.connection()
    before["options"]["domain_aliases"] = after["options"]["domain_aliases"]
    assert after == before


def test_a_lapsed_domain_keeps_its_routing(trusted: Trust) -> None:
    """Its e-mail counts as unverified; people go on to sign in."""
    domain = fresh()
    customer(trusted, domain)
    trusted.push()
    with trusted.app.app_context(), transaction():
        db.session.scalars(select(Domain).where(Domain.domain == domain)).one().status = "lapsed"
    assert trusted.push()["in_step"] is True
    assert aliases(trusted) == [domain]


def test_a_domain_that_is_gone_or_whose_customer_is_disabled_is_taken_back(trusted: Trust) -> None:
    domain, other = fresh(), fresh()
    made = customer(trusted, domain, other)
    trusted.push()
    trusted.api.delete(f"/organizations/{made['id']}/domains/{domain}")
    assert trusted.push()["remove"] == [domain]
    trusted.api.patch(f"/organizations/{made['id']}", status="disabled")
    assert trusted.push()["remove"] == [other]
    assert aliases(trusted) == []


def test_other_peoples_aliases_are_reported_and_removed_only_by_choice(trusted: Trust) -> None:
    trusted.change_options(domain_aliases=["theirs.example.com"])
    domain = fresh()
    customer(trusted, domain)
    assert trusted.push()["foreign"] == ["theirs.example.com"]
    assert aliases(trusted) == ["theirs.example.com", domain]
    domains = next(one for one in trusted.verify()["checks"] if one["name"] == "domains")
    assert (domains["state"], domains["facts"]["foreign"]) == ("ok", ["theirs.example.com"])
    trusted.push(remove_foreign=True)
    assert aliases(trusted) == [domain]


def test_beyond_a_thousand_the_report_says_so_and_no_second_connection_is_made(trusted: Trust) -> None:
    trusted.change_options(domain_aliases=[f"d{number}.example.com" for number in range(MOST - 1)])
    one, other = fresh(), fresh()
    customer(trusted, one)
    trusted.clock.advance(seconds=1)
    customer(trusted, other)
    report = trusted.push()
    assert (report["add"], report["beyond"]) == ([one], [other])
    assert len(aliases(trusted)) == MOST
    domains = next(check for check in trusted.verify()["checks"] if check["name"] == "domains")
    assert "connection=" in domains["message"]
    assert len(trusted.tenant.ask("GET", "/connections")) == 1


def test_the_job_reacts_within_a_minute_and_asks_nothing_when_nothing_changed(trusted: Trust) -> None:
    assert (
        next(one for one in list_periodics(trusted.app.extensions["portico"]) if one.name == "auth0-in-step").every_s
        == 60
    )
    tick(trusted)
    assert tick(trusted) == 0
    domain = fresh()
    customer(trusted, domain)
    assert tick(trusted) > 0
    assert aliases(trusted) == [domain]
    assert tick(trusted) == 0


def test_the_job_puts_right_what_somebody_changed_in_auth0_within_an_hour(trusted: Trust) -> None:
    domain = fresh()
    customer(trusted, domain)
    tick(trusted)
    trusted.change_options(domain_aliases=[])
    assert drifted(trusted.verify()) == {"domains": [f"options.domain_aliases.{domain}"]}
    trusted.clock.advance(LOOK_AGAIN.total_seconds())
    tick(trusted)
    assert aliases(trusted) == [domain]


def test_an_organization_is_bound_unbound_and_moved_by_the_job(trusted: Trust) -> None:
    """Item 4: each customer may name its Auth0 organization; the mark follows."""
    one, other = trusted.tenant.add_organization("one", {"plan": "gold"}), trusted.tenant.add_organization("other")

    def marks() -> list[Any]:
        return [
            trusted.tenant.ask("GET", f"/organizations/{each.id}")["metadata"].get("portico_org")
            for each in (one, other)
        ]

    made = trusted.api.add_organization(auth0_organization_id=one.id)
    tick(trusted)
    assert marks() == [made["id"], None]
    assert tick(trusted) == 0
    trusted.api.patch(f"/organizations/{made['id']}", auth0_organization_id=other.id)
    tick(trusted)
    assert marks() == [None, made["id"]]
    assert trusted.tenant.ask("GET", f"/organizations/{one.id}")["metadata"] == {"plan": "gold"}
    enabled = trusted.tenant.ask("GET", f"/organizations/{other.id}/enabled_connections")
    assert [entry["assign_membership_on_login"] for entry in enabled] == [False]
    trusted.api.patch(f"/organizations/{made['id']}", auth0_organization_id=None)
    tick(trusted)
    assert marks() == [None, None]
    names = [event["name"] for event in trusted.api.get("/audit-events", organization_id=made["id"])["items"]]
    assert names.count("auth0.organization_bound") == 4


def test_an_auth0_organization_belongs_to_one_customer(trusted: Trust) -> None:
    organization = trusted.tenant.add_organization("one")
    trusted.api.add_organization(auth0_organization_id=organization.id)
    with pytest.raises(Refused, match="409"):
        trusted.api.add_organization(auth0_organization_id=organization.id)
    with pytest.raises(Refused, match="422"):
        trusted.api.add_organization(auth0_organization_id="not-an-id")


def test_one_organization_that_auth0_does_not_have_holds_up_no_other(trusted: Trust) -> None:
    trusted.api.add_organization(auth0_organization_id="org_gone")
    good = trusted.tenant.add_organization("good")
    made = trusted.api.add_organization(auth0_organization_id=good.id)
    tick(trusted)
    assert trusted.tenant.ask("GET", f"/organizations/{good.id}")["metadata"]["portico_org"] == made["id"]
    assert tick(trusted) == 0, "what failed rests for an hour"
    with trusted.app.app_context():
        assert NoticeKind.AUTH0_FAILING in [row.kind for row in list_notices(limit=10)]
    report = trusted.verify()
    assert drifted(report) == {"organizations": ["organizations.org_gone"]}


def test_discovery_domains_follow_where_they_are_wanted(trusted: Trust) -> None:
    domain = fresh()
    organization = trusted.tenant.add_organization("found")
    made = customer(trusted, domain)
    trusted.api.patch(f"/organizations/{made['id']}", auth0_organization_id=organization.id)
    trusted.connect()
    assert trusted.tenant.ask("GET", f"/organizations/{organization.id}/discovery-domains")["domains"] == []
    trusted.connect(discovery_domains=True)
    found = trusted.tenant.ask("GET", f"/organizations/{organization.id}/discovery-domains", take=10)["domains"]
    assert [(one["domain"], one["status"]) for one in found] == [(domain, "verified")]
    assert trusted.changes() == {}


def test_without_credentials_nothing_goes_on_by_itself(trusted: Trust) -> None:
    trusted.api.delete("/auth0/credentials")
    customer(trusted, fresh())
    assert tick(trusted) == 0
    assert aliases(trusted) == []
