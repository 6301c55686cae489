"""An operator signs people out, at Auth0 too (issue 6, item 7; facts about Auth0, section 5: global token revocation)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.auth0_logins import Chain
from tests.support.browser import Browser
from tests.support.management import Refused
from tests.support.vendors import Vendor


@pytest.fixture(scope="module")
def customers(running_chain: Chain) -> tuple[Vendor, Vendor]:
    """Two customers."""
    return running_chain.vendors.connect("okta-saml"), running_chain.vendors.connect("entra-oidc")


@pytest.fixture
def trusted(chain: Chain) -> Chain:
    chain.trust.connect(applications=[chain.application.client_id])
    return chain


def log_in(chain: Chain, vendor: Vendor, name: str = "ada") -> tuple[Browser, dict[str, Any]]:
    browser = Browser()
    end = chain.sign_in(vendor, name, browser=browser, login_hint=f"{name}@{vendor.domain}")
    return browser, chain.claims(end)


def is_signed_in(chain: Chain, browser: Browser) -> bool:
    """Whether the tenant answers from a session of its own."""
    end = browser.walk(chain.authorize(prompt="none"), stop="http://app.localhost:1/callback")
    return "code" in getattr(end, "query", {})


def end_sessions(chain: Chain, vendor: Vendor, **whom: Any) -> Any:
    """The operator's call, and the job that tells clients."""
    said = chain.trust.api.post(f"/organizations/{chain.vendors.organization(vendor.key)}/end-sessions", **whom)
    with chain.vendors.gateway.app_context():
        chain.vendors.gateway.extensions["portico"].telling.tell_due(chain.vendors.clock())
    return said


@pytest.mark.parametrize("how", ["email", "sub"])
def test_a_person_is_signed_out_everywhere(trusted: Chain, customers: tuple[Vendor, Vendor], how: str) -> None:
    """By e-mail, in any spelling, or by the `sub` that is in the user id at Auth0. Others stay signed in."""
    a, b = customers
    browser, claims = log_in(trusted, a)
    other, _ = log_in(trusted, a, "grace")
    elsewhere, _ = log_in(trusted, b)
    whom = {"email": f"Ada@{a.domain.upper()}"} if how == "email" else {"sub": claims["sub"].split("|")[2]}
    said = end_sessions(trusted, a, **whom)
    assert said["people"] == 1
    assert said["clients"] >= 1
    assert said["sessions"] >= 1
    assert not is_signed_in(trusted, browser)
    assert is_signed_in(trusted, other)
    assert is_signed_in(trusted, elsewhere)
    assert trusted.trust.tenant.logs("universal_logout_succeeded")


def test_everybody_of_an_organization_is_signed_out(trusted: Chain, customers: tuple[Vendor, Vendor]) -> None:
    a, b = customers
    first, _ = log_in(trusted, a)
    second, _ = log_in(trusted, a, "grace")
    elsewhere, _ = log_in(trusted, b)
    end_sessions(trusted, a, everyone=True)
    assert not is_signed_in(trusted, first)
    assert not is_signed_in(trusted, second)
    assert is_signed_in(trusted, elsewhere)


def test_another_customers_person_is_not_reached(trusted: Chain, customers: tuple[Vendor, Vendor]) -> None:
    """A `sub` or an e-mail below an organization that it does not belong to ends nothing."""
    a, b = customers
    browser, claims = log_in(trusted, a)
    assert end_sessions(trusted, b, sub=claims["sub"].split("|")[2]) == {"people": 0, "sessions": 0, "clients": 0}
    assert end_sessions(trusted, b, email=f"ada@{a.domain}")["people"] == 0
    assert is_signed_in(trusted, browser)


def test_auth0_is_told_also_when_the_session_here_is_over(trusted: Chain, customers: tuple[Vendor, Vendor]) -> None:
    """Auth0's own session may live longer than ours."""
    a, _ = customers
    browser, claims = log_in(trusted, a)
    trusted.vendors.clock.advance(hours=9)
    said = end_sessions(trusted, a, sub=claims["sub"].split("|")[2])
    assert said["people"] == 1
    assert said["clients"] >= 1
    assert not is_signed_in(trusted, browser)


def test_it_is_audited_with_who_did_it(trusted: Chain, customers: tuple[Vendor, Vendor]) -> None:
    a, _ = customers
    log_in(trusted, a)
    end_sessions(trusted, a, email=f"ada@{a.domain}")
    organization = trusted.vendors.organization(a.key)
    event = next(
        one
        for one in trusted.trust.api.get("/audit-events", organization_id=organization)["items"]
        if one["name"] == "session.ended"
    )
    assert (event["details"]["by"], event["actor"]["kind"]) == ("operator", "api_key")
    assert event["personal"]["email"] == f"ada@{a.domain}"


@pytest.mark.parametrize("whom", [{}, {"email": "a@b.c", "everyone": True}, {"email": "a@b.c", "sub": "usr-x"}])
def test_it_has_to_be_said_who(trusted: Chain, customers: tuple[Vendor, Vendor], whom: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="one-of"):
        end_sessions(trusted, customers[0], **whom)


def test_a_tenant_that_takes_no_revocation_is_tried_again(trusted: Chain, customers: tuple[Vendor, Vendor]) -> None:
    """Open question f: whether a generic connection may use it is unknown; Portico's own session is over either way."""
    a, _ = customers
    trusted.trust.tenant.behave(revocation="refused")
    _, claims = log_in(trusted, a)
    end_sessions(trusted, a, sub=claims["sub"].split("|")[2])
    assert trusted.trust.tenant.logs("universal_logout_succeeded") == []
    trusted.trust.tenant.behave(revocation="okta")
    trusted.vendors.clock.advance(minutes=5)
    with trusted.vendors.gateway.app_context():
        trusted.vendors.gateway.extensions["portico"].telling.tell_due(trusted.vendors.clock())
    assert trusted.trust.tenant.logs("universal_logout_succeeded")
