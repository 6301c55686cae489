"""Whole logins over SAML, against identity providers with the habits of their vendors and against one of our own."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.support.browser import Browser, Page
from tests.support.certificates import make_certified
from tests.support.gateway import Gateway
from tests.support.refusals import expect_refusal
from tests.support.relying_party import Login, RelyingParty
from tests.support.saml_customer import SamlCustomer
from tests.support.signing_idp import Subject
from tests.support.simulator import Simulator

METADATA = {
    "okta": r"/okta/app/portico/exk\w+/sso/saml",
    "adfs": r"/adfs/adfs/ls/",
    "saml": r"/saml/saml/sso",
}


def connect(gateway: Gateway, simulator: Simulator, idp: str) -> dict[str, Any]:
    """Set up the customer as its administrator would: our values there, its metadata here."""
    if idp not in gateway.organizations:
        gateway.organizations[idp] = gateway.api.add_organization(simulator.domain(idp))["id"]
    connection = gateway.api.add_connection(
        gateway.organizations[idp],
        "saml",
        {"metadata_xml": simulator.fetch(metadata_path(simulator, idp))},
        activate=False,
    )
    ours = connection["service_provider"]
    simulator.register(idp, entity_id=ours["entity_id"], acs_urls=[ours["acs_url"]])
    gateway.api.activate(connection["id"])
    return connection


def metadata_path(simulator: Simulator, idp: str) -> str:
    """Return where this vendor publishes its metadata; the simulator's first page links to all of them."""
    if idp == "saml":
        return "/saml/saml/metadata"
    if idp == "adfs":
        return "/adfs/FederationMetadata/2007-06/FederationMetadata.xml"
    found = re.search(r"/okta/app/exk\w+/sso/saml/metadata", simulator.fetch("/"))
    assert found is not None
    return found[0]


def log_in(
    browser: Browser, simulator: Simulator, relying_party: RelyingParty, connection: str, username: str
) -> Login:
    attempt = relying_party.attempt(connection=connection)
    page = browser.read(attempt.url)
    step = simulator.sign_in(browser, page, username)
    return attempt.finish(browser.reach(step, relying_party.client.redirect_uri))


@pytest.mark.parametrize("idp", ["okta", "adfs", "saml"])
def test_a_person_of_each_vendor_logs_in(
    gateway: Gateway, simulator: Simulator, browser: Browser, relying_party: RelyingParty, idp: str
) -> None:
    """From pasted metadata alone, each vendor's attribute names become the one profile."""
    connection = connect(gateway, simulator, idp)
    login = log_in(browser, simulator, relying_party, connection["id"], f"ada@{simulator.domain(idp)}")
    assert login.claims["email"] == f"ada@{simulator.domain(idp)}"
    assert (login.claims["given_name"], login.claims["family_name"]) == ("Ada", "Lovelace")
    assert login.claims["name"] == "Ada Lovelace"  # made of its parts where no display name is sent
    assert sorted(login.claims["portico_groups"]) == ["Engineering", "Everyone"]
    assert login.claims["portico_connection"] == connection["id"]


def test_a_second_login_of_the_same_person_is_silent_and_the_same(
    gateway: Gateway, simulator: Simulator, browser: Browser, relying_party: RelyingParty
) -> None:
    """A session answers, here or at the identity provider, and `sub` is what it was."""
    connection = connect(gateway, simulator, "saml")
    first = log_in(browser, simulator, relying_party, connection["id"], f"ada@{simulator.domain('saml')}")
    attempt = relying_party.attempt(connection=connection["id"])
    again = attempt.finish(browser.reach(attempt.url, relying_party.client.redirect_uri))
    assert again.sub == first.sub


def test_prompt_login_asks_the_person_again(
    gateway: Gateway, simulator: Simulator, browser: Browser, relying_party: RelyingParty
) -> None:
    """`prompt=login` and `max_age=0` become ForceAuthn: the session at the identity provider is not enough."""
    connection = connect(gateway, simulator, "saml")
    log_in(browser, simulator, relying_party, connection["id"], f"ada@{simulator.domain('saml')}")
    for asked in ({"prompt": "login"}, {"max_age": "0"}):
        page = browser.read(relying_party.attempt(connection=connection["id"], **asked).url)
        assert "/sign-in/" in page.url, asked


