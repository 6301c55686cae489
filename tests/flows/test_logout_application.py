"""Logout that an application asks for (OpenID Connect RP-Initiated Logout 1.0; row O13; ASVS 10.6.2)."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
import requests

from tests.support.browser import Browser, Page, Step
from tests.support.gateway import Gateway
from tests.support.logout import TENANT, confirm, is_signed_in, log_in, logout_url
from tests.support.management import Client
from tests.support.relying_party import RelyingParty
from tests.support.saml_customer import SamlCustomer

BACK = "https://tenant.example/v2/logged-out"
ORIGIN = "https://login.tenant.example"


@pytest.fixture
def client(gateway: Gateway) -> Client:
    """A client that says where people may go after signing out."""
    return gateway.api.add_client(post_logout_redirect_uris=[BACK], post_logout_redirect_origins=[ORIGIN])


def end_of(browser: Browser, url: str) -> Page | Step:
    return browser.walk(url, stop=(TENANT, ORIGIN, "https://evil."))


def test_discovery_names_the_endpoint(gateway: Gateway) -> None:
    """RP-Initiated Logout 2.1."""
    document = requests.get(f"{gateway.base_url}/.well-known/openid-configuration", timeout=10).json()
    assert document["end_session_endpoint"] == f"{gateway.base_url}/oauth2/logout"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"state": "s"},
        {"client_id": "cli-unknown"},
        {"id_token_hint": "not.a.token"},
        {"id_token_hint": ""},
        {"logout_hint": "ada", "ui_locales": "de"},
        {"post_logout_redirect_uri": "https://evil.example/"},
        {"client_id": "\0", "state": "\ud800"},
    ],
)
def test_nothing_that_is_missing_or_wrong_is_ever_an_error(
    gateway: Gateway, method: str, parameters: dict[str, str]
) -> None:
    """Auth0's federated logout may send anything or nothing: whoever is not signed in is told so, by GET and POST."""
    browser = Browser()
    fields = {name: value.encode("utf-8", "surrogatepass") for name, value in parameters.items()}
    if method == "GET":
        end = browser.walk(f"{gateway.base_url}/oauth2/logout?{urlencode(fields)}", stop="https://evil.")
    else:
        url = f"{gateway.base_url}/oauth2/logout"
        raw = tuple((name, value.decode("latin-1")) for name, value in fields.items())
        end = browser.walk(Step("POST", url, raw, initiator="https://app.example/"), stop="https://evil.")
    assert isinstance(end, Page)
    assert end.status == 200
    told = "Sie sind abgemeldet" if parameters.get("ui_locales") == "de" else "You are signed out"
    assert told in end.text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_without_an_id_token_the_person_is_asked_first(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty, method: str
) -> None:
    """ASVS 10.6.2: a page that sends a browser here signs nobody out; one click does."""
    customer = SamlCustomer(gateway)
    log_in(browser, relying_party, customer)
    url = logout_url(gateway)
    page = browser.walk(url if method == "GET" else Step("POST", url, (), initiator="https://app.example/"))
    assert is_signed_in(browser, relying_party, customer)
    end = confirm(browser, page)
    assert isinstance(end, Page)
    assert "You are signed out" in end.text
    assert not is_signed_in(browser, relying_party, customer)


