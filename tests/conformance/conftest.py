"""The plans' configuration, made on a running gateway and simulator: one organization, its connection, three clients."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flows.test_login_oidc import issuer_of
from tests.support.conformance import CALLBACK, POST_LOGOUT, Clients, Suite
from tests.support.gateway import Gateway
from tests.support.simulator import Simulator

#: The suite's plan -> the response_mode that it sends with every request.
PLANS = {"basic": None, "formpost-basic": "form_post"}


@pytest.fixture(scope="session")
def configured() -> dict[str, Clients]:
    """Clients by gateway: configured once, as the suite's configuration is."""
    return {}


@pytest.fixture(params=list(PLANS))
def suite(
    request: pytest.FixtureRequest, gateway: Gateway, simulator: Simulator, configured: dict[str, Clients]
) -> Suite:
    """One plan of the suite, ready to run."""
    if gateway.base_url not in configured:
        configured[gateway.base_url] = configure(gateway, simulator)
    return Suite(gateway, simulator, configured[gateway.base_url], PLANS[request.param])


def configure(gateway: Gateway, simulator: Simulator) -> Clients:
    """Do what docs/conformance.md says, on the organization that owns the simulated provider's domain."""
    if "oidc" not in gateway.organizations:
        gateway.organizations["oidc"] = gateway.api.add_organization(simulator.domain("oidc"))["id"]
    organization = gateway.organizations["oidc"]
    settings: dict[str, Any] = {"issuer": issuer_of(simulator, "oidc")}
    made = gateway.api.add_connection(organization, "oidc", settings, activate=False, is_default=True)
    ours = made["service_provider"]
    registered = simulator.register(
        "oidc",
        redirect_uris=[ours["redirect_uri"]],
        post_logout_redirect_uris=[ours["post_logout_redirect_uri"]],
    )
    credentials = {name: registered[name] for name in ("client_id", "client_secret")}
    gateway.api.patch(f"/connections/{made['id']}", settings=credentials)
    gateway.api.activate(made["id"])

    def add(method: str) -> Any:
        return gateway.api.add_client(
            CALLBACK,
            post_logout_redirect_uris=[POST_LOGOUT],
            token_endpoint_auth_method=method,
            require_pkce=False,
            allowed_organizations=[organization],
        )

    return Clients(add("client_secret_basic"), add("client_secret_basic"), add("client_secret_post"))
