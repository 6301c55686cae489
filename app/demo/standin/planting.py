"""A tenant from its settings: what is there before anybody calls."""

from __future__ import annotations

from app.auth0.actions import ShippedAction
from app.demo.loopback import LoopbackHttp
from app.demo.standin.management.discovery import fill_in
from app.demo.standin.settings import SeededConnection, TenantSettings
from app.demo.standin.tenant.connections import Connection
from app.demo.standin.tenant.ids import make_id
from app.demo.standin.tenant.state import Tenant


def plant(settings: TenantSettings, tenant: Tenant, http: LoopbackHttp, login_action: ShippedAction | None) -> None:
    """Put the settings' applications, connection, organizations and machines into an empty tenant.

    Args:
        login_action: Portico's Action, deployed and bound; None for a tenant without it.

    Raises ApiRefused: the connection's discovery document cannot be used.
    """
    tenant.custom_domains = settings.custom_domains
    for application in settings.applications:
        tenant.applications.add(application)
    for machine in settings.machines:
        tenant.applications.add_machine(machine)
    connection = _plant_connection(settings.connection, tenant, http) if settings.connection else None
    for record in settings.organizations:
        organization = tenant.organizations.add(dict(record))
        if connection is not None:
            flags = {"assign_membership_on_login": settings.auto_membership, "show_as_button": False}
            flags |= {"is_signup_enabled": False}
            organization.connections[connection.id] = flags
    if login_action is not None and settings.login_action:
        _plant_action(tenant, login_action)


def _plant_connection(seeded: SeededConnection, tenant: Tenant, http: LoopbackHttp) -> Connection:
    connection = tenant.connections.add(
        {
            "id": make_id("con_", tenant.random),
            "name": seeded.name,
            "strategy": "oidc",
            "display_name": seeded.name,
            "is_domain_connection": False,
            "show_as_button": False,
            "metadata": dict(seeded.metadata),
            "options": fill_in(http, seeded.options, None, refresh=True),
            "realms": [seeded.name],
            "authentication": {"active": True},
            "connected_accounts": {"active": False},
        }
    )
    connection.enabled_clients = [record["client_id"] for record in tenant.applications]
    needs_key = connection.record["options"].get("token_endpoint_auth_method") == "private_key_jwt"
    if seeded.private_key_pem is not None or needs_key:
        connection.make_key(tenant.now(), seeded.private_key_pem)
    return connection


def _plant_action(tenant: Tenant, shipped: ShippedAction) -> None:
    draft = {"name": shipped.name, "code": shipped.code, "supported_triggers": [{"id": "post-login", "version": "v3"}]}
    action = tenant.actions.add(draft, {}, tenant.now())
    tenant.actions.deploy(action, tenant.now())
    tenant.actions.bind([(action, shipped.name)], tenant.now())
