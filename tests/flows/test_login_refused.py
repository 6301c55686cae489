"""Logins that must not happen, walked through the running server: replays, other browsers, other customers, too late."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest
import requests

from tests.support.browser import Browser, Page, Step
from tests.support.gateway import Gateway
from tests.support.refusals import expect_refusal, reference_of, same_words
from tests.support.relying_party import RelyingParty
from tests.support.saml_customer import SamlCustomer


def end_of(browser: Browser, step: Step) -> Page | Step:
    return browser.walk(step, stop="https://tenant.example/")


def test_a_response_logs_in_once(gateway: Gateway, browser: Browser, relying_party: RelyingParty) -> None:
    """P1: the same POST a second time, by whichever of the two workers."""
    customer = SamlCustomer(gateway)
    attempt = relying_party.attempt(connection=customer.id)
    response = customer.respond(customer.receive(browser, attempt))
    attempt.finish(browser.reach(response, relying_party.client.redirect_uri))
    for _ in range(4):
        expect_refusal(end_of(browser, response), gateway.api, "pending-used")


def test_an_assertion_in_a_new_envelope_logs_in_once(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """P1: the assertion's ID is remembered, not the Response's; even for a new request that it answers."""
    customer = SamlCustomer(gateway)
    attempt = relying_party.attempt(connection=customer.id)
    asked = customer.receive(browser, attempt)
    attempt.finish(browser.reach(customer.respond(asked, assertion_id="_reused"), relying_party.client.redirect_uri))
    for _ in range(4):
        browser = Browser()  # another one: in the first, the Portico session would answer
        asked = customer.receive(browser, relying_party.attempt(connection=customer.id))
        expect_refusal(end_of(browser, customer.respond(asked, assertion_id="_reused")), gateway.api)


def test_the_memory_of_replays_outlives_the_process(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """P1: after a restart, neither the response nor its assertion logs in; what was pending still does."""
    customer = SamlCustomer(gateway)
    attempt = relying_party.attempt(connection=customer.id)
    response = customer.respond(customer.receive(browser, attempt), assertion_id="_kept")
    attempt.finish(browser.reach(response, relying_party.client.redirect_uri))
    later = relying_party.attempt(connection=customer.id, prompt="login")
    asked = customer.receive(browser, later)
    replayed = customer.receive(browser, relying_party.attempt(connection=customer.id, prompt="login"))
    gateway.restart()
    expect_refusal(end_of(browser, response), gateway.api, "pending-used")
    expect_refusal(end_of(browser, customer.respond(replayed, assertion_id="_kept")), gateway.api)
    later.finish(browser.reach(customer.respond(asked), relying_party.client.redirect_uri))


def test_a_login_ends_in_the_browser_that_began_it(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """O5: another browser, with a cookie of its own or with none, is refused and uses nothing up."""
    customer = SamlCustomer(gateway)
    attempt = relying_party.attempt(connection=customer.id)
    response = customer.respond(customer.receive(browser, attempt))
    other = Browser()
    customer.receive(other, relying_party.attempt(connection=customer.id))
    expect_refusal(end_of(other, response), gateway.api, "pending-other-browser")
    expect_refusal(end_of(Browser(), response), gateway.api, "pending-other-browser")
    attempt.finish(browser.reach(response, relying_party.client.redirect_uri))


def test_two_tabs_do_not_disturb_each_other(gateway: Gateway, browser: Browser, relying_party: RelyingParty) -> None:
    """One browser, two pending sign-ins at two customers, finished in the other order."""
    first, second = SamlCustomer(gateway), SamlCustomer(gateway)
    one, two = relying_party.attempt(connection=first.id), relying_party.attempt(connection=second.id)
    asked_first, asked_second = first.receive(browser, one), second.receive(browser, two)
    last = two.finish(browser.reach(second.respond(asked_second), relying_party.client.redirect_uri))
    early = one.finish(browser.reach(first.respond(asked_first), relying_party.client.redirect_uri))
    assert last.claims["portico_connection"] == second.id
    assert early.claims["portico_connection"] == first.id


def test_a_response_at_another_customers_door_is_refused(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """T2: A's response posted to B's ACS, with A's RelayState and with B's."""
    first, second = SamlCustomer(gateway), SamlCustomer(gateway)
    asked_first = first.receive(browser, relying_party.attempt(connection=first.id))
    asked_second = second.receive(browser, relying_party.attempt(connection=second.id))
    response = first.respond(asked_first)
    fields = dict(response.fields)
    door = second.connection["service_provider"]["acs_url"]
    same_state = Step("POST", door, tuple(fields.items()), initiator=first.sso_url)
    expect_refusal(end_of(browser, same_state), gateway.api, "pending-other-connection")
    mixed = {**fields, "RelayState": asked_second.relay_state}
    expect_refusal(end_of(browser, Step("POST", door, tuple(mixed.items()), initiator=first.sso_url)), gateway.api)


def test_relay_state_of_one_with_the_response_of_another_is_refused(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """T2: start at A, finish with B's response: at B's door the state is A's."""
    first, second = SamlCustomer(gateway), SamlCustomer(gateway)
    asked_first = first.receive(browser, relying_party.attempt(connection=first.id))
    asked_second = second.receive(browser, relying_party.attempt(connection=second.id))
    response = dict(second.respond(asked_second).fields)
    crossed = Step(
        "POST", asked_second.acs_url, tuple({**response, "RelayState": asked_first.relay_state}.items()), second.sso_url
    )
    expect_refusal(end_of(browser, crossed), gateway.api, "pending-other-connection")


