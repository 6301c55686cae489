"""Whole logins over OpenID Connect, against simulated Entra ID and a provider without habits."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.support.browser import Browser, Page, Step
from tests.support.gateway import Gateway
from tests.support.refusals import expect_refusal
from tests.support.relying_party import Attempt, RelyingParty
from tests.support.simulator import Simulator


def issuer_of(simulator: Simulator, idp: str) -> str:
    """Return the issuer as the provider's own documents spell it."""
    if idp == "oidc":
        return str(json.loads(simulator.fetch("/oidc/.well-known/openid-configuration"))["issuer"])
    found = re.search(r"/entra/[0-9a-f-]{36}/v2\.0", simulator.fetch("/"))
    assert found is not None
    return f"{simulator.origin}{found[0]}"


def connect(
    gateway: Gateway, simulator: Simulator, idp: str, organization: str | None = None, **settings: Any
) -> dict[str, Any]:
    """Set up the customer: a draft gives the redirect URI, its registration gives client id and secret.

    The organization that owns the simulated directory's domain has one more connection then, unless another is named.
    """
    if organization is None:
        if idp not in gateway.organizations:
            gateway.organizations[idp] = gateway.api.add_organization(simulator.domain(idp))["id"]
        organization = gateway.organizations[idp]
    own = {"issuer": issuer_of(simulator, idp), **settings}
    draft = gateway.api.add_connection(organization, "oidc", own, activate=False)
    registered = simulator.register(idp, redirect_uris=[draft["service_provider"]["redirect_uri"]])
    credentials = {name: registered[name] for name in ("client_id", "client_secret")}
    gateway.api.patch(f"/connections/{draft['id']}", settings=credentials)
    gateway.api.activate(draft["id"])
    return draft


def walk(browser: Browser, simulator: Simulator, attempt: Attempt, username: str) -> Step | Page:
    page = browser.read(attempt.url)
    step = simulator.sign_in(browser, page, username)
    return browser.walk(step, stop=attempt.relying_party.client.redirect_uri)


def arrive(browser: Browser, simulator: Simulator, attempt: Attempt, username: str) -> Step:
    end = walk(browser, simulator, attempt, username)
    assert isinstance(end, Step), end.text[:800]
    return end


@pytest.mark.parametrize("response_mode", ["query", "form_post"])
def test_a_person_of_a_plain_provider_logs_in(
    gateway: Gateway, simulator: Simulator, browser: Browser, relying_party: RelyingParty, response_mode: str
) -> None:
    """Code with PKCE, by either response mode: the form is a cross-site POST, as the ACS is."""
    connection = connect(
        gateway, simulator, "oidc", response_mode=response_mode, scopes=["openid", "email", "profile", "groups"]
    )
    attempt = relying_party.attempt(connection=connection["id"])
    claims = attempt.finish(arrive(browser, simulator, attempt, f"ada@{simulator.domain('oidc')}")).claims
    assert claims["email"] == f"ada@{simulator.domain('oidc')}"
    assert (claims["given_name"], claims["family_name"]) == ("Ada", "Lovelace")
    assert sorted(claims["portico_groups"]) == ["Engineering", "Everyone"]
    assert claims["portico_connection"] == connection["id"]
    assert claims["sub"] != claims["portico_idp_sub"]


def test_a_person_of_entra_logs_in(
    gateway: Gateway, simulator: Simulator, browser: Browser, relying_party: RelyingParty
) -> None:
    """Entra ID sends no `email` unless asked, and never `email_verified`: the login passes without both."""
    connection = connect(gateway, simulator, "entra", token_endpoint_auth_method="client_secret_post")
    attempt = relying_party.attempt(connection=connection["id"])
    claims = attempt.finish(arrive(browser, simulator, attempt, f"ada@{simulator.domain('entra')}")).claims
    assert claims["name"] == "Ada Lovelace"
    assert claims["preferred_username"] == f"ada@{simulator.domain('entra')}"
    assert claims["portico_connection"] == connection["id"]


