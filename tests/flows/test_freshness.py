"""Freshness through simulated providers: what is asked reaches them, and what they say is what clients hear (item 2)."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.flows.test_login_oidc import connect as connect_oidc
from tests.flows.test_login_saml import connect as connect_saml
from tests.support.browser import Browser, Page, Step
from tests.support.gateway import Gateway
from tests.support.relying_party import Login, RelyingParty
from tests.support.simulator import Simulator

KINDS = ("saml", "oidc")


def connect(gateway: Gateway, simulator: Simulator, kind: str) -> str:
    made: dict[str, Any] = (connect_saml if kind == "saml" else connect_oidc)(gateway, simulator, kind)
    return str(made["id"])


def log_in(
    browser: Browser, simulator: Simulator, relying_party: RelyingParty, connection: str, kind: str, **asked: str
) -> Login:
    """Log in on the provider's page, which has to be shown."""
    attempt = relying_party.attempt(connection=connection, **asked)
    page = browser.read(attempt.url)
    assert "/sign-in/" in page.url, (page.url, page.status)
    step = simulator.sign_in(browser, page, f"ada@{simulator.domain(kind)}")
    return attempt.finish(browser.reach(step, relying_party.client.redirect_uri))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("asked", [{"prompt": "login"}, {"max_age": "0"}])
def test_a_new_authentication_is_one(
    gateway: Gateway,
    simulator: Simulator,
    browser: Browser,
    relying_party: RelyingParty,
    kind: str,
    asked: dict[str, str],
) -> None:
    """The person is asked by the provider, and `auth_time` is when it was: later than before."""
    connection = connect(gateway, simulator, kind)
    first = log_in(browser, simulator, relying_party, connection, kind)
    time.sleep(1.1)  # auth_time counts whole seconds
    again = log_in(browser, simulator, relying_party, connection, kind, **asked)
    assert again.claims["auth_time"] > first.claims["auth_time"]
    assert again.sub == first.sub


@pytest.mark.parametrize("kind", KINDS)
def test_a_bearable_age_is_answered_by_the_providers_session_with_its_own_time(
    gateway: Gateway, simulator: Simulator, browser: Browser, relying_party: RelyingParty, kind: str
) -> None:
    """`max_age=10000`: it reaches the provider, which does not ask again; `auth_time` is that of the first time."""
    connection = connect(gateway, simulator, kind)
    first = log_in(browser, simulator, relying_party, connection, kind)
    time.sleep(1.1)
    attempt = relying_party.attempt(connection=connection, max_age="10000")
    end = browser.walk(attempt.url, stop=relying_party.client.redirect_uri)
    assert isinstance(end, Step), end.url
    again = attempt.finish(end)
    assert again.claims["auth_time"] == first.claims["auth_time"]


def test_an_age_that_nobody_knows_to_be_kept_is_asked_for(
    gateway: Gateway, simulator: Simulator, browser: Browser, relying_party: RelyingParty
) -> None:
    """SAML cannot say `max_age`: without a session that proves it, ForceAuthn is sent rather than a refusal risked."""
    connection = connect(gateway, simulator, "saml")
    log_in(browser, simulator, relying_party, connection, "saml")
    stranger = RelyingParty(gateway.base_url, gateway.api.add_client())
    end = browser.walk(stranger.attempt(connection=connection, max_age="600").url, stop="https://tenant.example/")
    assert isinstance(end, Page)
    assert "/sign-in/" in end.url


@pytest.mark.parametrize("kind", KINDS)
def test_a_maximum_age_of_one_second_asks_again(
    gateway: Gateway, simulator: Simulator, browser: Browser, relying_party: RelyingParty, kind: str
) -> None:
    """As the conformance suite's module does it."""
    connection = connect(gateway, simulator, kind)
    first = log_in(browser, simulator, relying_party, connection, kind)
    time.sleep(2.1)
    again = log_in(browser, simulator, relying_party, connection, kind, max_age="1")
    assert again.claims["auth_time"] > first.claims["auth_time"]


def test_acr_is_the_providers_word(
    gateway: Gateway, simulator: Simulator, browser: Browser, relying_party: RelyingParty
) -> None:
    """AuthnContext; and the same again when a session answers."""
    connection = connect(gateway, simulator, "saml")
    first = log_in(browser, simulator, relying_party, connection, "saml")
    assert first.claims["acr"].startswith("urn:oasis:names:tc:SAML:2.0:ac:classes:")
    attempt = relying_party.attempt(connection=connection)
    again = attempt.finish(browser.reach(attempt.url, relying_party.client.redirect_uri))
    assert again.claims["acr"] == first.claims["acr"]
