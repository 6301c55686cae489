"""Every request that makes the trust, in order: the bodies that `connect` sends, with placeholders for the unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from app.auth0.actions import TRIGGER, read_login_action
from app.auth0.steps.action import ACTION_SCOPES, BINDING_SCOPES, changed_bindings, new_action
from app.auth0.steps.applications import enable
from app.auth0.steps.connection import SCOPES as CONNECTION_SCOPES
from app.auth0.steps.organizations import ENABLED, MARK
from app.auth0.steps.organizations import SCOPES as ORGANIZATION_SCOPES
from app.auth0.wanted import WantedConnection, new_connection

CLIENT_ID, CLIENT_SECRET = "${PORTICO_CLIENT_ID}", "${PORTICO_CLIENT_SECRET}"
CONNECTION_ID, ACTION_ID = "${CONNECTION_ID}", "${ACTION_ID}"


@dataclass(frozen=True, slots=True)
class PrintedTrust:
    """What is printed.

    Args:
        wanted: the connection; its client id and secret may be the placeholders.
        origin: of the tenant.
        callbacks: the redirect URIs that the client in Portico needs.
        organizations: by Auth0 organization: the customer that it stands for, None for nobody.
    """

    wanted: WantedConnection
    origin: str
    callbacks: tuple[str, ...]
    applications: tuple[str, ...] = ()
    organizations: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PrintedRequest:
    """One request below /api/v2.

    Args:
        captures: the placeholder that the answer's `id` is.
        keeps: the member of what is there now that must not be lost: the request replaces it as a whole.
    """

    title: str
    method: Literal["POST", "PATCH"]
    path: str
    body: Any
    scopes: tuple[str, ...]
    captures: str = ""
    keeps: str = ""


def list_requests(trust: PrintedTrust) -> tuple[PrintedRequest, ...]:
    """Return the requests for a tenant that has nothing of it yet."""
    action = read_login_action()
    made = [
        PrintedRequest(
            "The one connection", "POST", "/connections", new_connection(trust.wanted), CONNECTION_SCOPES, CONNECTION_ID
        )
    ]
    if trust.wanted.auth_method == "private_key_jwt":
        path, scopes = f"/connections/{CONNECTION_ID}/keys", ("read:connections_keys", "create:connections_keys")
        made.append(PrintedRequest("Its key", "POST", path, {"signing_alg": "RS256"}, scopes))
    made += [
        PrintedRequest("The login Action", "POST", "/actions/actions", new_action(action), ACTION_SCOPES, ACTION_ID),
        PrintedRequest("Deploy it", "POST", f"/actions/actions/{ACTION_ID}/deploy", {}, ACTION_SCOPES),
        PrintedRequest(
            "Run it after each login",
            "PATCH",
            f"/actions/triggers/{TRIGGER}/bindings",
            changed_bindings([], action.name),
            BINDING_SCOPES,
            keeps="bindings",
        ),
    ]
    for auth0_id, organization_id in trust.organizations.items():
        made += _requests_of_organization(auth0_id, organization_id)
    if trust.applications:
        path, body = f"/connections/{CONNECTION_ID}/clients", enable(trust.applications)
        made.append(PrintedRequest("Let applications use it", "PATCH", path, body, ("update:connections",)))
    return tuple(made)


def list_scopes(trust: PrintedTrust) -> tuple[str, ...]:
    """Return the scopes that the requests need."""
    return tuple(dict.fromkeys(scope for request in list_requests(trust) for scope in request.scopes))


def _requests_of_organization(auth0_id: str, organization_id: str | None) -> list[PrintedRequest]:
    path = f"/organizations/{auth0_id}"
    enabled = {"connection_id": CONNECTION_ID, **ENABLED}
    made = []
    if organization_id is not None:
        body, title = {"metadata": {MARK: organization_id}}, f"{auth0_id} is {organization_id}"
        made.append(PrintedRequest(title, "PATCH", path, body, ORGANIZATION_SCOPES, keeps="metadata"))
    title = f"The connection leads into {auth0_id}, without membership by it"
    made.append(PrintedRequest(title, "POST", f"{path}/enabled_connections", enabled, ORGANIZATION_SCOPES))
    return made
