"""The stand-in for Auth0 in front of the gateway itself, with a customer behind it: the chain of the product."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

from app.demo.ledgerline.relying_party import authorize_url, begin, finish
from app.demo.ledgerline.settings import Ledgerline
from app.demo.loopback import LoopbackHttp
from app.demo.standin.settings import parse_tenant
from app.demo.standin.views import create_standin, utc_now
from tests.support.browser import Browser, Page
from tests.support.gateway import Gateway
from tests.support.gateways import Ports
from tests.support.simulator import Simulator

APP_CALLBACK = "http://app.localhost:1/callback"


@pytest.fixture
def organization(gateway: Gateway, simulator: Simulator) -> str:
    """An organization with the simulated Okta as its connection; returns its id."""
    metadata_url = LoopbackHttp().request("GET", f"{simulator.origin}/okta/about").json()["metadata_url"]
    metadata = simulator.fetch(metadata_url.removeprefix(simulator.origin))
    made = gateway.api.add_organization()
    connection = gateway.api.add_connection(made["id"], "saml", {"metadata_xml": metadata}, activate=False)
    ours = connection["service_provider"]
    simulator.register("okta", entity_id=ours["entity_id"], acs_urls=[ours["acs_url"]])
    gateway.api.activate(connection["id"])
    return str(made["id"])


@contextmanager
def serve(flask: Any, port: int) -> Iterator[None]:
    server = make_server("127.0.0.1", port, flask, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("method", ["client_secret_post", "private_key_jwt"])
@pytest.mark.parametrize("send_nonce", [True, False])
def test_auth0_signs_a_customers_person_in_through_the_gateway(
    gateway: Gateway, simulator: Simulator, ports: Ports, organization: str, method: str, send_nonce: bool
) -> None:
    """Both client authentications and both nonce settings that a tenant can have, checked as strictly as a tenant does."""
    origin, local = f"http://auth0.localhost:{ports.relying_party}", f"http://127.0.0.1:{ports.relying_party}"
    more: dict[str, Any] = {"token_endpoint_auth_method": method}
    connection: dict[str, Any] = {"token_endpoint_auth_method": method, "send_nonce": send_nonce}
    if method == "private_key_jwt":
        more["jwks_uri"] = f"{local}/oauth/connection/portico/.well-known/jwks.json"
        connection["private_key_pem"] = RSAKey.generate_key(2048, private=True).as_pem(private=True).decode()
    client = gateway.api.add_client(f"{origin}/login/callback", **more)
    app = Ledgerline("http://app.localhost:1", origin, "app", "secret", "", "", (), (), {})
    tenant = {
        "base_url": origin,
        "connection": connection
        | {
            "name": "portico",
            "discovery_url": gateway.base_url,
            "client_id": client.client_id,
            "client_secret": client.client_secret,
            "upstream_params": {"acr_values": {"alias": "acr_values"}},
        },
        "applications": [{"name": "App", "client_id": "app", "client_secret": "secret", "callbacks": [APP_CALLBACK]}],
        "organizations": [{"id": "org_a", "name": "a", "portico_org": organization}],
    }
    http, browser = LoopbackHttp(), Browser()
    with serve(create_standin(parse_tenant(tenant), http), ports.relying_party):
        begun = begin("x", "b", lambda n: b"r" * n)
        parameters = {"connection": "portico", "organization": "org_a"}
        parameters["acr_values"] = f"urn:portico:organization:{organization}"
        page = browser.read(authorize_url(app, begun, "state", parameters))
        assert isinstance(page, Page)
        step = simulator.sign_in(browser, page, f"ada@{simulator.domain('okta')}")
        end = browser.walk(step, stop=APP_CALLBACK)
        assert not isinstance(end, Page), end.text
        assert "code" in end.query, end.query
        claims = finish(app, http, begun, end.query["code"], utc_now)
    assert claims["https://ledgerline.example/portico_org"] == organization
    assert claims["email"] == f"ada@{simulator.domain('okta')}"
    assert claims["org_id"] == "org_a"
