"""Sign-ins that begin at the provider: checked, remembered, thrown away, and an ordinary flow follows (row P3, P7)."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from portico_saml.testing import Answer, IdentityProvider
from portico_sdk import KeyPair
from tests.support.browser import Browser, Page, Step
from tests.support.gateway import Gateway
from tests.support.management import Client
from tests.support.refusals import expect_refusal
from tests.support.relying_party import RelyingParty
from tests.support.saml_customer import SamlCustomer

START = "https://app.example/auth/login"
REPORTS = "https://app.example/reports?year=2026"


@pytest.fixture
def client(gateway: Gateway) -> Client:
    """A client at which a sign-in can begin."""
    return gateway.api.add_client(initiate_login_uri=START)


def open_customer(gateway: Gateway, client: Client, **more: Any) -> SamlCustomer:
    """A customer whose people may start at their own provider."""
    settings = {
        "allow_idp_initiated": True,
        "idp_initiated_client_id": client.client_id,
        "idp_initiated_targets": [f"reports={REPORTS}"],
        **more,
    }
    return SamlCustomer(gateway, **settings)


def unasked(customer: SamlCustomer, relay_state: str | None = None, **changes: Any) -> Step:
    """A response that nobody asked for, as the customer's provider posts it."""
    ours = customer.connection["service_provider"]
    idp = IdentityProvider(
        customer.entity_id, customer.sso_url, KeyPair(customer.key.key_pem, customer.key.certificate_pem)
    )
    honest = Answer.honest(
        issuer=customer.entity_id,
        acs_url=ours["acs_url"],
        audience=ours["entity_id"],
        request_id=None,
        now=datetime.now(UTC),
    )
    honest = replace(honest, assertion_id=f"_{datetime.now(UTC).timestamp()}".replace(".", ""), **changes)
    fields = {"SAMLResponse": base64.b64encode(idp.respond(honest)).decode()}
    if relay_state is not None:
        fields["RelayState"] = relay_state
    return Step("POST", ours["acs_url"], tuple(fields.items()), initiator=customer.sso_url)


def link_of(page: Page | Step) -> str:
    """Where the one link of the page leads."""
    assert isinstance(page, Page), f"went on to {page.url} without a click"
    assert page.status == 200, page.text[:800]
    (link,) = [part.split('"')[0] for part in page.text.split('<a class="btn btn-primary w-100" href="')[1:]]
    return link.replace("&amp;", "&")


