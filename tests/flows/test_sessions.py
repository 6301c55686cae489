"""Portico sessions: silent sign-in, and the requests that no session may answer (the plan's rules; OIDC Core 3.1.2.1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.browser import Browser, Page, Step
from tests.support.certificates import make_certified
from tests.support.gateway import Gateway
from tests.support.management import Client
from tests.support.relying_party import Attempt, Login, RelyingParty
from tests.support.saml_customer import SamlCustomer
from tests.support.signing_idp import Subject, post_fields

TENANT = "https://tenant.example/"


def silent(browser: Browser, attempt: Attempt) -> Login:
    """The login that needs nobody: from the request straight back to the client."""
    end = browser.walk(attempt.url, stop=(TENANT, "https://idp."))
    assert isinstance(end, Step), end.text[:500]
    assert end.url.startswith(TENANT), f"went to {end.url}"
    return attempt.finish(end)


def asked_at_provider(browser: Browser, customer: SamlCustomer, attempt: Attempt) -> bool:
    """Whether the person is sent to the identity provider."""
    end = browser.walk(attempt.url, stop=(TENANT, "https://idp."))
    return isinstance(end, Step) and end.url.startswith(customer.sso_url)


def error_of(browser: Browser, attempt: Attempt) -> str:
    end = browser.walk(attempt.url, stop=(TENANT, "https://idp."))
    assert isinstance(end, Step)
    return attempt.error(end)


def log_in(
    browser: Browser, relying_party: RelyingParty, customer: SamlCustomer, name: str = "ada", **more: str
) -> Login:
    attempt = relying_party.attempt(connection=customer.id, **more)
    return attempt.finish(customer.log_in(browser, attempt, customer.subject(name)))


def only_for(gateway: Gateway, *organizations: str) -> RelyingParty:
    """A client that is allowed these organizations alone."""
    made: Client = gateway.api.add_client(allowed_organizations=list(organizations))
    return RelyingParty(gateway.base_url, made)


@pytest.mark.parametrize("named", ["connection", "organization", "acr", "domain_hint", "login_hint"])
def test_a_request_that_names_connection_or_organization_is_answered_silently(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty, named: str
) -> None:
    """The same person, the same authentication: `sub` and `auth_time` are what they were, the session's token is fresh."""
    customer = SamlCustomer(gateway)
    attempt = relying_party.attempt(connection=customer.id)
    asked = customer.receive(browser, attempt)
    a_minute_ago = datetime.now(UTC) - timedelta(seconds=60)
    xml = customer.idp.respond(asked, customer.entity_id, customer.subject(), a_minute_ago)
    answer = Step("POST", asked.acs_url, tuple(post_fields(xml, asked.relay_state).items()), initiator=customer.sso_url)
    first = attempt.finish(browser.reach(answer, TENANT))
    assert abs(first.claims["auth_time"] - a_minute_ago.timestamp()) <= 1, "the provider's word, never our clock"
    parameters = {
        "connection": {"connection": customer.id},
        "organization": {"organization": customer.organization_id},
        "acr": {"acr_values": f"urn:portico:organization:{customer.organization_id}"},
        "domain_hint": {"domain_hint": customer.domain},
        "login_hint": {"login_hint": f"Ada@{customer.domain}"},
    }[named]
    again = silent(browser, relying_party.attempt(**parameters))
    for claim in ("sub", "auth_time", "acr", "email", "portico_connection"):
        assert again.claims[claim] == first.claims[claim]


def test_the_only_allowed_organization_is_enough(gateway: Gateway, browser: Browser) -> None:
    """A client of one customer alone names it by being what it is."""
    customer = SamlCustomer(gateway)
    relying_party = only_for(gateway, customer.organization_id)
    first = log_in(browser, relying_party, customer)
    assert silent(browser, relying_party.attempt()).sub == first.sub
    assert silent(browser, relying_party.attempt(prompt="none")).sub == first.sub


