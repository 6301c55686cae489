"""Organizations bound: a login that began for one customer cannot end as another (issue 6, item 4; facts, section 1).

Customer A's person changes `organization=`, with whatever is not known of Auth0 ([U]) both ways.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.auth0_logins import Chain
from tests.support.auth0_tenant import CALLBACK
from tests.support.auth0_trust import drifted
from tests.support.browser import Browser
from tests.support.vendors import Vendor

ANOTHER = "This account belongs to another organization."
NOT_SET_UP = "This organization is not set up for this sign-in."


@pytest.fixture(scope="module")
def customers(running_chain: Chain) -> tuple[Vendor, Vendor]:
    """Customer A with Okta by SAML, customer B with Entra by OpenID Connect."""
    return running_chain.vendors.connect("okta-saml"), running_chain.vendors.connect("entra-oidc")


@pytest.fixture
def bound(chain: Chain, customers: tuple[Vendor, Vendor]) -> Chain:
    """Both customers have their Auth0 organization, and the tenant knows."""
    for vendor in customers:
        chain.bind(vendor)
    chain.trust.connect(applications=[chain.application.client_id])
    chain.trust.tenant.behave(membership_required=False)
    return chain


def of(chain: Chain, vendor: Vendor) -> str:
    return chain.organizations[vendor.key].id


def test_a_customers_person_enters_the_customers_organization(bound: Chain, customers: tuple[Vendor, Vendor]) -> None:
    for vendor in customers:
        hint = f"urn:portico:connection:{vendor.id}"
        claims = bound.claims(bound.sign_in(vendor, organization=of(bound, vendor), acr_values=hint))
        assert claims["org_id"] == of(bound, vendor)
        assert bound.claim(claims, "portico_org") == bound.vendors.organization(vendor.key)
        assert bound.claim(claims, "portico_auth0_org") == of(bound, vendor)
        assert bound.claim(claims, "portico_connection") == vendor.id


@pytest.mark.parametrize("auto", ["before_action", "after_action"])
@pytest.mark.parametrize("assign", [False, True])
def test_a_changed_organization_is_denied(
    bound: Chain, customers: tuple[Vendor, Vendor], auto: Any, assign: bool
) -> None:
    """By the Action, however Auth0 orders auto-membership, and also where somebody switched it on."""
    a, b = customers
    bound.trust.tenant.behave(auto_membership=auto, membership_required=False)
    if assign:
        path = f"/organizations/{of(bound, b)}/enabled_connections/{bound.trust.connection()['id']}"
        bound.trust.tenant.ask("PATCH", path, {"assign_membership_on_login": True})
    end = bound.sign_in(a, organization=of(bound, b), acr_values=f"urn:portico:connection:{a.id}")
    assert bound.refusal(end) == ANOTHER
    members = bound.trust.tenant.ask("GET", f"/organizations/{of(bound, b)}/members", take=10)["members"]
    # Where Auth0 writes the membership before an Action can deny, only its being off keeps the list clean: verify says so.
    assert bool(members) == (assign and auto == "before_action")
    assert ("organizations" in drifted(bound.trust.verify())) == assign


def test_a_live_session_of_auth0_does_not_open_another_organization(
    bound: Chain, customers: tuple[Vendor, Vendor]
) -> None:
    """Auth0 may answer `organization=B` from A's session without asking Portico; the Action looks all the same."""
    a, b = customers
    browser, hint = Browser(), f"urn:portico:connection:{a.id}"
    bound.claims(bound.sign_in(a, browser=browser, organization=of(bound, a), acr_values=hint))
    assert bound.refusal(bound.sign_in(a, browser=browser, organization=of(bound, b))) == ANOTHER
    assert bound.claims(bound.sign_in(a, browser=browser, organization=of(bound, a)))["org_id"] == of(bound, a)


def test_an_organization_without_its_mark_lets_nobody_in(bound: Chain, customers: tuple[Vendor, Vendor]) -> None:
    a, _ = customers
    bound.trust.tenant.ask("PATCH", f"/organizations/{of(bound, a)}", {"metadata": {}})
    end = bound.sign_in(a, organization=of(bound, a), acr_values=f"urn:portico:connection:{a.id}")
    assert bound.refusal(end) == NOT_SET_UP


def test_the_wall_stands_where_the_connection_lost_its_mark(bound: Chain, customers: tuple[Vendor, Vendor]) -> None:
    """The absence of a check is a refusal."""
    a, b = customers
    stored = bound.trust.connection()
    body = {"metadata": {"x": "y"}, "display_name": stored["display_name"]}
    bound.trust.tenant.ask("PATCH", f"/connections/{stored['id']}", body)
    end = bound.sign_in(a, organization=of(bound, b), acr_values=f"urn:portico:connection:{a.id}")
    assert bound.refusal(end) == ANOTHER


def test_a_request_that_says_which_organization_gets_no_code_for_another(
    bound: Chain, customers: tuple[Vendor, Vendor]
) -> None:
    """Refused at Portico, before a code: by the Auth0 organization in acr_values, contradicted by the e-mail's customer."""
    a, b = customers
    urn = f"urn:portico:auth0-organization:{of(bound, b)}"
    end = bound.sign_in(a, login_hint=f"ada@{a.domain}", organization=of(bound, b), acr_values=urn)
    assert "two different" in bound.refusal(end)
    page = Browser().walk(bound.authorize(organization=of(bound, b), acr_values=urn), stop=CALLBACK)
    assert b.key in getattr(page, "url", ""), (
        "it leads to the provider of the customer that was asked for, nobody else's"
    )


def test_an_unknown_auth0_organization_is_refused_as_any_unknown_target(
    bound: Chain, customers: tuple[Vendor, Vendor]
) -> None:
    a, _ = customers
    unknown = bound.sign_in(a, acr_values="urn:portico:auth0-organization:org_nobody")
    other = bound.sign_in(a, acr_values="urn:portico:organization:nobody")
    assert bound.refusal(unknown).split(" (")[0][:40] == bound.refusal(other).split(" (")[0][:40]


def test_without_organizations_the_claim_says_who_somebody_is(bound: Chain, customers: tuple[Vendor, Vendor]) -> None:
    """An application that does not use Auth0's Organizations decides by the claim."""
    for vendor in customers:
        claims = bound.claims(bound.sign_in(vendor, login_hint=f"ada@{vendor.domain}"))
        assert "org_id" not in claims
        assert bound.claim(claims, "portico_org") == bound.vendors.organization(vendor.key)