def test_two_customers_with_the_same_provider_are_kept_apart(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """T3: one entity ID and one certificate at two connections; a response for the one is none for the other."""
    first = SamlCustomer(gateway)
    second = SamlCustomer(gateway, key=first.key, entity_id=first.entity_id)
    assert first.connection["service_provider"]["entity_id"] != second.connection["service_provider"]["entity_id"]
    asked_first = first.receive(browser, relying_party.attempt(connection=first.id))
    asked_second = second.receive(browser, relying_party.attempt(connection=second.id))
    response = dict(first.respond(asked_first).fields)
    moved = {**response, "RelayState": asked_second.relay_state}
    step = Step("POST", asked_second.acs_url, tuple(moved.items()), initiator=first.sso_url)
    expect_refusal(end_of(browser, step), gateway.api)


def test_an_unsolicited_response_is_refused(gateway: Gateway, browser: Browser, relying_party: RelyingParty) -> None:
    """P3: IdP-initiated is off unless an operator turned it on."""
    customer = SamlCustomer(gateway)
    asked = customer.receive(browser, relying_party.attempt(connection=customer.id))
    response = dict(customer.respond(asked).fields)
    for relay_state in (None, "", "https://evil.example/", "//evil.example", "javascript:alert(1)", "x" * 10_000):
        fields = {"SAMLResponse": response["SAMLResponse"]}
        if relay_state is not None:
            fields["RelayState"] = relay_state
        end = end_of(browser, Step("POST", asked.acs_url, tuple(fields.items()), initiator=customer.sso_url))
        expect_refusal(end, gateway.api)
        assert isinstance(end, Page)
        assert "evil.example" not in end.text


def test_repeated_parameters_are_refused(gateway: Gateway, browser: Browser, relying_party: RelyingParty) -> None:
    """P7: two RelayStates or two responses in one POST."""
    customer = SamlCustomer(gateway)
    for name in ("RelayState", "SAMLResponse"):
        asked = customer.receive(browser, relying_party.attempt(connection=customer.id))
        response = customer.respond(asked)
        doubled = Step("POST", asked.acs_url, (*response.fields, (name, dict(response.fields)[name])), customer.sso_url)
        expect_refusal(end_of(browser, doubled), gateway.api)


def test_a_connection_disabled_under_way_ends_the_login(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """T8: begun before, answered after; active again, a new login works."""
    customer = SamlCustomer(gateway)
    response = customer.respond(customer.receive(browser, relying_party.attempt(connection=customer.id)))
    gateway.api.post(f"/connections/{customer.id}/deactivate")
    expect_refusal(end_of(browser, response), gateway.api)
    gateway.api.activate(customer.id)
    attempt = relying_party.attempt(connection=customer.id)
    attempt.finish(customer.log_in(browser, attempt))


@pytest.mark.parametrize("what", ["connection", "organization", "client"])
def test_disabling_ends_what_was_given_before(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty, what: str
) -> None:
    """T8: a code that was not redeemed gives nothing, and an access token opens userinfo no longer."""
    customer = SamlCustomer(gateway)
    attempt = relying_party.attempt(connection=customer.id)
    waiting = attempt.code(customer.log_in(browser, attempt))
    done = relying_party.attempt(connection=customer.id, prompt="login")
    token = done.finish(customer.log_in(browser, done)).tokens["access_token"]
    if what == "connection":
        gateway.api.post(f"/connections/{customer.id}/deactivate")
    elif what == "organization":
        gateway.api.patch(f"/organizations/{customer.organization_id}", status="disabled")
    else:
        gateway.api.patch(f"/clients/{relying_party.client.client_id}", status="disabled")
    refused = attempt.redeem(waiting)
    assert (refused.status_code, refused.json()["error"]) in ((400, "invalid_grant"), (401, "invalid_client"))
    assert relying_party.userinfo(token).status_code == 401


def test_a_code_is_redeemed_once_by_its_own_client(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """O2, O3: another client, another redirect URI, another verifier, and a second time: `invalid_grant`."""
    customer = SamlCustomer(gateway)
    attempt = relying_party.attempt(connection=customer.id)
    code = attempt.code(customer.log_in(browser, attempt))
    thief = gateway.api.add_client()
    stolen = attempt.redeem(code, client_id=thief.client_id, client_secret=thief.client_secret)
    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
    for wrong in ({"redirect_uri": "https://tenant.example/login/other"}, {"code_verifier": "x" * 64}):
        refused = attempt.redeem(code, **wrong)
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant"), wrong


def test_reuse_of_a_code_revokes_what_it_gave(gateway: Gateway, browser: Browser, relying_party: RelyingParty) -> None:
    """O2: by the owning client only; another client's attempt revokes nothing."""
    customer = SamlCustomer(gateway)
    attempt = relying_party.attempt(connection=customer.id)
    code = attempt.code(customer.log_in(browser, attempt))
    token = attempt.redeem(code).json()["access_token"]
    thief = gateway.api.add_client()
    assert attempt.redeem(code, client_id=thief.client_id, client_secret=thief.client_secret).status_code == 400
    assert relying_party.userinfo(token).status_code == 200
    assert attempt.redeem(code).json()["error"] == "invalid_grant"
    assert relying_party.userinfo(token).status_code == 401


def test_every_refusal_looks_the_same_to_the_person(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """M12: one sentence and a reference, whether the signature, the audience or the e-mail was wrong."""
    customer, stranger = SamlCustomer(gateway), SamlCustomer(gateway)
    endings = []
    forged = customer.with_key(stranger.key)
    for sender, subject in (
        (forged, customer.subject()),
        (customer, customer.subject(email=[f"ada@{stranger.domain}"])),
        (customer, customer.subject(email=["ada@nobody-verified.example"])),
    ):
        asked = customer.receive(browser, relying_party.attempt(connection=customer.id))
        endings.append(end_of(browser, sender.respond(asked, subject)))
    assert len({same_words(end) for end in endings}) == 1
    assert len({reference_of(end) for end in endings}) == 3


def test_a_refusal_leaves_a_trace_with_its_steps(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """The reference on the page finds organization, connection, the checks in order and the one that failed."""
    customer, stranger = SamlCustomer(gateway), SamlCustomer(gateway)
    asked = customer.receive(browser, relying_party.attempt(connection=customer.id))
    trace = expect_refusal(end_of(browser, customer.with_key(stranger.key).respond(asked)), gateway.api)
    assert trace["connection_id"] == customer.id
    assert trace["organization_id"] == customer.organization_id
    steps = trace["steps"]
    assert steps[-1]["ok"] is False
    assert sum(not step["ok"] for step in steps) <= 2
    assert all(step["ms"] >= 0 for step in steps)
    listed = gateway.api.get("/sign-ins", connection_id=customer.id)["items"]
    assert trace["id"] in [entry["id"] for entry in listed]


def test_both_outcomes_are_audited(gateway: Gateway, browser: Browser, relying_party: RelyingParty) -> None:
    """Item 10: one event for each sign-in that reached a known connection, with the trace it belongs to."""
    customer, stranger = SamlCustomer(gateway), SamlCustomer(gateway)
    attempt = relying_party.attempt(connection=customer.id)
    attempt.finish(customer.log_in(browser, attempt))
    asked = customer.receive(browser, relying_party.attempt(connection=customer.id, prompt="login"))
    trace = expect_refusal(end_of(browser, customer.with_key(stranger.key).respond(asked)), gateway.api)
    events = gateway.api.get("/audit-events", organization_id=customer.organization_id, limit=100)["items"]
    outcomes = {event["name"]: event for event in events if event["name"].startswith("sign_in.")}
    assert set(outcomes) == {"sign_in.allowed", "sign_in.denied"}
    assert trace["id"] in json.dumps(outcomes["sign_in.denied"])


@pytest.mark.parametrize("outcome", ["allowed", "denied"])
def test_secrets_are_in_no_trace_and_no_log(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty, outcome: str
) -> None:
    """O15: codes, tokens, secrets, handles, nonces, verifiers and whole responses appear nowhere that operators read."""
    customer = SamlCustomer(gateway)
    attempt = relying_party.attempt(connection=customer.id)
    asked = customer.receive(browser, attempt)
    sender = customer if outcome == "allowed" else customer.with_key(SamlCustomer(gateway).key)
    response = sender.respond(asked)
    secrets = {attempt.verifier, attempt.nonce, relying_party.client.client_secret, asked.relay_state}
    secrets |= {cookie.value or "" for cookie in browser.cookies}
    xml = base64.b64decode(dict(response.fields)["SAMLResponse"]).decode()
    signature = re.search(r"<ds:SignatureValue>([^<]+)<", xml)
    assert signature is not None
    secrets |= {signature[1][:60], dict(response.fields)["SAMLResponse"][:200]}
    end = end_of(browser, response)
    if isinstance(end, Step):
        code = attempt.code(end)
        login = attempt.finish(end)
        attempt.redeem(code)
        secrets |= {code, login.tokens["access_token"], login.tokens["id_token"].split(".")[2]}
    traces = gateway.api.get("/sign-ins", connection_id=customer.id)["items"]
    shown: list[Any] = [gateway.api.get(f"/sign-ins/{entry['id']}") for entry in traces]
    shown += gateway.api.get("/audit-events", organization_id=customer.organization_id, limit=100)["items"]
    told = json.dumps(shown) + gateway.log.read_text(errors="replace")
    assert len(traces) == 1
    assert [secret for secret in secrets if secret and secret in told] == []


def test_pages_never_repeat_what_they_were_sent(gateway: Gateway, relying_party: RelyingParty) -> None:
    """M8, O15: markup in a parameter is not on the error page, and no page is stored by a cache."""
    markup = "<script>alert(1)</script>"
    for path in (f"/oauth2/authorize?client_id={markup}", f"/sso/saml/{markup}/acs", f"/{markup}"):
        response = requests.get(gateway.base_url + path, timeout=20)
        assert 400 <= response.status_code < 500
        assert "alert(1)" not in response.text
        assert "no-store" in response.headers["Cache-Control"]