def test_an_id_token_hint_names_its_person_and_nobody_else(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """OIDC Core 3.1.2.1: two people in one browser; another browser's person comes to no code."""
    customer = SamlCustomer(gateway)
    ada, bob = log_in(browser, relying_party, customer), log_in(browser, relying_party, customer, "bob", prompt="login")
    for login in (ada, bob):
        hint = login.tokens["id_token"]
        assert silent(browser, relying_party.attempt(id_token_hint=hint, prompt="none")).sub == login.sub
    assert (
        error_of(browser, relying_party.attempt(connection=customer.id, prompt="none")) == "account_selection_required"
    )
    assert asked_at_provider(browser, customer, relying_party.attempt(connection=customer.id))
    fresh = Browser()
    attempt = relying_party.attempt(id_token_hint=ada.tokens["id_token"])
    end = fresh.walk(customer.respond(customer.receive(fresh, attempt), customer.subject("bob")), stop=TENANT)
    assert isinstance(end, Page), "somebody else than the hinted person was let in"
    assert end.status == 400


def test_a_request_that_names_nobody_is_answered_by_no_session(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """A client of many customers gets the e-mail page, and an error where nobody may be asked."""
    log_in(browser, relying_party, SamlCustomer(gateway))
    page = browser.walk(relying_party.attempt().url, stop=(TENANT, "https://idp."))
    assert isinstance(page, Page)
    assert "Work e-mail" in page.text
    assert error_of(browser, relying_party.attempt(prompt="none")) == "login_required"


def test_a_session_belongs_to_browser_client_connection_and_sub(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """Each of the four, changed alone, leads to the identity provider."""
    customer = SamlCustomer(gateway)
    other = SamlCustomer(gateway)
    log_in(browser, relying_party, customer)
    stranger = RelyingParty(gateway.base_url, gateway.api.add_client())
    assert asked_at_provider(Browser(), customer, relying_party.attempt(connection=customer.id)), "another browser"
    assert asked_at_provider(browser, customer, stranger.attempt(connection=customer.id)), "another client"
    assert asked_at_provider(browser, other, relying_party.attempt(connection=other.id)), "another connection"
    hinted = relying_party.attempt(connection=customer.id, login_hint=f"bob@{customer.domain}")
    assert asked_at_provider(browser, customer, hinted), "another person"
    assert error_of(browser, stranger.attempt(connection=customer.id, prompt="none")) == "login_required"


@pytest.mark.parametrize(
    "asked",
    [{"prompt": "login"}, {"prompt": "select_account"}, {"prompt": "consent"}, {"max_age": "0"}, {"max_age": "9"}],
)
def test_whoever_asks_for_more_than_a_session_goes_to_the_provider(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty, asked: dict[str, str]
) -> None:
    """Freshness is the provider's to prove."""
    customer = SamlCustomer(gateway)
    log_in(browser, relying_party, customer)
    assert asked_at_provider(browser, customer, relying_party.attempt(connection=customer.id, **asked))


def test_where_nobody_may_be_asked_max_age_is_kept_by_the_providers_time(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """OIDC Core 3.1.2.1: `prompt=none` with `max_age`."""
    customer = SamlCustomer(gateway)
    log_in(browser, relying_party, customer)
    attempt = relying_party.attempt(connection=customer.id, prompt="none", max_age="600")
    assert silent(browser, attempt).claims["auth_time"]
    attempt = relying_party.attempt(connection=customer.id, prompt="none", max_age="0")
    assert error_of(browser, attempt) == "login_required"


CHANGES: dict[str, dict[str, Any]] = {
    "certificate": {"settings": {"certificates": None}},
    "issuer": {"settings": {"idp_entity_id": "https://other.example/metadata"}},
    "metadata": {"settings": {"metadata_url": "https://other.example/metadata"}},
    "subject": {"settings": {"subject_attribute": "employeeNumber"}},
}


@pytest.mark.parametrize("change", [*CHANGES, "policy"])
def test_a_change_of_trust_ends_the_sessions(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty, change: str
) -> None:
    """Certificate, metadata URL, issuer, subject source, policy."""
    customer = SamlCustomer(gateway)
    log_in(browser, relying_party, customer)
    assert not asked_at_provider(browser, customer, relying_party.attempt(connection=customer.id))
    if change == "policy":
        gateway.api.patch(f"/organizations/{customer.organization_id}", policy={"max_session_s": 3600})
    else:
        changes = CHANGES[change]["settings"]
        if change == "certificate":
            changes = {"certificates": [make_certified("renewed").certificate_pem]}
        gateway.api.patch(f"/connections/{customer.id}", settings=changes)
    assert asked_at_provider(browser, customer, relying_party.attempt(connection=customer.id))


def test_changed_rules_hold_for_the_next_silent_sign_in(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """A session remembers what the provider proved, not what was made of it."""
    customer = SamlCustomer(gateway)
    assert log_in(browser, relying_party, customer).claims["given_name"] == "Ada"
    gateway.api.patch(f"/connections/{customer.id}", claim_rules={"given_name": {"sources": ["lastName"]}})
    again = silent(browser, relying_party.attempt(connection=customer.id))
    assert again.claims["given_name"] == "Lovelace"


def test_t4_a_domain_that_moved_is_vouched_for_no_longer(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """A session's e-mail address is judged anew: the customer that owns the domain now is not this one."""
    customer, new_owner = SamlCustomer(gateway), SamlCustomer(gateway)
    log_in(browser, relying_party, customer)
    gateway.api.post(f"/organizations/{new_owner.organization_id}/domains/{customer.domain}/move")
    assert asked_at_provider(browser, customer, relying_party.attempt(connection=customer.id))


@pytest.mark.parametrize("what", ["connection", "organization", "client"])
def test_t8_what_is_disabled_is_answered_by_no_session(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty, what: str
) -> None:
    """The one question is asked whenever a session is used again."""
    customer = SamlCustomer(gateway)
    log_in(browser, relying_party, customer)
    if what == "connection":
        gateway.api.post(f"/connections/{customer.id}/deactivate")
    elif what == "organization":
        gateway.api.patch(f"/organizations/{customer.organization_id}", status="disabled")
    else:
        gateway.api.patch(f"/clients/{relying_party.client.client_id}", allowed_organizations=[])
    end = browser.walk(relying_party.attempt(connection=customer.id).url, stop=(TENANT, "https://idp."))
    assert isinstance(end, Step)
    assert end.answer["error"] == "access_denied"


def test_the_cookie_is_new_after_every_sign_in(gateway: Gateway, browser: Browser, relying_party: RelyingParty) -> None:
    """ASVS 7.2.4: a value that somebody saw or planted before is worth nothing; other sessions of the browser go along."""
    customer, other = SamlCustomer(gateway), SamlCustomer(gateway)
    log_in(browser, relying_party, customer)
    planted = next(cookie for cookie in browser.cookies if cookie.name == "portico-session")
    log_in(browser, relying_party, other)
    assert silent(browser, relying_party.attempt(connection=customer.id))
    assert silent(browser, relying_party.attempt(connection=other.id))
    thief = Browser()
    thief.cookies.set_cookie(planted)
    for one in (customer, other):
        assert asked_at_provider(thief, one, relying_party.attempt(connection=one.id))


def test_a_silent_sign_in_is_traced_and_audited(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """As any other, with the session as its cause."""
    customer = SamlCustomer(gateway)
    log_in(browser, relying_party, customer)
    silent(browser, relying_party.attempt(connection=customer.id))
    traces = gateway.api.get("/sign-ins", connection_id=customer.id, limit=10)["items"]
    assert [trace["outcome"] for trace in traces] == ["allowed", "allowed"]
    steps = [step["name"] for step in gateway.api.trace(traces[0]["id"])["steps"]]
    assert "session" in steps
    assert "code-redeemed" in steps
    events = gateway.api.get("/audit-events", organization_id=customer.organization_id, limit=50)["items"]
    allowed = [event for event in events if event["name"] == "sign_in.allowed"]
    assert len(allowed) == 2
    assert [event["details"].get("by") for event in allowed].count("session") == 1


def test_the_organizations_policy_bounds_the_session(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """`session_expiry` counts from when the provider answered, and does not move with a silent sign-in."""
    customer = SamlCustomer(gateway)
    gateway.api.patch(f"/organizations/{customer.organization_id}", policy={"max_session_s": 900})
    before = datetime.now(UTC).timestamp()
    first = log_in(browser, relying_party, customer)
    assert 895 <= first.claims["session_expiry"] - before <= 925
    again = silent(browser, relying_party.attempt(connection=customer.id))
    assert again.claims["session_expiry"] == first.claims["session_expiry"]


def test_without_a_bound_there_is_no_session_expiry(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """Nothing is invented."""
    assert "session_expiry" not in log_in(browser, relying_party, SamlCustomer(gateway)).claims


def test_two_people_without_mail_stay_two(gateway: Gateway, browser: Browser, relying_party: RelyingParty) -> None:
    """A login_hint that is no address names the person by user name, or leads to the provider."""
    customer = SamlCustomer(gateway)
    persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
    attempt = relying_party.attempt(connection=customer.id)
    attempt.finish(customer.log_in(browser, attempt, Subject("p-1", {}, persistent)))
    hinted = relying_party.attempt(connection=customer.id, login_hint="somebody")
    assert asked_at_provider(browser, customer, hinted)