def test_someone_whom_nobody_assigned_stays_at_the_provider(
    gateway: Gateway, simulator: Simulator, browser: Browser, relying_party: RelyingParty
) -> None:
    """The vendor's own page ends the sign-in; nothing comes back to us."""
    connection = connect(gateway, simulator, "okta")
    page = browser.read(relying_party.attempt(connection=connection["id"]).url)
    end = browser.read(simulator.sign_in(browser, page, f"outside@{simulator.domain('okta')}"))
    assert end.status == 403
    assert end.url.startswith(simulator.origin)


def test_the_id_token_says_everything(gateway: Gateway, browser: Browser, relying_party: RelyingParty) -> None:
    """Every claim of the contract is in the ID token, in its form; userinfo says the same (`finish` compares)."""
    customer = SamlCustomer(gateway)
    attempt = relying_party.attempt(connection=customer.id)
    subject = customer.subject(groups=["a", "b"])
    claims = attempt.finish(customer.log_in(browser, attempt, subject)).claims
    assert claims["email"] == f"ada@{customer.domain}"
    assert claims["email_verified"] is True
    assert claims["portico_org"] == customer.organization_id
    assert claims["portico_org_external_id"] == customer.organization["external_id"]
    assert claims["portico_connection"] == customer.id
    assert claims["portico_idp_sub"] == subject.name_id
    assert claims["portico_groups"] == ["a", "b"]
    assert claims["acr"] == "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
    assert re.fullmatch(r"[A-Za-z0-9.-]{1,64}", claims["sub"])
    assert {"iss", "sub", "aud", "exp", "iat", "auth_time"} <= claims.keys()
    assert not {"groups", "roles", "org_id"} & claims.keys(), "Auth0 drops these"
    assert isinstance(claims["aud"], str)


def test_no_nonce_is_invented(gateway: Gateway, browser: Browser, relying_party: RelyingParty) -> None:
    """OIDC Core 3.1.3.7: a nonce that was not sent must not come back; Auth0 fails the login otherwise."""
    customer = SamlCustomer(gateway)
    attempt = relying_party.attempt(connection=customer.id, nonce="")
    answer = customer.log_in(browser, attempt)
    tokens = attempt.redeem(attempt.code(answer)).json()
    assert "nonce" not in relying_party.verify(tokens["id_token"])


