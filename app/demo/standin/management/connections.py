"""`/connections`: written as a whole, read with or without `options`, deleted for good."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.demo.standin.management.call import Call, Record, Reply
from app.demo.standin.management.discovery import fill_in
from app.demo.standin.management.paging import Pages, check_query, choose_fields
from app.demo.standin.management.payload import Shape, check_metadata, check_object, check_pattern
from app.demo.standin.management.refusals import ApiRefused, invalid_body, invalid_query, not_there
from app.demo.standin.tenant.connections import Connection
from app.demo.standin.tenant.ids import make_id, spell_time
from app.demo.standin.tenant.options import WrongOptions, check_oidc_options

STRATEGIES = frozenset(
    {"ad", "adfs", "auth0", "google-apps", "google-oauth2", "oidc", "okta", "pingfederate", "samlp", "waad"}
)
NAME = r"[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*"

_CHANGEABLE: Shape = {
    "display_name": str,
    "options": dict,
    "is_domain_connection": bool,
    "show_as_button": bool,
    "realms": list,
    "metadata": dict,
    "authentication": dict,
    "connected_accounts": dict,
}
_CREATE: Shape = {**_CHANGEABLE, "name": str, "strategy": str, "enabled_clients": list}
_LIST = ("from", "take", "page", "per_page", "include_totals", "strategy", "name", "fields", "include_fields")
_PAGES = Pages("connections", lambda record: str(record["id"]))
_SECRETS = ("client_secret", "signing_key", "decryptionKey", "assertion_decryption_settings", "api_key")


def list_connections(call: Call) -> Reply:
    """Every connection, or those of some strategies, or the one with this name."""
    check_query(call.query, _LIST)
    strategies = call.query.getlist("strategy")
    unknown = next((name for name in strategies if name not in STRATEGIES), None)
    if unknown is not None:
        raise invalid_query(f"No enum match for: {unknown} on property strategy")
    name = call.query.get("name")
    found = [
        connection
        for connection in call.tenant.connections
        if (not strategies or connection.strategy in strategies) and name in (None, connection.name)
    ]
    choose = choose_fields(call.query)
    shown = {connection.id: choose(_show(call, connection)) for connection in found}
    body = _PAGES.give(call, [connection.record for connection in found], lambda record: shown[record["id"]])
    return Reply(body, secret=any(_has_secret(record) for record in shown.values()))


def get_connection(call: Call) -> Reply:
    """One connection. `options` are left out unless the token may read them."""
    check_query(call.query, ("fields", "include_fields"))
    shown = choose_fields(call.query)(_show(call, find(call)))
    return Reply(shown, secret=_has_secret(shown))


def create_connection(call: Call) -> Reply:
    """A new connection; for `oidc` the discovery document is read and stored."""
    body = check_object(call.body, _CREATE, ("name", "strategy"))
    check_pattern("name", body["name"], NAME, 128)
    if body["strategy"] not in STRATEGIES:
        raise invalid_body(f"No enum match for: {body['strategy']} on property strategy")
    _check_common(call, body)
    if call.tenant.connections.find_named(body["name"]) is not None:
        raise ApiRefused(409, "A connection with the same name already exists", "connection_conflict")
    connection = call.tenant.connections.add(make_record(call, body))
    connection.enabled_clients = list(body.get("enabled_clients", ()))
    if connection.record["options"].get("token_endpoint_auth_method") == "private_key_jwt":
        connection.make_key(call.tenant.now())
    return Reply(connection.record | {"enabled_clients": connection.enabled_clients}, 201)


def make_record(call: Call, body: Mapping[str, Any]) -> Record:
    """Return the record of a new connection, its options checked and filled in. Raises ApiRefused."""
    return {
        "id": make_id("con_", call.tenant.random),
        "options": _settle(call, body["strategy"], body.get("options", {})),
        "strategy": body["strategy"],
        "name": body["name"],
        "is_domain_connection": body.get("is_domain_connection", False),
        "show_as_button": body.get("show_as_button", False),
        "authentication": body.get("authentication", {"active": True}),
        "connected_accounts": body.get("connected_accounts", {"active": False}),
        "display_name": body.get("display_name", body["name"]),
        "realms": body.get("realms", [body["name"]]),
    } | ({"metadata": dict(body["metadata"])} if "metadata" in body else {})


def update_connection(call: Call) -> Reply:
    """Change a connection: `options` are replaced as a whole, `display_name` becomes the name where it is left out."""
    connection = find(call)
    deprecated: Shape = {"enabled_clients": list} if call.tenant.behaviour.enabled_clients_in_connection else {}
    body = check_object(call.body, {**_CHANGEABLE, **deprecated})
    _check_common(call, body)
    changes = {name: value for name, value in body.items() if name != "enabled_clients"}
    changes.setdefault("display_name", connection.name)
    if "options" in body:
        call.need("update:connections_options")
        changes["options"] = _settle(call, connection.strategy, body["options"], connection.record["options"])
    connection.record |= changes
    if "enabled_clients" in body:
        connection.enabled_clients = list(body["enabled_clients"])
    if connection.record["options"].get("token_endpoint_auth_method") == "private_key_jwt" and not connection.key_pem:
        connection.make_key(call.tenant.now())
    shown = _show(call, connection)
    return Reply(shown)


def delete_connection(call: Call) -> Reply:
    """The connection goes; a tenant does so in the background, so the answer is 202."""
    connection = call.tenant.connections.find(call.path["id"])
    if connection is None:
        raise not_there("connection", "inexistent_connection")
    call.tenant.connections.remove(connection.id)
    call.tenant.organizations.forget_connection(connection.id)
    return Reply({"deleted_at": spell_time(call.tenant.now())}, 202)


def find(call: Call) -> Connection:
    """Return the connection of the path. Raises ApiRefused (404)."""
    connection = call.tenant.connections.find(call.path["id"])
    if connection is None:
        raise not_there("connection", "inexistent_connection")
    return connection


def _check_common(call: Call, body: Mapping[str, Any]) -> None:
    check_metadata(body.get("metadata", {}))
    if len(body.get("display_name", "")) > 128:
        raise invalid_body("String is too long, maximum 128 on property display_name")
    for client_id in body.get("enabled_clients", ()):
        if call.tenant.find_application(str(client_id)) is None:
            raise ApiRefused(400, f"Some of the clients in enabled_clients do not exist: {client_id}", "invalid_body")


def _settle(call: Call, strategy: str, options: Record, before: Record | None = None) -> Record:
    """Return the options as they are stored. Raises ApiRefused."""
    if strategy != "oidc":
        return dict(options)
    try:
        check_oidc_options(options)
    except WrongOptions as error:
        raise invalid_body(str(error)) from error
    return fill_in(call.http, options, before, refresh=call.tenant.behaviour.patch_refreshes_metadata)


def _show(call: Call, connection: Connection) -> Record:
    shown = dict(connection.record)
    if not call.may("read:connections_options"):
        del shown["options"]
    if call.tenant.behaviour.enabled_clients_in_connection:
        shown["enabled_clients"] = list(connection.enabled_clients)
    return shown


def _has_secret(shown: Record) -> bool:
    options = shown.get("options", {})
    return any(options.get(name) for name in _SECRETS)
