"""The configuration file of each process of the demo, from the cast and from what seeding gave."""

from __future__ import annotations

from typing import Any

from app.demo.addresses import Addresses
from app.demo.cast import APPLICATION, BRIGHTWATER, CONNECTION, CUSTOMERS, HALDEN, NORRLAND
from app.demo.seed import Seeded
from app.demo.standin.management.scopes import ALL_SCOPES


def simulator_configuration(addresses: Addresses, admin_token: str) -> dict[str, Any]:
    """Return what portico_simulator reads."""
    return {
        "base_url": addresses.simulator,
        "admin_token": admin_token,
        "idps": [
            {
                "id": customer.id,
                "profile": customer.profile,
                "label": customer.name,
                "domain": customer.domain,
                "persons": list(customer.persons),
            }
            for customer in CUSTOMERS
        ],
    }


def standin_configuration(
    addresses: Addresses, seeded: Seeded, app_client: tuple[str, str], machine: tuple[str, str] | None = None
) -> dict[str, Any]:
    """Return the tenant: one connection to the gateway, one application, an organization for each customer.

    Adding members is an application's work, which the demo's does not do: so its tenant does not ask for membership.

    Args:
        machine: client id and secret that may do everything in its Management API.
    """
    machines = [{"client_id": machine[0], "client_secret": machine[1], "scopes": ALL_SCOPES}] if machine else []
    client_id, client_secret = app_client
    forwarded = ("login_hint", "acr_values", "prompt", "max_age", "ui_locales")
    return {
        "base_url": addresses.auth0,
        "machines": machines,
        "auto_membership": False,
        "behaviour": {"membership_required": False},
        "connection": {
            "name": CONNECTION,
            "discovery_url": f"{addresses.gateway}/.well-known/openid-configuration",
            "client_id": seeded.client_id,
            "client_secret": seeded.client_secret,
            "token_endpoint_auth_method": "client_secret_post",
            "algorithms": ["RS256"],
            "pkce": "S256",
            "set_user_root_attributes": "on_each_login",
            "metadata": {"claims_namespace": _namespace(addresses)},
            "upstream_params": {name: {"alias": name} for name in forwarded},
            "domain_aliases": [customer.domain for customer in CUSTOMERS],
        },
        "applications": [
            {
                "name": APPLICATION,
                "client_id": client_id,
                "client_secret": client_secret,
                "callbacks": [f"{addresses.app}/callback"],
                "logout_urls": [f"{addresses.app}/"],
            }
        ],
        "organizations": [
            {
                "id": entry.customer.auth0_organization,
                "name": entry.customer.id,
                "display_name": entry.customer.name,
                "portico_org": entry.organization_id,
            }
            for entry in seeded.customers
        ],
    }


def ledgerline_configuration(
    addresses: Addresses, seeded: Seeded, app_client: tuple[str, str], api_key: str
) -> dict[str, Any]:
    """Return the application: where Auth0 is, the ways to begin, and the names behind the gateway's ids."""
    client_id, client_secret = app_client
    names = {entry.organization_id: entry.customer.name for entry in seeded.customers}
    names |= {entry.connection_id: f"{entry.customer.vendor}, {entry.customer.protocol}" for entry in seeded.customers}
    return {
        "base_url": addresses.app,
        "auth0": addresses.auth0,
        "client_id": client_id,
        "client_secret": client_secret,
        "claims_namespace": _namespace(addresses),
        "portico_api": f"{addresses.gateway}/api/v1",
        "portico_api_key": api_key,
        "customers": [
            {
                "id": entry.customer.id,
                "customer": entry.customer.name,
                "about": f"{entry.customer.vendor}, over {entry.customer.protocol}",
                "people": f"Be {entry.customer.first}, for instance.",
                "parameters": _parameters(seeded, entry.customer.id, entry.customer.id),
            }
            for entry in seeded.customers
        ],
        "others": _other_ways(seeded),
        "names": names,
    }


def _namespace(addresses: Addresses) -> str:
    """Return what `portico auth0 connect` chooses by itself."""
    return f"{addresses.gateway}/"


def _other_ways(seeded: Seeded) -> list[dict[str, Any]]:
    return [
        {
            "id": "portico-asks",
            "customer": "Portico asks for the e-mail address",
            "about": "The application names no customer; the address’s domain decides.",
            "parameters": {"connection": CONNECTION},
        },
        {
            "id": "auth0-asks",
            "customer": "Auth0 asks for the e-mail address",
            "about": "Identifier-first; the address then travels along as a hint.",
            "parameters": {},
        },
        {
            "id": "guest",
            "customer": "A guest is refused",
            "about": f"At {BRIGHTWATER.name}, be Noor Visser: her e-mail is at a domain that nobody vouched for.",
            "parameters": _parameters(seeded, BRIGHTWATER.id, BRIGHTWATER.id),
        },
        {
            "id": "wrong-door",
            "customer": "The wrong organization is refused",
            "about": f"The URL names {NORRLAND.name}’s organization at Auth0, the person comes from {HALDEN.name}.",
            "parameters": _parameters(seeded, HALDEN.id, NORRLAND.id),
        },
    ]


def _parameters(seeded: Seeded, customer_id: str, organization_of: str) -> dict[str, str]:
    """Return what Ledgerline adds to its request: the choice for Portico, and Auth0's organization."""
    by_id = {entry.customer.id: entry for entry in seeded.customers}
    return {
        "connection": CONNECTION,
        "acr_values": f"urn:portico:organization:{by_id[customer_id].organization_id}",
        "organization": by_id[organization_of].customer.auth0_organization,
    }
