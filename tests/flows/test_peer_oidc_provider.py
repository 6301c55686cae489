"""The certified npm package oidc-provider as a customer's identity provider."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.flows.node_peer import NodePeer, run_peer
from tests.support.browser import Browser
from tests.support.gateway import Gateway
from tests.support.gateways import Ports
from tests.support.refusals import expect_error, expect_refusal
from tests.support.relying_party import RelyingParty

pytestmark = pytest.mark.peer("node")


class Customer:
    """A customer with oidc-provider as its identity provider, which signs its one person in without a page."""

    def __init__(self, gateway: Gateway, ports: Ports, **settings: Any) -> None:
        self.domain = f"{secrets.token_hex(6)}.example"
        self.issuer = f"http://127.0.0.1:{ports.oidc_provider}"
        self._port = ports.oidc_provider
        organization = gateway.api.add_organization(self.domain)
        self.secret = secrets.token_urlsafe(32)
        own = {"issuer": self.issuer, "client_id": "portico", "client_secret": self.secret}
        self.connection = gateway.api.add_connection(organization["id"], "oidc", {**own, **settings})

    @contextmanager
    def running(self, log: Path, **client: Any) -> Iterator[NodePeer]:
        """Run the provider for the length of the block."""
        registered = {
            "client_id": "portico",
            "client_secret": self.secret,
            "redirect_uris": [self.connection["service_provider"]["redirect_uri"]],
            **client,
        }
        person = {
            "sub": "ada-1815",
            "email": f"ada@{self.domain}",
            "email_verified": True,
            "name": "Ada Lovelace",
            "given_name": "Ada",
            "family_name": "Lovelace",
            "groups": ["Engineering"],
        }
        settings = json.dumps({"port": self._port, "client": registered, "person": person})
        with run_peer("idp.mjs", log, settings) as peer:
            yield peer


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
@pytest.mark.parametrize("mode", ["query", "form_post"])
def test_oidc_provider_logs_a_person_in(
    gateway: Gateway,
    ports: Ports,
    browser: Browser,
    relying_party: RelyingParty,
    tmp_path: Path,
    method: str,
    mode: str,
) -> None:
    """PKCE is required there; its ID token holds `sub` only, so the profile comes from userinfo."""
    customer = Customer(gateway, ports, token_endpoint_auth_method=method, response_mode=mode)
    with customer.running(tmp_path / "peer.log", token_endpoint_auth_method=method):
        attempt = relying_party.attempt(connection=customer.connection["id"])
        claims = attempt.finish(browser.reach(attempt.url, relying_party.client.redirect_uri)).claims
    assert claims["portico_idp_sub"] == "ada-1815"
    assert claims["email"] == f"ada@{customer.domain}"
    assert claims["email_verified"] is True
    assert (claims["name"], claims["given_name"], claims["family_name"]) == ("Ada Lovelace", "Ada", "Lovelace")
    assert claims["portico_groups"] == ["Engineering"]


def test_its_word_on_the_address_counts(
    gateway: Gateway, ports: Ports, browser: Browser, relying_party: RelyingParty, tmp_path: Path
) -> None:
    """`email_verified: false` from the provider stays false, although the domain is verified."""
    customer = Customer(gateway, ports)
    with customer.running(tmp_path / "peer.log") as peer:
        peer.expect(person={"email_verified": False})
        attempt = relying_party.attempt(connection=customer.connection["id"])
        claims = attempt.finish(browser.reach(attempt.url, relying_party.client.redirect_uri)).claims
    assert claims["email_verified"] is False


def test_a_person_who_cancels_there_is_told_so_here(
    gateway: Gateway, ports: Ports, browser: Browser, relying_party: RelyingParty, tmp_path: Path
) -> None:
    """Its error response ends the sign-in with a page and a trace."""
    customer = Customer(gateway, ports)
    with customer.running(tmp_path / "peer.log") as peer:
        peer.expect(person={"cancels": True})
        attempt = relying_party.attempt(connection=customer.connection["id"])
        end = browser.walk(attempt.url, stop=relying_party.client.redirect_uri)
    assert "access_denied" in json.dumps(expect_refusal(end, gateway.api))


def test_a_wrong_secret_there_is_a_refusal_here(
    gateway: Gateway, ports: Ports, browser: Browser, relying_party: RelyingParty, tmp_path: Path
) -> None:
    """The token endpoint's 401 becomes a page with a reference; the secret is in no trace."""
    customer = Customer(gateway, ports)
    with customer.running(tmp_path / "peer.log", client_secret="another-secret-than-ours-0123456789"):
        attempt = relying_party.attempt(connection=customer.connection["id"])
        trace = expect_refusal(browser.walk(attempt.url, stop=relying_party.client.redirect_uri), gateway.api)
    assert customer.secret not in json.dumps(trace)


def test_a_provider_that_is_down_is_a_refusal_at_once(
    gateway: Gateway, ports: Ports, browser: Browser, relying_party: RelyingParty
) -> None:
    """Nobody listens there: the client is told within the limits, instead of a hang."""
    customer = Customer(gateway, ports)
    attempt = relying_party.attempt(connection=customer.connection["id"])
    end = browser.walk(attempt.url, stop=relying_party.client.redirect_uri)
    expect_error(end, gateway.api)