def test_the_same_person_at_two_connections_is_two_persons(
    gateway: Gateway, simulator: Simulator, browser: Browser, relying_party: RelyingParty
) -> None:
    """T3 for OIDC: the same issuer and the same `sub` at two customers."""
    subs = set()
    for _ in range(2):
        organization = gateway.api.add_organization()["id"]
        connection = connect(gateway, simulator, "oidc", organization, scopes=["openid"])
        attempt = relying_party.attempt(connection=connection["id"])
        end = browser.walk(attempt.url, stop=relying_party.client.redirect_uri)
        if isinstance(end, Page):
            end = browser.reach(
                simulator.sign_in(browser, end, f"ada@{simulator.domain('oidc')}"), relying_party.client.redirect_uri
            )
        subs.add(attempt.finish(end).sub)
    assert len(subs) == 2


def test_an_error_of_the_provider_is_a_page_with_a_reference(
    gateway: Gateway, simulator: Simulator, browser: Browser, relying_party: RelyingParty
) -> None:
    """The provider's error is in the trace, not on the page, and the pending sign-in is used up."""
    connection = connect(gateway, simulator, "oidc")
    asked = browser.reach(relying_party.attempt(connection=connection["id"]).url, simulator.origin)
    callback = connection["service_provider"]["redirect_uri"]
    issuer = issuer_of(simulator, "oidc")
    refusal = f"{callback}?error=access_denied&error_description=sesame&state={asked.query['state']}&iss={issuer}"
    end = browser.walk(Step("GET", refusal, initiator=simulator.origin))
    trace = expect_refusal(end, gateway.api)
    assert "sesame" in json.dumps(trace)
    assert "sesame" not in end.text  # type: ignore[union-attr]
    expect_refusal(browser.walk(Step("GET", refusal, initiator=simulator.origin)), gateway.api, "pending-used")


def test_state_of_another_browser_is_refused(
    gateway: Gateway, simulator: Simulator, browser: Browser, relying_party: RelyingParty
) -> None:
    """R4, O5: the victim's browser cannot finish a sign-in that the attacker's began, nor the other way round."""
    connection = connect(gateway, simulator, "oidc")
    attempt = relying_party.attempt(connection=connection["id"])
    page = browser.read(attempt.url)
    callback = connection["service_provider"]["redirect_uri"]
    step = browser.reach(simulator.sign_in(browser, page, f"ada@{simulator.domain('oidc')}"), callback)
    expect_refusal(Browser().walk(step), gateway.api, "pending-other-browser")
    attempt.finish(browser.reach(step, relying_party.client.redirect_uri))


def test_an_answer_for_another_connection_is_refused(
    gateway: Gateway, simulator: Simulator, browser: Browser, relying_party: RelyingParty
) -> None:
    """R5, T2: the callback address names the connection; a code of one is not taken at the other."""
    first, second = connect(gateway, simulator, "oidc"), connect(gateway, simulator, "oidc")
    attempt = relying_party.attempt(connection=first["id"])
    page = browser.read(attempt.url)
    step = browser.reach(
        simulator.sign_in(browser, page, f"ada@{simulator.domain('oidc')}"), first["service_provider"]["redirect_uri"]
    )
    elsewhere = Step("GET", step.url.replace(first["id"], second["id"]), initiator=step.initiator)
    expect_refusal(browser.walk(elsewhere), gateway.api, "pending-other-connection")


def test_a_code_that_the_provider_did_not_give_is_refused(
    gateway: Gateway, simulator: Simulator, browser: Browser, relying_party: RelyingParty
) -> None:
    """R4: an injected code ends the sign-in at the provider's token endpoint."""
    connection = connect(gateway, simulator, "oidc")
    asked = browser.reach(relying_party.attempt(connection=connection["id"]).url, simulator.origin)
    callback, issuer = connection["service_provider"]["redirect_uri"], issuer_of(simulator, "oidc")
    injected = f"{callback}?code=stolen&state={asked.query['state']}&iss={issuer}"
    expect_refusal(browser.walk(Step("GET", injected, initiator=simulator.origin)), gateway.api)
