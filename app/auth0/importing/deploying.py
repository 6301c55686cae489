"""The linking Action in the tenant: created or brought up to date, deployed, and bound behind the login Action."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app.auth0.actions import TRIGGER, ShippedAction, read_login_action
from app.auth0.steps.action import (
    ACTION_SCOPES,
    await_build,
    deployed_code,
    find_action,
    is_bound,
    list_bindings,
    new_action,
)
from app.auth0.tenant import Credentials, Tenant
from app.errors import Invalid, Problem

NAME: Final = "Portico linking"
_BINDINGS: Final = f"/actions/triggers/{TRIGGER}/bindings"


def deploy_link_action(tenant: Tenant, code: str, credentials: Credentials | None) -> bool:
    """Make this code what links people in the tenant; returns whether anything had to be changed.

    Args:
        credentials: of the application in whose name the Action asks; None keeps those that it has.

    Other Actions stay bound in their order. It is behind the login Action, which refuses strangers first.

    Raises Auth0Failed; Invalid: the tenant has no such Action yet, and no credentials are given for it.
    """
    tenant.check_scopes(ACTION_SCOPES)
    found = find_action(tenant, NAME)
    if found is None and credentials is None:
        message = "The first time, give client id and secret of an application with the scopes that the Action names."
        raise Invalid(Problem("credentials", "required", message))
    changed = _deploy(tenant, found, code, credentials)
    bindings = list_bindings(tenant)
    if is_bound(bindings, NAME):
        return changed
    tenant.patch(_BINDINGS, _with_ours(bindings))
    return True


def _deploy(tenant: Tenant, found: Mapping[str, Any] | None, code: str, credentials: Credentials | None) -> bool:
    if found is not None and credentials is None and deployed_code(dict(found)) == code:
        return False
    body: dict[str, Any] = {"code": code}
    if credentials is not None:
        body["secrets"] = _secrets(tenant, credentials)
    if found is None:
        made = tenant.post("/actions/actions", {**new_action(ShippedAction(NAME, code)), **body})
        path = f"/actions/actions/{made['id']}"
    else:
        path = f"/actions/actions/{found['id']}"
        tenant.patch(path, body)
    await_build(tenant, path)
    tenant.post(f"{path}/deploy", {})
    return True


def _secrets(tenant: Tenant, credentials: Credentials) -> list[dict[str, str]]:
    values = {
        "AUTH0_DOMAIN": tenant.origin,
        "CLIENT_ID": credentials.client_id,
        "CLIENT_SECRET": credentials.client_secret,
    }
    return [{"name": name, "value": value} for name, value in values.items()]


def _with_ours(bindings: list[dict[str, Any]]) -> dict[str, Any]:
    """The body of the PATCH that replaces all bindings: every other one as it was, ours behind the login Action."""
    login = read_login_action().name
    ours = {"ref": {"type": "action_name", "value": NAME}, "display_name": NAME}
    written: list[dict[str, Any]] = []
    for one in bindings:
        written.append(
            {"ref": {"type": "binding_id", "value": str(one["id"])}, "display_name": one.get("display_name")}
        )
        if (one.get("action") or {}).get("name") == login:
            written.append(ours)
    return {"bindings": written if ours in written else [*written, ours]}
