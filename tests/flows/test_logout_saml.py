"""Single logout with SAML identity providers, from both ends (SAML profiles 4.4; row P9)."""

from __future__ import annotations

import base64
import http.client
import secrets
import zlib
from urllib.parse import urlsplit

import pytest
from lxml import etree

from portico_saml.names import SAML, SAMLP
from portico_simulator.saml.signature import verify_enveloped, verify_query
from tests.support.browser import Browser, Page, Step
from tests.support.gateway import Gateway
from tests.support.logout import TENANT, is_signed_in, key_of, log_in, logout_url, message, slo_url
from tests.support.management import Client
from tests.support.refusals import reference_of
from tests.support.relying_party import RelyingParty
from tests.support.saml_customer import SamlCustomer

BACK = "https://tenant.example/v2/logged-out"
PARTIAL = "urn:oasis:names:tc:SAML:2.0:status:PartialLogout"


@pytest.fixture
def client(gateway: Gateway) -> Client:
    """A client that says where people may go after signing out."""
    return gateway.api.add_client(post_logout_redirect_uris=[BACK])


def leaving_customer(gateway: Gateway, binding: str = "redirect", **more: object) -> SamlCustomer:
    """A customer whose provider has a single logout URL."""
    url = f"https://idp.{secrets.token_hex(6)}.example/slo"
    return SamlCustomer(gateway, slo_url=url, slo_binding=binding, **more)


def slo_of(customer: SamlCustomer) -> str:
    return str(customer.connection["settings"]["slo_url"])


def open_message(step: Step, customer: SamlCustomer, parameter: str) -> etree._Element:
    """The document that the browser brings to the provider, whose signature verifies with our published certificate."""
    certificate = str(customer.connection["service_provider"]["certificate"])
    raw = base64.b64decode(step.answer[parameter])
    root = etree.fromstring(raw if step.method == "POST" else zlib.decompress(raw, -15))
    if step.method == "POST":
        verify_enveloped(root, certificate)
    elif parameter == "SAMLRequest":
        verify_query(step.url.partition("?")[2], certificate)
    else:
        assert "&Signature=" in step.url
    assert root.get("Destination") == slo_of(customer)
    return root


def begin_logout(browser: Browser, gateway: Gateway, customer: SamlCustomer, hint: str, **more: str) -> Step:
    """From the application to the provider's single logout service."""
    url = logout_url(gateway, id_token_hint=hint, post_logout_redirect_uri=BACK, **more)
    return browser.reach(url, slo_of(customer))


def respond(customer: SamlCustomer, asked: Step, binding: str = "redirect", **changes: object) -> Step:
    """The provider's LogoutResponse, on its way through the browser."""
    request = open_message(asked, customer, "SAMLRequest")
    said = {"kind": "LogoutResponse", "attributes": {"InResponseTo": request.get("ID")}, **changes}
    key = said.pop("key", key_of(customer))
    answer = message(customer, **said)
    relay_state = asked.answer["RelayState"]
    if binding == "post":
        fields = tuple(answer.posted(key, relay_state).items())  # type: ignore[arg-type]
        return Step("POST", slo_url(customer), fields, initiator=slo_of(customer))
    query = answer.query(key, relay_state)  # type: ignore[arg-type]
    return Step("GET", f"{slo_url(customer)}?{query}", initiator=slo_of(customer))


@pytest.mark.parametrize("ours", ["redirect", "post"])
@pytest.mark.parametrize("theirs", ["redirect", "post"])
def test_the_person_is_signed_out_at_the_provider_too(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty, ours: str, theirs: str
) -> None:
    """Application, Portico, provider, Portico, application; each message signed, by either binding."""
    customer = leaving_customer(gateway, ours)
    login = log_in(browser, relying_party, customer)
    asked = begin_logout(browser, gateway, customer, login.tokens["id_token"], state="s")
    assert asked.method == ("GET" if ours == "redirect" else "POST")
    request = open_message(asked, customer, "SAMLRequest")
    assert request.findtext(f"{{{SAML}}}NameID") == f"ada@{customer.domain}"
    assert request.find(f"{{{SAML}}}NameID").get("Format")
    assert request.findtext(f"{{{SAMLP}}}SessionIndex")
    assert not is_signed_in(browser, relying_party, customer), "signed out here before anything else"
    end = browser.reach(respond(customer, asked, theirs), TENANT)
    assert end.url == f"{BACK}?state=s"