def test_the_question_is_answered_once_and_by_the_browser_that_was_asked(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """What another browser was asked, or what was answered before, ends nothing."""
    customer = SamlCustomer(gateway)
    log_in(browser, relying_party, customer)
    asked = browser.walk(logout_url(gateway))
    other = Browser()
    log_in(other, relying_party, customer, "bob")
    assert isinstance(asked, Page)
    answer = asked.submit(asked.forms[0])
    end = other.walk(answer)
    assert isinstance(end, Page)
    assert "Sign out?" in end.text, "another browser is asked a question of its own"
    assert is_signed_in(other, relying_party, customer)
    assert "You are signed out" in str(getattr(browser.walk(answer), "text", ""))
    log_in(browser, relying_party, customer)
    browser.walk(answer)
    assert is_signed_in(browser, relying_party, customer)


def test_with_the_id_token_it_happens_at_once_and_leads_back(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """RP-Initiated Logout 2 and 3: to the registered address, with `state`; the access token is over, too."""
    customer = SamlCustomer(gateway)
    login = log_in(browser, relying_party, customer)
    hint = login.tokens["id_token"]
    end = end_of(browser, logout_url(gateway, id_token_hint=hint, post_logout_redirect_uri=BACK, state="s p/+"))
    assert isinstance(end, Step)
    assert end.url == f"{BACK}?state=s+p%2F%2B"
    assert not is_signed_in(browser, relying_party, customer)
    assert relying_party.userinfo(login.tokens["access_token"]).status_code == 401
    events = gateway.api.get("/audit-events", organization_id=customer.organization_id, limit=50)["items"]
    (ended,) = [event for event in events if event["name"] == "session.ended"]
    assert ended["details"]["by"] == "application"
    assert gateway.api.trace(ended["details"]["trace_id"])["outcome"] == "allowed"


def test_other_peoples_sessions_stay(gateway: Gateway, browser: Browser, relying_party: RelyingParty) -> None:
    """An ID token ends its own person's session; without a session of that person, the others are asked about."""
    customer, other = SamlCustomer(gateway), SamlCustomer(gateway)
    gone, stays = log_in(browser, relying_party, customer), log_in(browser, relying_party, other)
    hint = gone.tokens["id_token"]
    end = end_of(browser, logout_url(gateway, id_token_hint=hint, post_logout_redirect_uri=BACK))
    assert isinstance(end, Step)
    assert not is_signed_in(browser, relying_party, customer)
    assert is_signed_in(browser, relying_party, other)
    assert stays.sub != gone.sub
    page = end_of(browser, logout_url(gateway, id_token_hint=hint, post_logout_redirect_uri=BACK))
    assert isinstance(confirm(browser, page), Step)
    assert not is_signed_in(browser, relying_party, other)


@pytest.mark.parametrize(
    "uri",
    [
        f"{BACK}/",
        f"{BACK}?x=1",
        BACK.upper(),
        "https://tenant.example",
        "https://evil.example/",
        "https://login.tenant.example.evil.example/",
        "https://login.tenant.example@evil.example/",
        "https://login.tenant.example:8443/",
        "http://login.tenant.example/",
        "https://login.tenant.example/\\evil.example",
        "//login.tenant.example/",
        "javascript:alert(1)",
    ],
)
def test_o13_an_address_that_nobody_allowed_is_not_followed(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty, uri: str
) -> None:
    """The person is signed out all the same, and told so here."""
    customer = SamlCustomer(gateway)
    hint = log_in(browser, relying_party, customer).tokens["id_token"]
    end = end_of(browser, logout_url(gateway, id_token_hint=hint, post_logout_redirect_uri=uri, state="s"))
    assert isinstance(end, Page), f"went to {uri}"
    assert "You are signed out" in end.text
    assert not is_signed_in(browser, relying_party, customer)


@pytest.mark.parametrize("uri", [BACK, f"{ORIGIN}/v2/logout?x=1", f"{ORIGIN}/", f"{ORIGIN}:443/anything"])
def test_auth0s_federated_logout_without_an_id_token(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty, uri: str
) -> None:
    """`client_id` and an address of it: asked, then back; without a session, back at once."""
    customer = SamlCustomer(gateway)
    url = logout_url(gateway, client_id=relying_party.client.client_id, post_logout_redirect_uri=uri)
    nobody = end_of(browser, url)
    assert isinstance(nobody, Step)
    assert nobody.url == uri
    log_in(browser, relying_party, customer)
    end = confirm(browser, end_of(browser, url), stop=(TENANT, ORIGIN))
    assert isinstance(end, Step)
    assert end.url == uri
    assert not is_signed_in(browser, relying_party, customer)


def test_o13_a_damaged_or_foreign_id_token_leaves_nothing_standing(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """Not recognized by it, not sent anywhere by it: asked, and then told here."""
    customer = SamlCustomer(gateway)
    hint = log_in(browser, relying_party, customer).tokens["id_token"]
    stranger = gateway.api.add_client(post_logout_redirect_uris=[BACK])
    head, body, signature = hint.split(".")
    for parameters in (
        {"id_token_hint": f"{head}.{body}.{signature[::-1]}"},
        {"id_token_hint": f"{head}.{body}."},
        {"id_token_hint": hint, "client_id": stranger.client_id},
    ):
        page = browser.walk(logout_url(gateway, post_logout_redirect_uri=BACK, **parameters), stop=TENANT)
        assert is_signed_in(browser, relying_party, customer), parameters
        end = confirm(browser, page)
        assert isinstance(end, Page), "redirected by a token that is not one"
        log_in(browser, relying_party, customer)


def test_a_parameter_that_is_sent_twice_counts_as_absent(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """P7's neighbour: no choice between two addresses."""
    hint = log_in(browser, relying_party, SamlCustomer(gateway)).tokens["id_token"]
    query = urlencode([("id_token_hint", hint), *[("post_logout_redirect_uri", uri) for uri in (BACK, BACK)]])
    end = end_of(browser, f"{gateway.base_url}/oauth2/logout?{query}")
    assert isinstance(end, Page)


def test_a_disabled_client_leads_nowhere(gateway: Gateway, browser: Browser, relying_party: RelyingParty) -> None:
    """T8."""
    gateway.api.patch(f"/clients/{relying_party.client.client_id}", status="disabled")
    url = logout_url(gateway, client_id=relying_party.client.client_id, post_logout_redirect_uri=BACK)
    assert isinstance(end_of(browser, url), Page)