def test_p3_it_is_off_unless_an_operator_allows_it(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """With and without a RelayState: refused, and traced."""
    customer = SamlCustomer(gateway)
    for relay_state in (None, "", "reports"):
        end = browser.walk(unasked(customer, relay_state), stop="https://")
        expect_refusal(end, gateway.api)


def test_the_person_goes_to_the_application_by_a_click_and_signs_in_the_ordinary_way(
    gateway: Gateway, browser: Browser, client: Client, relying_party: RelyingParty
) -> None:
    """iss, connection, acr_values; nobody is signed in by it; what follows is bound to this browser."""
    customer = open_customer(gateway, client)
    page = browser.walk(unasked(customer), stop="https://")
    link = link_of(page)
    assert link.startswith(f"{START}?")
    assert dict(parse_qsl(urlsplit(link).query)) == {
        "iss": gateway.base_url,
        "connection": customer.id,
        "acr_values": f"urn:portico:connection:{customer.id}",
    }
    assert isinstance(page, Page)
    assert "Refresh" not in page.headers
    assert not [cookie for cookie in browser.cookies if cookie.name == "portico-session"]
    given = dict(parse_qsl(urlsplit(link).query))
    attempt = relying_party.attempt(acr_values=given["acr_values"])
    login = attempt.finish(customer.log_in(browser, attempt))
    assert login.claims["portico_connection"] == customer.id


def test_it_counts_once(gateway: Gateway, browser: Browser, client: Client) -> None:
    """CVE-2026-18967: remembered against replay although the identity is thrown away."""
    customer = open_customer(gateway, client)
    response = unasked(customer)
    link_of(browser.walk(response, stop="https://"))
    for again in (browser, Browser()):
        expect_refusal(again.walk(response, stop="https://"), gateway.api, "proof-replayed")


@pytest.mark.parametrize(
    ("relay_state", "target"),
    [
        ("reports", REPORTS),
        ("Reports", None),
        ("https://evil.example/", None),
        ("//evil.example", None),
        ("\\\\evil.example", None),
        ("javascript:alert(1)", None),
        ("x" * 10_000, None),
        (REPORTS, None),
        ("", None),
    ],
)
def test_p7_relay_state_is_only_a_key_into_the_operators_list(
    gateway: Gateway, browser: Browser, client: Client, relay_state: str, target: str | None
) -> None:
    """Anything else means nothing, and is nowhere in the address."""
    link = link_of(browser.walk(unasked(open_customer(gateway, client), relay_state), stop="https://"))
    query = dict(parse_qsl(urlsplit(link).query))
    assert query.get("target_link_uri") == target
    assert "evil" not in link


def test_a_registered_parameter_is_left_alone(gateway: Gateway, browser: Browser) -> None:
    """Auth0's own `connection` in the login address names Auth0's connection."""
    client = gateway.api.add_client(initiate_login_uri=f"{START}?connection=portico")
    link = link_of(browser.walk(unasked(open_customer(gateway, client)), stop="https://"))
    query = parse_qsl(urlsplit(link).query)
    assert [value for name, value in query if name == "connection"] == ["portico"]
    assert "acr_values" in dict(query)


@pytest.mark.parametrize("wrong", ["answers a request", "other key", "other audience", "handle of nobody"])
def test_it_is_checked_as_any_response(
    gateway: Gateway, browser: Browser, client: Client, relying_party: RelyingParty, wrong: str
) -> None:
    """P2: a response to a request is not one that nobody asked for; and every other check holds."""
    customer = open_customer(gateway, client)
    stranger = open_customer(gateway, client)
    steps = {
        "answers a request": lambda: unasked(customer, in_response_to="_stolen", confirmed_in_response_to="_stolen"),
        "other key": lambda: unasked(customer.with_key(stranger.key)),
        "other audience": lambda: unasked(customer, audiences=(("https://other.example/metadata",),)),
        "handle of nobody": lambda: unasked(customer, "A" * 43),
    }
    if wrong == "other key":
        changed = customer.with_key(stranger.key)
        changed.key = stranger.key
        steps[wrong] = lambda: unasked(changed)
    expect_refusal(browser.walk(steps[wrong](), stop="https://"), gateway.api)


def test_an_ordinary_answer_is_still_bound_to_its_browser(
    gateway: Gateway, browser: Browser, client: Client, relying_party: RelyingParty
) -> None:
    """O5: allowing starts at the provider opens no way around the pending sign-in."""
    customer = open_customer(gateway, client)
    response = customer.respond(customer.receive(browser, relying_party.attempt(connection=customer.id)))
    expect_refusal(Browser().walk(response, stop="https://"), gateway.api, "pending-other-browser")
    without = Step("POST", response.url, response.fields[:1], initiator=response.initiator)
    expect_refusal(Browser().walk(without, stop="https://"), gateway.api)


@pytest.mark.parametrize("missing", ["no client", "no address", "disabled", "not allowed"])
def test_without_an_application_to_open_it_is_refused(
    gateway: Gateway, browser: Browser, client: Client, missing: str
) -> None:
    """T8: and so is one that may not be used."""
    if missing == "no client":
        customer = open_customer(gateway, client, idp_initiated_client_id=None)
    else:
        customer = open_customer(gateway, client)
        changes: dict[str, dict[str, Any]] = {
            "no address": {"initiate_login_uri": None},
            "disabled": {"status": "disabled"},
            "not allowed": {"allowed_organizations": []},
        }
        gateway.api.patch(f"/clients/{client.client_id}", **changes[missing])
    expect_refusal(browser.walk(unasked(customer), stop="https://"), gateway.api)


def test_t8_a_disabled_connection_takes_none(gateway: Gateway, browser: Browser, client: Client) -> None:
    """CVE-2026-2603 and its kind."""
    customer = open_customer(gateway, client)
    gateway.api.post(f"/connections/{customer.id}/deactivate")
    expect_refusal(browser.walk(unasked(customer), stop="https://"), gateway.api)


def test_it_is_traced_and_audited_without_the_identity(gateway: Gateway, browser: Browser, client: Client) -> None:
    """One event of its own; whoever the response named is nowhere."""
    customer = open_customer(gateway, client)
    link_of(browser.walk(unasked(customer), stop="https://"))
    events = gateway.api.get("/audit-events", organization_id=customer.organization_id, limit=50)["items"]
    (event,) = [one for one in events if one["name"].startswith("sign_in.")]
    assert event["name"] == "sign_in.initiated"
    trace = gateway.api.trace(event["details"]["trace_id"])
    assert (trace["purpose"], trace["outcome"]) == ("idp_initiated", "allowed")
    assert trace["email"] is None
