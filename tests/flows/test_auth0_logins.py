"""Whole logins over what `connect` made: both ways in which Auth0 proves itself, the ways to a customer, what arrives
(issue 6, items 1 and 3; facts about Auth0, sections 1, 2 and 4).
"""

from __future__ import annotations

import pytest

from app.auth0.watching import keep_in_step
from tests.support.auth0_logins import Chain
from tests.support.auth0_tenant import CALLBACK
from tests.support.auth0_trust import drifted
from tests.support.browser import Browser, Page
from tests.support.vendors import Vendor


@pytest.fixture(scope="module")
def okta(running_chain: Chain) -> Vendor:
    return running_chain.vendors.connect("okta-saml")


@pytest.mark.parametrize("method", ["client_secret_post", "private_key_jwt"])
def test_auth0_proves_itself_by_a_secret_or_by_a_key(chain: Chain, okta: Vendor, method: str) -> None:
    chain.trust.connect(applications=[chain.application.client_id], auth_method=method)
    claims = chain.claims(chain.sign_in(okta, login_hint=f"ada@{okta.domain}"))
    assert chain.claim(claims, "portico_connection") == okta.id
    assert drifted(chain.trust.verify()) == {}


def test_the_method_can_be_changed_while_people_sign_in(chain: Chain, okta: Vendor) -> None:
    for method in ("client_secret_post", "private_key_jwt", "client_secret_post"):
        chain.trust.connect(applications=[chain.application.client_id], auth_method=method)
        assert chain.claims(chain.sign_in(okta, login_hint=f"ada@{okta.domain}"))


def test_lists_stay_lists_in_the_namespace_of_ones_own(chain: Chain, okta: Vendor) -> None:
    """Section 2: only bind_all keeps arrays; names such as `groups` never land in a profile, hence the prefix."""
    chain.trust.connect(applications=[chain.application.client_id], claims_namespace="https://ledgerline.example/")
    claims = chain.claims(chain.sign_in(okta, login_hint=f"ada@{okta.domain}"))
    assert claims["https://ledgerline.example/portico_groups"] == ["Engineering", "Everyone"]
    assert f"{chain.trust.issuer}/portico_org" not in claims


def test_auth0s_own_page_finds_portico_by_a_domain_in_step(chain: Chain, okta: Vendor) -> None:
    """Section 4, identifier-first: no `connection`, no hint; the e-mail's domain is among the aliases, and is handed on."""
    chain.trust.connect(applications=[chain.application.client_id])
    with chain.vendors.gateway.app_context():
        keep_in_step(chain.trust.auth0, chain.vendors.clock())
    browser = Browser()
    page = browser.walk(chain.authorize(connection=""), stop=CALLBACK)
    assert isinstance(page, Page)
    (form,) = [one for one in page.forms if "email" in dict(one.fields)]
    page = browser.walk(page.submit(form, email=f"ada@{okta.domain}"), stop=CALLBACK)
    assert isinstance(page, Page)
    assert "/sign-in/" in page.url, "straight to the customer's provider"
    end = browser.walk(chain.vendors.type_name(page, f"ada@{okta.domain}"), stop=CALLBACK)
    assert chain.claim(chain.claims(end), "portico_connection") == okta.id


def test_without_any_hint_portico_asks_for_the_work_email(chain: Chain, okta: Vendor) -> None:
    """What applications of domains beyond Auth0's thousand rely on: `connection=` and nothing else."""
    chain.trust.connect(applications=[chain.application.client_id])
    browser = Browser()
    page = browser.walk(chain.authorize(), stop=CALLBACK)
    assert isinstance(page, Page)
    assert page.url.startswith(chain.trust.issuer)
    (form,) = [one for one in page.forms if "email" in dict(one.fields)]
    page = browser.walk(page.submit(form, email=f"ada@{okta.domain}"), stop=CALLBACK)
    assert isinstance(page, Page)
    end = browser.walk(chain.vendors.type_name(page, f"ada@{okta.domain}"), stop=CALLBACK)
    assert chain.claims(end)["sub"].startswith("oidc|portico|usr-")


def test_the_address_that_connect_ends_with_tries_the_whole_way(chain: Chain, okta: Vendor) -> None:
    made = chain.trust.connect(applications=[chain.application.client_id])
    assert made.login_url is not None
    browser = Browser()
    page = browser.walk(f"{made.login_url}&login_hint=ada@{okta.domain}", stop=CALLBACK)
    assert isinstance(page, Page)
    end = browser.walk(chain.vendors.type_name(page, f"ada@{okta.domain}"), stop=CALLBACK)
    assert chain.claims(end)["sub"].startswith("oidc|portico|usr-")
