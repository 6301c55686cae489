"""`/connections/{id}/clients` and `/connections/{id}/keys`."""

from __future__ import annotations

from app.demo.standin.management.call import Call, Reply
from app.demo.standin.management.connections import find
from app.demo.standin.management.paging import Pages, check_query
from app.demo.standin.management.payload import check_object
from app.demo.standin.management.refusals import ApiRefused, invalid_body
from app.demo.standin.tenant.connections import Connection

_MOST = 50
_PAGES = Pages("clients", lambda record: str(record["client_id"]), most=1_000)


def list_clients(call: Call) -> Reply:
    """The applications that may use the connection, by checkpoint."""
    check_query(call.query, ("take", "from"))
    enabled = [{"client_id": client_id} for client_id in find(call).enabled_clients]
    body = _PAGES.give(call, enabled)
    return Reply(body if isinstance(body, dict) else {"clients": body[:50]})


def update_clients(call: Call) -> Reply:
    """Enable and disable: one to fifty applications at once; those that are not named stay as they are."""
    connection = find(call)
    if not isinstance(call.body, list) or not 1 <= len(call.body) <= _MOST:
        raise invalid_body(f"Expected an array of 1 to {_MOST} items")
    changes: dict[str, bool] = {}
    for entry in call.body:
        change = check_object(entry, {"client_id": str, "status": bool}, ("client_id", "status"))
        if call.tenant.find_application(change["client_id"]) is None:
            raise ApiRefused(400, f"The client {change['client_id']} does not exist", "invalid_body")
        changes[change["client_id"]] = change["status"]
    kept = [client_id for client_id in connection.enabled_clients if changes.get(client_id, True)]
    connection.enabled_clients = kept + [
        client_id for client_id, status in changes.items() if status and client_id not in kept
    ]
    return Reply(status=204)


def list_keys(call: Call) -> Reply:
    """The public keys of client assertions."""
    connection = _with_keys(call)
    return Reply([] if connection.key is None else [connection.key])


def create_keys(call: Call) -> Reply:
    """Keys before they are used, so that the other side can know them first."""
    connection = _with_keys(call)
    if connection.key is not None:
        raise ApiRefused(409, "Connection keys already exist", "connection_keys_conflict")
    return Reply([connection.make_key(call.tenant.now())], 201)


def rotate_keys(call: Call) -> Reply:
    """A new key at once; assertions of the old one are worth nothing from now on."""
    return Reply(_with_keys(call).make_key(call.tenant.now()))


def _with_keys(call: Call) -> Connection:
    connection = find(call)
    if connection.strategy not in ("oidc", "okta"):
        raise ApiRefused(400, "Connection strategy does not support keys", "operation_not_supported")
    return connection
