"""The certified npm package openid-client, both lines that Auth0 ran, as the relying party of the gateway."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from joserfc.jws import extract_compact

from tests.flows.node_peer import NodePeer, run_peer
from tests.support.browser import Browser, Step
from tests.support.gateway import Gateway
from tests.support.gateways import Ports
from tests.support.saml_customer import SamlCustomer

pytestmark = pytest.mark.peer("node")
CALLBACK = "https://tenant.example/login/callback"


@pytest.fixture(params=["rp5.mjs", "rp6.mjs"], ids=["openid-client 5", "openid-client 6"])
def peer(request: pytest.FixtureRequest, ports: Ports, tmp_path: Path) -> Iterator[NodePeer]:
    """A relying party, whose keys are published on a port that the gateway may fetch from."""
    with run_peer(request.param, tmp_path / "peer.log", str(ports.relying_party)) as running:
        yield running


def register(gateway: Gateway, peer: NodePeer, method: str, alg: str = "RS256") -> dict[str, Any]:
    """Register the peer as a client and return what it has to know."""
    more = {"jwks_uri": peer.hello["jwks_uri"]} if method == "private_key_jwt" else {}
    made = gateway.api.add_client(CALLBACK, token_endpoint_auth_method=method, id_token_signed_response_alg=alg, **more)
    known = {"issuer": gateway.base_url, "client_id": made.client_id, "redirect_uri": CALLBACK, "method": method}
    known["alg"] = alg
    return known | ({"client_secret": made.client_secret} if made.client_secret else {})


def come_back(step: Step) -> dict[str, str]:
    """Return the answer as the peer takes it: an address, and a body when it was posted."""
    if step.method == "GET":
        return {"callback": step.url}
    return {"callback": step.url, "form": urlencode(step.fields)}


@pytest.mark.parametrize("mode", ["query", "form_post"])
@pytest.mark.parametrize("method", ["client_secret_post", "client_secret_basic", "private_key_jwt"])
def test_openid_client_logs_a_person_in(
    gateway: Gateway, browser: Browser, peer: NodePeer, method: str, mode: str
) -> None:
    """Discovery, PKCE, nonce, `iss`, ID token signature, userinfo: strict as its authors ship it."""
    if method == "client_secret_basic" and mode == "form_post":
        mode = "query"
    customer = SamlCustomer(gateway)
    parameters = {"acr_values": f"urn:portico:connection:{customer.id}", "response_mode": mode}
    begun = peer.expect(step="begin", params=parameters, **register(gateway, peer, method))
    asked = customer.receive(browser, begun["authorization_url"])
    answer = browser.reach(customer.respond(asked), CALLBACK)
    assert answer.method == ("GET" if mode == "query" else "POST")
    done = peer.expect(step="complete", **come_back(answer))
    assert done["claims"]["email"] == f"ada@{customer.domain}"
    assert done["userinfo"]["sub"] == done["claims"]["sub"]
    assert done["key_set_fetches"] == (1 if method == "private_key_jwt" else 0)


def test_a_client_may_have_es256(gateway: Gateway, browser: Browser, peer: NodePeer) -> None:
    """Item 4: both lines take nothing but the algorithm that they expect, by a key out of a set that has both."""
    customer = SamlCustomer(gateway)
    known = register(gateway, peer, "client_secret_post", "ES256")
    begun = peer.expect(step="begin", params={"connection": customer.id}, **known)
    answer = browser.reach(customer.respond(customer.receive(browser, begun["authorization_url"])), CALLBACK)
    done = peer.expect(step="complete", **come_back(answer))
    assert extract_compact(done["tokens"]["id_token"].encode()).headers()["alg"] == "ES256"


def test_max_age_and_auth_time(gateway: Gateway, browser: Browser, peer: NodePeer) -> None:
    """OIDC Core 3.1.2.1: `max_age` reaches the provider, `auth_time` is in the ID token."""
    customer = SamlCustomer(gateway)
    parameters = {"connection": customer.id, "max_age": "300"}
    begun = peer.expect(step="begin", params=parameters, **register(gateway, peer, "client_secret_post"))
    answer = browser.reach(customer.respond(customer.receive(browser, begun["authorization_url"])), CALLBACK)
    assert peer.expect(step="complete", **come_back(answer))["claims"]["auth_time"]


def test_an_error_is_understood(gateway: Gateway, browser: Browser, peer: NodePeer) -> None:
    """The error response carries `state` and `iss`; the peer reports our error and not its own."""
    known = register(gateway, peer, "client_secret_post")
    begun = peer.expect(step="begin", params={"prompt": "none"}, **known)
    answer = browser.reach(begun["authorization_url"], CALLBACK)
    refused = peer.ask(step="complete", **come_back(answer))
    assert "login_required" in str(refused), refused


def test_a_code_works_once(gateway: Gateway, browser: Browser, peer: NodePeer) -> None:
    """The peer names `invalid_grant` (no challenge header in its way), and its first access token is dead."""
    customer = SamlCustomer(gateway)
    known = register(gateway, peer, "client_secret_post")
    begun = peer.expect(step="begin", params={"connection": customer.id}, **known)
    answer = browser.reach(customer.respond(customer.receive(browser, begun["authorization_url"])), CALLBACK)
    done = peer.expect(step="complete", **come_back(answer))
    token, sub = done["tokens"]["access_token"], done["claims"]["sub"]
    peer.expect(step="userinfo", access_token=token, sub=sub)
    assert "invalid_grant" in str(peer.ask(step="complete", **come_back(answer)))
    assert "error" in peer.ask(step="userinfo", access_token=token, sub=sub)


def test_a_wrong_secret_is_named(gateway: Gateway, browser: Browser, peer: NodePeer) -> None:
    """`invalid_client` in the body, without a challenge that would hide it from openid-client 6."""
    customer = SamlCustomer(gateway)
    known = {**register(gateway, peer, "client_secret_post"), "client_secret": "not-the-secret"}
    begun = peer.expect(step="begin", params={"connection": customer.id}, **known)
    answer = browser.reach(customer.respond(customer.receive(browser, begun["authorization_url"])), CALLBACK)
    assert "invalid_client" in str(peer.ask(step="complete", **come_back(answer)))
