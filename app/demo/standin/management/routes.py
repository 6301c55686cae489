"""Every endpoint of the Management API that the stand-in has: method, path, scopes, title, function."""

from __future__ import annotations

from app.demo.standin.management import (
    actions,
    applications,
    connection_clients,
    connections,
    logs,
    organization_connections,
    organizations,
    users,
)
from app.demo.standin.management.call import Operation

_CONNECTION = "/connections/<id>"
_ORGANIZATION = "/organizations/<id>"
_ENABLED = f"{_ORGANIZATION}/enabled_connections"
_DOMAINS = f"{_ORGANIZATION}/discovery-domains"
_ACTION = "/actions/actions/<id>"
_BINDINGS = "/actions/triggers/<trigger>/bindings"
_OC = "organization_connections"

OPERATIONS: tuple[Operation, ...] = (
    # connections
    Operation("GET", "/connections", ("read:connections",), "Get all connections", connections.list_connections),
    Operation("POST", "/connections", ("create:connections",), "Create a connection", connections.create_connection),
    Operation("GET", _CONNECTION, ("read:connections",), "Get a connection", connections.get_connection),
    Operation("PATCH", _CONNECTION, ("update:connections",), "Update a connection", connections.update_connection),
    Operation("DELETE", _CONNECTION, ("delete:connections",), "Delete a connection", connections.delete_connection),
    Operation(
        "GET",
        f"{_CONNECTION}/clients",
        ("read:connections",),
        "Get enabled clients for a connection",
        connection_clients.list_clients,
    ),
    Operation(
        "PATCH",
        f"{_CONNECTION}/clients",
        ("update:connections",),
        "Update enabled clients for a connection",
        connection_clients.update_clients,
    ),
    Operation(
        "GET",
        f"{_CONNECTION}/keys",
        ("read:connections_keys",),
        "Get connection keys",
        connection_clients.list_keys,
    ),
    Operation(
        "POST",
        f"{_CONNECTION}/keys",
        ("create:connections_keys",),
        "Create connection keys",
        connection_clients.create_keys,
    ),
    Operation(
        "POST",
        f"{_CONNECTION}/keys/rotate",
        ("update:connections_keys",),
        "Rotate connection keys",
        connection_clients.rotate_keys,
    ),
    # organizations
    Operation("GET", "/organizations", ("read:organizations",), "Get organizations", organizations.list_organizations),
    Operation(
        "POST",
        "/organizations",
        ("create:organizations",),
        "Create an Organization",
        organizations.create_organization,
    ),
    Operation(
        "GET",
        "/organizations/name/<name>",
        ("read:organizations",),
        "Get organization by name",
        organizations.get_organization_by_name,
    ),
    Operation("GET", _ORGANIZATION, ("read:organizations",), "Get organization", organizations.get_organization),
    Operation(
        "PATCH",
        _ORGANIZATION,
        ("update:organizations",),
        "Modify an Organization",
        organizations.update_organization,
    ),
    Operation(
        "DELETE", _ORGANIZATION, ("delete:organizations",), "Delete organization", organizations.delete_organization
    ),
    Operation(
        "GET",
        f"{_ORGANIZATION}/members",
        ("read:organization_members",),
        "Get members who belong to an organization",
        organizations.list_members,
    ),
    Operation(
        "POST",
        f"{_ORGANIZATION}/members",
        ("create:organization_members",),
        "Add members to an organization",
        organizations.add_members,
    ),
    Operation(
        "DELETE",
        f"{_ORGANIZATION}/members",
        ("delete:organization_members",),
        "Delete members from an organization",
        organizations.remove_members,
    ),
    Operation(
        "GET",
        _ENABLED,
        (f"read:{_OC}",),
        "Get connections enabled for an organization",
        organization_connections.list_enabled,
        _OC,
    ),
    Operation(
        "POST",
        _ENABLED,
        (f"create:{_OC}",),
        "Add connections to an organization",
        organization_connections.enable,
        _OC,
    ),
    Operation(
        "GET",
        f"{_ENABLED}/<connection_id>",
        (f"read:{_OC}",),
        "Get an enabled connection for an organization",
        organization_connections.get_enabled,
        _OC,
    ),
    Operation(
        "PATCH",
        f"{_ENABLED}/<connection_id>",
        (f"update:{_OC}",),
        "Modify an Organizations Connection",
        organization_connections.change_enabled,
        _OC,
    ),
    Operation(
        "DELETE",
        f"{_ENABLED}/<connection_id>",
        (f"delete:{_OC}",),
        "Delete connections from an organization",
        organization_connections.disable,
        _OC,
    ),
    Operation(
        "GET",
        _DOMAINS,
        ("read:organization_discovery_domains",),
        "Get discovery domains",
        organization_connections.list_domains,
    ),
    Operation(
        "POST",
        _DOMAINS,
        ("create:organization_discovery_domains",),
        "Create an organization discovery domain",
        organization_connections.add_domain,
    ),
    Operation(
        "GET",
        f"{_DOMAINS}/name/<domain_id>",
        ("read:organization_discovery_domains",),
        "Get a discovery domain by name",
        organization_connections.get_domain,
    ),
    Operation(
        "GET",
        f"{_DOMAINS}/<domain_id>",
        ("read:organization_discovery_domains",),
        "Get a discovery domain",
        organization_connections.get_domain,
    ),
    Operation(
        "PATCH",
        f"{_DOMAINS}/<domain_id>",
        ("update:organization_discovery_domains",),
        "Update an organization discovery domain",
        organization_connections.change_domain,
    ),
    Operation(
        "DELETE",
        f"{_DOMAINS}/<domain_id>",
        ("delete:organization_discovery_domains",),
        "Delete an organization discovery domain",
        organization_connections.remove_domain,
    ),
    # applications
    Operation("GET", "/clients", ("read:clients", "read:client_keys"), "Get clients", applications.list_applications),
    Operation(
        "GET", "/clients/<id>", ("read:clients", "read:client_keys"), "Get a client", applications.get_application
    ),
    Operation("PATCH", "/clients/<id>", ("update:clients",), "Update a client", applications.update_application),
    Operation(
        "GET",
        "/custom-domains",
        ("read:custom_domains",),
        "Get custom domains configurations",
        applications.list_custom_domains,
    ),
    # Actions
    Operation("GET", "/actions/actions", ("read:actions",), "Get actions", actions.list_actions),
    Operation("POST", "/actions/actions", ("create:actions",), "Create an action", actions.create_action),
    Operation("GET", _ACTION, ("read:actions",), "Get an action", actions.get_action),
    Operation("PATCH", _ACTION, ("update:actions",), "Update an action", actions.update_action),
    Operation("DELETE", _ACTION, ("delete:actions",), "Delete an action", actions.delete_action),
    Operation(
        "POST",
        f"{_ACTION}/deploy",
        ("create:actions", "update:actions"),
        "Deploy an action",
        actions.deploy_action,
    ),
    Operation("GET", _BINDINGS, ("read:actions",), "Get trigger bindings", actions.list_bindings),
    Operation("PATCH", _BINDINGS, ("update:actions",), "Update trigger bindings", actions.replace_bindings),
    # users
    Operation("GET", "/users", ("read:users",), "List or Search Users", users.list_users),
    Operation("GET", "/users-by-email", ("read:users",), "Search Users by Email", users.list_users_by_email),
    Operation("GET", "/users/<id>", ("read:users",), "Get a User", users.get_user),
    Operation(
        "PATCH", "/users/<id>", ("update:users", "update:users_app_metadata"), "Update a User", users.update_user
    ),
    Operation("DELETE", "/users/<id>", ("delete:users",), "Delete a User", users.delete_user),
    Operation(
        "GET",
        "/users/<id>/organizations",
        ("read:organizations",),
        "List user's organizations",
        users.list_user_organizations,
    ),
    Operation("POST", "/users/<id>/identities", ("update:users",), "Link a User Account", users.link_identity),
    Operation(
        "DELETE",
        "/users/<id>/identities/<provider>/<identity_id>",
        ("update:users",),
        "Unlink a User Identity",
        users.unlink_identity,
    ),
    # logs
    Operation("GET", "/logs", ("read:logs",), "Search log events", logs.list_logs),
    Operation("GET", "/logs/<id>", ("read:logs",), "Get a log event by id", logs.get_log),
)
