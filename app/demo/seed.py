"""Seeding the demo through the front doors: the management API on our side, the console on the customers'."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.demo.cast import CUSTOMERS, Customer
from app.demo.gateway_api import GatewayApi, SimulatorConsole


@dataclass(frozen=True, slots=True)
class SeededCustomer:
    """A customer as the gateway knows it."""

    customer: Customer
    organization_id: str
    connection_id: str


@dataclass(frozen=True, slots=True)
class Seeded:
    """What the other processes need to know."""

    client_id: str
    client_secret: str = field(repr=False)
    customers: tuple[SeededCustomer, ...] = ()


def seed(
    api: GatewayApi, console: SimulatorConsole, auth0: str, app: str, customers: tuple[Customer, ...] = CUSTOMERS
) -> Seeded:
    """Make one client for Auth0 and the customers, each with a vouched domain and an active connection.

    Raises CallFailed, Unreachable.
    """
    client = api.post(
        "/clients",
        name="Auth0",
        redirect_uris=[f"{auth0}/login/callback"],
        post_logout_redirect_uris=[f"{app}/"],
        token_endpoint_auth_method="client_secret_post",  # noqa: S106 -- a method's name
    )
    seeded = tuple(_seed_customer(api, console, customer) for customer in customers)
    return Seeded(client["client_id"], client["client_secret"], seeded)


def _seed_customer(api: GatewayApi, console: SimulatorConsole, customer: Customer) -> SeededCustomer:
    organization = api.post("/organizations", name=customer.name, external_id=customer.auth0_organization)
    api.post(f"/organizations/{organization['id']}/domains", domain=customer.domain, verified=True)
    connect = _connect_saml if customer.adapter.endswith("-saml") else _connect_oidc
    connection = connect(api, console, customer, organization["id"])
    api.post(f"/connections/{connection['id']}/activate", skip_test=True)
    return SeededCustomer(customer, organization["id"], connection["id"])


def _connect_saml(api: GatewayApi, console: SimulatorConsole, customer: Customer, organization_id: str) -> Any:
    """Read the provider's metadata first, then tell the provider our entity ID and ACS."""
    settings = {"metadata_xml": console.metadata(customer.id)} | dict(customer.connection)
    connection = _add_connection(api, customer, organization_id, settings)
    ours = connection["service_provider"]
    console.register(
        customer.id,
        entity_id=ours["entity_id"],
        acs_urls=[ours["acs_url"]],
        slo_url=ours["slo_url"],
        certificate=ours["certificate"],
        **customer.registration,
    )
    return connection


def _connect_oidc(api: GatewayApi, console: SimulatorConsole, customer: Customer, organization_id: str) -> Any:
    """Tell the provider our redirect URI first; it answers with the client id and secret that we need."""
    connection = _add_connection(api, customer, organization_id, {"issuer": console.issuer(customer.id)})
    ours = connection["service_provider"]
    registered = console.register(
        customer.id,
        redirect_uris=[ours["redirect_uri"]],
        post_logout_redirect_uris=[ours["post_logout_redirect_uri"]],
        **customer.registration,
    )
    settings = {"client_id": registered["client_id"], "client_secret": registered["client_secret"]}
    return api.call("PATCH", f"/connections/{connection['id']}", {"settings": settings | dict(customer.connection)})


def _add_connection(api: GatewayApi, customer: Customer, organization_id: str, settings: Mapping[str, Any]) -> Any:
    return api.post(
        f"/organizations/{organization_id}/connections",
        adapter=customer.adapter,
        name=f"{customer.vendor}, {customer.protocol}",
        settings=dict(settings),
        domains=[customer.domain],
        is_default=True,
    )
