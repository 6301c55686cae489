"""Single logout with simulated vendors, which verify what we send and sign as their originals do."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flows.test_login_saml import metadata_path
from tests.support.browser import Browser, Page, Step
from tests.support.gateway import Gateway
from tests.support.logout import TENANT, logout_url
from tests.support.management import Client
from tests.support.relying_party import Login, RelyingParty
from tests.support.simulator import Simulator

BACK = "https://tenant.example/v2/logged-out"
VENDORS = ("adfs", "saml")  # AD FS signs over lower-case percent-encodings


@pytest.fixture
def client(gateway: Gateway) -> Client:
    """A client that says where people may go after signing out."""
    return gateway.api.add_client(post_logout_redirect_uris=[BACK])


def connect(gateway: Gateway, simulator: Simulator, idp: str) -> dict[str, Any]:
    """Set up the customer with logout, as its administrator would: its metadata here, our addresses there."""
    if idp not in gateway.organizations:
        gateway.organizations[idp] = gateway.api.add_organization(simulator.domain(idp))["id"]
    settings = {"metadata_xml": simulator.fetch(metadata_path(simulator, idp))}
    made = gateway.api.add_connection(gateway.organizations[idp], "saml", settings, activate=False)
    ours = made["service_provider"]
    simulator.register(
        idp,
        entity_id=ours["entity_id"],
        acs_urls=[ours["acs_url"]],
        certificate=ours["certificate"],
        slo_url=ours["slo_url"],
    )
    gateway.api.activate(made["id"])
    return made


def log_in(
    browser: Browser, simulator: Simulator, relying_party: RelyingParty, connection: dict[str, Any], idp: str
) -> Login:
    attempt = relying_party.attempt(connection=connection["id"])
    page = browser.read(attempt.url)
    step = simulator.sign_in(browser, page, f"ada@{simulator.domain(idp)}")
    return attempt.finish(browser.reach(step, relying_party.client.redirect_uri))


def is_signed_in(browser: Browser, relying_party: RelyingParty, connection: dict[str, Any]) -> bool:
    attempt = relying_party.attempt(connection=connection["id"], prompt="none")
    end = browser.walk(attempt.url, stop=TENANT)
    assert isinstance(end, Step)
    return "code" in end.answer


@pytest.mark.parametrize("idp", VENDORS)
def test_an_application_signs_the_person_out_at_the_vendor_too(
    gateway: Gateway, simulator: Simulator, browser: Browser, relying_party: RelyingParty, idp: str
) -> None:
    """There and back; the next sign-in finds no session at the vendor either."""
    connection = connect(gateway, simulator, idp)
    hint = log_in(browser, simulator, relying_party, connection, idp).tokens["id_token"]
    url = logout_url(gateway, id_token_hint=hint, post_logout_redirect_uri=BACK)
    assert browser.reach(url, TENANT).url == BACK
    assert not is_signed_in(browser, relying_party, connection)
    page = browser.walk(relying_party.attempt(connection=connection["id"]).url, stop=TENANT)
    assert isinstance(page, Page)
    assert "/sign-in/" in page.url, "the vendor still knew the person"