def test_sub_outlives_certificates_names_and_mail(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """A new certificate, another name, another address and another claim rule: the same person."""
    customer = SamlCustomer(gateway)
    attempt = relying_party.attempt(connection=customer.id)
    before = attempt.finish(customer.log_in(Browser(), attempt)).sub
    renewed = make_certified("renewed")
    settings = {"certificates": [renewed.certificate_pem]}
    rules = {"name": {"sources": ["nickname"]}}
    gateway.api.patch(f"/connections/{customer.id}", settings=settings, claim_rules=rules)
    changed = Subject(f"ada@{customer.domain}", {"email": [f"countess@{customer.domain}"], "nickname": ["Countess"]})
    attempt = relying_party.attempt(connection=customer.id)
    after = attempt.finish(customer.with_key(renewed).log_in(Browser(), attempt, changed))
    assert after.sub == before
    assert after.claims["name"] == "Countess"
    attempt = relying_party.attempt(connection=customer.id, prompt="login")
    expect_refusal(refused(browser, customer, attempt.url), gateway.api, "saml-signature")


def refused(browser: Browser, customer: SamlCustomer, url: str, subject: Subject | None = None) -> Page:
    """Walk to the end of a login that must end on a page."""
    asked = customer.receive(browser, url)
    end = browser.walk(customer.respond(asked, subject), stop="https://tenant.example/")
    assert isinstance(end, Page), f"logged in: {end.url}"
    return end


def email_of(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty, customer: SamlCustomer, email: str | None
) -> Login:
    attempt = relying_party.attempt(connection=customer.id)
    subject = Subject(
        "person", {"email": [email]} if email else {}, "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
    )
    return attempt.finish(customer.log_in(browser, attempt, subject))


def test_email_is_verified_only_for_an_exact_verified_domain(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """The domain that was verified, in any case of letters."""
    customer = SamlCustomer(gateway)
    login = email_of(gateway, browser, relying_party, customer, f"Ada@{customer.domain.upper()}")
    assert login.claims["email_verified"] is True


def test_an_identity_without_email_passes_without_the_claim(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """Neither `email` nor `email_verified`."""
    login = email_of(gateway, browser, relying_party, SamlCustomer(gateway), None)
    assert not {"email", "email_verified"} & login.claims.keys()


def test_an_address_of_another_customer_is_refused(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """T1: A's identity provider vouches for B's person, with and without verified domains of A's own."""
    victim = SamlCustomer(gateway)
    for attacker in (SamlCustomer(gateway), SamlCustomer(gateway, verified=False)):
        attempt = relying_party.attempt(connection=attacker.id)
        subject = Subject(
            "x", {"email": [f"ada@{victim.domain}"]}, "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
        )
        expect_refusal(refused(browser, attacker, attempt.url, subject), gateway.api)


def test_an_unverified_address_passes_only_while_nothing_is_verified(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """`email_verified` false before the first domain; refused after it; a subdomain is another domain."""
    young = SamlCustomer(gateway, verified=False)
    login = email_of(gateway, Browser(), relying_party, young, "ada@not-verified.example")
    assert login.claims["email_verified"] is False
    gateway.api.post(f"/organizations/{young.organization_id}/domains", domain=young.domain, verified=True)
    for email in ("ada@not-verified.example", f"ada@mail.{young.domain}"):
        attempt = relying_party.attempt(connection=young.id)
        subject = Subject("p", {"email": [email]}, "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent")
        expect_refusal(refused(browser, young, attempt.url, subject), gateway.api)


def test_two_customers_never_share_a_sub(gateway: Gateway, browser: Browser, relying_party: RelyingParty) -> None:
    """T3: the same identity provider entity and the same NameID at two customers are two persons."""
    first = SamlCustomer(gateway)
    second = SamlCustomer(gateway, key=first.key, entity_id=first.entity_id)
    person = Subject("same-name-id", {}, "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent")
    subs = set()
    for customer in (first, second):
        attempt = relying_party.attempt(connection=customer.id)
        subs.add(attempt.finish(customer.log_in(browser, attempt, person)).sub)
    assert len(subs) == 2


def test_the_answer_may_be_a_form(gateway: Gateway, browser: Browser, relying_party: RelyingParty) -> None:
    """`response_mode=form_post` (OAuth 2.0 Form Post Response Mode)."""
    customer = SamlCustomer(gateway)
    attempt = relying_party.attempt(connection=customer.id, response_mode="form_post")
    answer = customer.log_in(browser, attempt)
    assert answer.method == "POST"
    assert answer.url == relying_party.client.redirect_uri
    attempt.finish(answer)


def test_on_http_the_browser_posts_once_more_from_our_own_page(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """A Lax cookie stays at home on a cross-site POST: nothing is consumed, and our page posts again with the cookie."""
    customer = SamlCustomer(gateway)
    attempt = relying_party.attempt(connection=customer.id)
    response = customer.respond(customer.receive(browser, attempt))
    page = browser.send(response)
    assert page.status == 200
    assert page.next is not None
    assert page.next.url == response.url
    assert page.next.form.items() >= response.form.items()
    assert browser.send(response).status == 200, "the first POST used the sign-in up"
    attempt.finish(browser.reach(page.next, relying_party.client.redirect_uri))


@pytest.mark.parametrize("binding", ["redirect", "post"])
def test_the_request_travels_by_either_binding(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty, binding: str
) -> None:
    """HTTP-Redirect and HTTP-POST, with our own fixed ACS in it (P8)."""
    customer = SamlCustomer(gateway, sso_binding=binding)
    attempt = relying_party.attempt(connection=customer.id)
    step = browser.reach(attempt.url, customer.sso_url)
    assert step.method == ("GET" if binding == "redirect" else "POST")
    asked = customer.receive(browser, relying_party.attempt(connection=customer.id).url)
    assert asked.acs_url == customer.connection["service_provider"]["acs_url"]