def test_a_provider_that_did_not_do_it_holds_nobody_up(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """PartialLogout and the like are traced; the person goes on."""
    customer = leaving_customer(gateway)
    asked = begin_logout(browser, gateway, customer, log_in(browser, relying_party, customer).tokens["id_token"])
    assert browser.reach(respond(customer, asked, status=PARTIAL), TENANT).url == BACK


@pytest.mark.parametrize("wrong", ["unsigned", "forged", "other request", "other issuer"])
def test_an_answer_that_is_not_the_providers_is_not_believed(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty, wrong: str
) -> None:
    """The person is told that the provider may still know them; the session here is over in any case."""
    customer = leaving_customer(gateway)
    asked = begin_logout(browser, gateway, customer, log_in(browser, relying_party, customer).tokens["id_token"])
    changes: dict[str, object] = {
        "unsigned": {"key": None},
        "forged": {"key": key_of(SamlCustomer(gateway))},
        "other request": {"attributes": {"InResponseTo": "_other"}},
        "other issuer": {"issuer": "https://other.example/"},
    }[wrong]
    end = browser.walk(respond(customer, asked, **changes), stop=TENANT)
    assert isinstance(end, Page)
    assert end.status == 400
    assert "did not confirm" in end.text
    assert BACK in end.text
    assert not is_signed_in(browser, relying_party, customer)


def test_an_answer_belongs_to_the_browser_that_asked_and_counts_once(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """Another browser, a second time, a sign-in's handle: none of them goes anywhere."""
    customer = leaving_customer(gateway)
    asked = begin_logout(browser, gateway, customer, log_in(browser, relying_party, customer).tokens["id_token"])
    answer = respond(customer, asked)
    stranger = Browser()
    log_in(stranger, relying_party, customer, "bob")
    refused = stranger.walk(answer, stop=TENANT)
    assert isinstance(refused, Page)
    assert refused.status == 400
    assert browser.reach(answer, TENANT).url == BACK
    again = browser.walk(answer, stop=TENANT)
    assert isinstance(again, Page)
    assert again.status == 400


def test_a_logout_handle_is_no_sign_in(gateway: Gateway, browser: Browser, relying_party: RelyingParty) -> None:
    """A response posted to the ACS with the RelayState of a logout signs nobody in."""
    customer = leaving_customer(gateway)
    login = log_in(browser, relying_party, customer)
    sign_in = customer.receive(browser, relying_party.attempt(connection=customer.id, prompt="login"))
    asked = begin_logout(browser, gateway, customer, login.tokens["id_token"])
    response = customer.respond(sign_in)
    fields = {**dict(response.fields), "RelayState": asked.answer["RelayState"]}
    end = browser.walk(Step("POST", response.url, tuple(fields.items()), initiator=customer.sso_url), stop=TENANT)
    assert isinstance(end, Page)
    assert gateway.api.trace(reference_of(end))["code"] == "pending-unknown"


def test_without_a_single_logout_url_the_logout_ends_here(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """Or where the operator says that people stay signed in there."""
    for customer in (SamlCustomer(gateway), leaving_customer(gateway, sign_out_at_provider=False)):
        hint = log_in(browser, relying_party, customer).tokens["id_token"]
        url = logout_url(gateway, id_token_hint=hint, post_logout_redirect_uri=BACK)
        assert browser.reach(url, (TENANT, "https://idp.")).url == BACK


def test_two_providers_are_gone_by_one_after_the_other(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """A person with sessions at two customers signs out of both."""
    customers = [leaving_customer(gateway), leaving_customer(gateway)]
    for customer in customers:
        log_in(browser, relying_party, customer)
    url = logout_url(gateway, client_id=relying_party.client.client_id, post_logout_redirect_uri=BACK)
    page = browser.walk(url)
    assert isinstance(page, Page)
    step = browser.walk(page.submit(page.forms[0]), stop=(TENANT, "https://idp."))
    visited = []
    while isinstance(step, Step) and not step.url.startswith(TENANT):
        customer = next(one for one in customers if step.url.startswith(slo_of(one)))
        visited.append(customer.id)
        step = browser.walk(respond(customer, step), stop=(TENANT, "https://idp."))
    assert isinstance(step, Step)
    assert step.url == BACK
    assert visited == [customer.id for customer in reversed(customers)]


@pytest.mark.parametrize("binding", ["redirect", "post"])
def test_the_provider_ends_the_sessions_of_a_person_in_every_browser(
    gateway: Gateway, relying_party: RelyingParty, binding: str
) -> None:
    """Its LogoutRequest, by either binding; our answer goes back signed, with its RelayState."""
    customer = leaving_customer(gateway)
    browsers = [Browser(), Browser()]
    tokens = [log_in(browser, relying_party, customer).tokens["access_token"] for browser in browsers]
    other = Browser()
    log_in(other, relying_party, customer, "bob")
    sent = message(customer, message_id=f"_{secrets.token_hex(8)}")
    passing = Browser()
    if binding == "redirect":
        url = f"{slo_url(customer)}?{sent.query(key_of(customer), 'theirs')}"
        back = passing.reach(url, slo_of(customer))
    else:
        fields = tuple(sent.posted(key_of(customer), "theirs").items())
        back = passing.reach(Step("POST", slo_url(customer), fields, initiator=slo_of(customer)), slo_of(customer))
    answer = open_message(back, customer, "SAMLResponse")
    assert answer.get("InResponseTo") == sent.message_id
    assert back.answer["RelayState"] == "theirs"
    assert not any(is_signed_in(browser, relying_party, customer) for browser in browsers)
    assert is_signed_in(other, relying_party, customer)
    assert {relying_party.userinfo(token).status_code for token in tokens} == {401}
    events = gateway.api.get("/audit-events", organization_id=customer.organization_id, limit=50)["items"]
    (ended,) = [event for event in events if event["name"] == "session.ended"]
    assert (ended["details"]["by"], ended["details"]["sessions"]) == ("provider", 2)


def test_a_query_counts_as_it_was_sent(gateway: Gateway, browser: Browser, relying_party: RelyingParty) -> None:
    """AD FS and Entra sign over lower-case percent-encodings; HTTP libraries of tests would write them anew."""
    customer = leaving_customer(gateway)
    log_in(browser, relying_party, customer)
    query = message(customer, message_id=f"_{secrets.token_hex(8)}").query(key_of(customer), "a/b", lower_case=True)
    assert "%2f" in query
    connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=20)
    connection.request("GET", f"{urlsplit(slo_url(customer)).path}?{query}")
    answer = connection.getresponse()
    assert (answer.status, (answer.getheader("Location") or "").partition("?")[0]) == (303, slo_of(customer))
    connection.close()
    assert not is_signed_in(browser, relying_party, customer)


def test_a_session_index_means_one_session(gateway: Gateway, relying_party: RelyingParty) -> None:
    """SAML core 3.7.1: only those that are named; an unknown person is no error."""
    customer = leaving_customer(gateway)
    browsers, indexes = [Browser(), Browser()], []
    for browser in browsers:
        attempt = relying_party.attempt(connection=customer.id)
        asked, index = customer.receive(browser, attempt), f"_{secrets.token_hex(8)}"
        attempt.finish(browser.reach(customer.respond(asked, assertion_id=index), TENANT))
        indexes.append(index)
    for changes in ({"session_indexes": (indexes[0],)}, {"name_id": f"nobody@{customer.domain}"}):
        sent = message(customer, message_id=f"_{secrets.token_hex(8)}", **changes)
        Browser().reach(f"{slo_url(customer)}?{sent.query(key_of(customer))}", slo_of(customer))
    assert [is_signed_in(browser, relying_party, customer) for browser in browsers] == [False, True]


@pytest.mark.parametrize("wrong", ["unsigned", "forged", "other tenant", "replayed"])
def test_p9_a_logout_request_that_is_not_the_providers_ends_nothing(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty, wrong: str
) -> None:
    """Unsigned, by another key, of another tenant, shown a second time: the session stays, the reason is on record."""
    customer, tenant = leaving_customer(gateway), leaving_customer(gateway)
    sent = message(customer, message_id=f"_{secrets.token_hex(8)}")
    key = key_of(customer)
    if wrong == "replayed":
        log_in(browser, relying_party, customer)
        browser.reach(f"{slo_url(customer)}?{sent.query(key)}", slo_of(customer))
        assert not is_signed_in(browser, relying_party, customer)
    log_in(browser, relying_party, customer)
    queries = {
        "unsigned": f"{slo_url(customer)}?{sent.query(None)}",
        "forged": f"{slo_url(customer)}?{sent.query(key_of(tenant))}",
        # everything right at the tenant's own address, but the person is another customer's
        "other tenant": f"{slo_url(tenant)}?"
        + message(tenant, name_id=f"ada@{customer.domain}", message_id="_x").query(key_of(tenant)),
        "replayed": f"{slo_url(customer)}?{sent.query(key)}",
    }
    end = browser.walk(queries[wrong], stop=(TENANT, "https://idp."))
    assert is_signed_in(browser, relying_party, customer)
    if wrong == "other tenant":
        return
    assert isinstance(end, Page)
    assert end.status == 400
    trace = gateway.api.trace(reference_of(end))
    expected = {"unsigned": "saml-unsigned", "forged": "saml-signature", "replayed": "proof-replayed"}[wrong]
    assert (trace["outcome"], trace["code"]) == ("denied", expected)
    assert expected not in end.text
    events = gateway.api.get("/audit-events", organization_id=customer.organization_id, limit=50)["items"]
    assert [event["name"] for event in events].count("logout.denied") == 1


def test_a_disabled_connection_still_ends_sessions(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """What takes access away is never turned away."""
    customer = leaving_customer(gateway)
    login = log_in(browser, relying_party, customer)
    gateway.api.post(f"/connections/{customer.id}/deactivate")
    sent = message(customer, message_id=f"_{secrets.token_hex(8)}")
    browser.reach(f"{slo_url(customer)}?{sent.query(key_of(customer))}", slo_of(customer))
    gateway.api.activate(customer.id)
    assert not is_signed_in(browser, relying_party, customer)
    assert relying_party.userinfo(login.tokens["access_token"]).status_code == 401


def test_an_unknown_connection_and_one_of_the_other_protocol_say_the_same(gateway: Gateway) -> None:
    """T9: nothing is told about which connections exist."""
    customer = SamlCustomer(gateway)
    unknown = f"{gateway.base_url}/sso/saml/con-{'a' * 26}/slo?SAMLRequest=x"
    ends = [Browser().walk(url) for url in (unknown, f"{slo_url(customer)}?SAMLRequest=x")]
    assert {end.status for end in ends if isinstance(end, Page)} == {400}
