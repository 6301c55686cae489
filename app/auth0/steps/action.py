"""The login Action: created, deployed as shipped, and bound beside whatever else the tenant runs after a login."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.auth0.actions import RUNTIME, TRIGGER, ShippedAction, read_login_action, read_version, same_code
from app.auth0.errors import Auth0Busy, Auth0Refused
from app.auth0.models import Auth0Trust
from app.auth0.plan import Step, Work
from app.auth0.tenant import Tenant
from app.auth0.wanted import Difference

ACTION_SCOPES = ("read:actions", "create:actions", "update:actions")
BINDING_SCOPES = ("read:actions", "update:actions")
#: How often a build is asked about; half a second and more apart.
MAX_LOOKS = 20

_BINDINGS = f"/actions/triggers/{TRIGGER}/bindings"


def find_action(tenant: Tenant, name: str) -> dict[str, Any] | None:
    """Return the tenant's Action of exactly this name, with its code; None where there is none."""
    for one in tenant.list_numbered("/actions/actions", "actions", {"actionName": name}):
        if one.get("name") == name:
            found = tenant.find(f"/actions/actions/{one['id']}")
            return found if isinstance(found, dict) else None
    return None


def new_action(shipped: ShippedAction) -> dict[str, Any]:
    """Return the body of `POST /api/v2/actions/actions`."""
    return {
        "name": shipped.name,
        "supported_triggers": [{"id": TRIGGER, "version": "v3"}],
        "code": shipped.code,
        "runtime": RUNTIME,
        "dependencies": [],
        "secrets": [],
    }


def deployed_code(action: dict[str, Any]) -> str | None:
    """Return the code that runs, None where nothing was ever deployed."""
    version = action.get("deployed_version")
    code = version.get("code") if isinstance(version, dict) else None
    if isinstance(code, str):
        return code
    runs = action.get("all_changes_deployed") and isinstance(version, dict)
    return str(action.get("code", "")) if runs else None


def describe_code(code: str | None, shipped: ShippedAction) -> Difference | None:
    """Return how the code that runs is not the shipped one; None when it is."""
    wanted = f"version {shipped.version}"
    if code is None:
        return Difference("action.deployed", wanted, None)
    if same_code(code, shipped.code):
        return None
    version = read_version(code)
    if version is not None and version != shipped.version:
        return Difference("action.deployed", wanted, f"version {version}")
    return Difference("action.deployed", wanted, "other code")


def _look_action(work: Work) -> dict[str, Any] | None:
    return find_action(work.tenant, read_login_action().name)


def _want_action(_work: Work, found: dict[str, Any] | None) -> Iterator[Difference]:
    difference = describe_code(deployed_code(found) if found is not None else None, read_login_action())
    if difference is not None:
        yield difference


def _act_action(work: Work, found: dict[str, Any] | None) -> None:
    shipped = read_login_action()
    if found is None:
        made = work.tenant.post("/actions/actions", new_action(shipped))
        path = f"/actions/actions/{made['id']}"
    else:
        path = f"/actions/actions/{found['id']}"
        if not same_code(str(found.get("code", "")), shipped.code):
            work.tenant.patch(path, {"code": shipped.code})
    await_build(work.tenant, path)
    work.tenant.post(f"{path}/deploy", {})


def await_build(tenant: Tenant, path: str) -> None:
    """Auth0 builds what was written before it can be deployed."""
    for _ in range(MAX_LOOKS):
        status = tenant.get(path).get("status")
        if status in ("built", None):
            return
        if status == "failed":
            raise Auth0Refused("Auth0 could not build the Action", code="auth0-action-failed")
        if not tenant.pause():
            break
    raise Auth0Busy("Auth0 is still building the Action")


def list_bindings(tenant: Tenant) -> list[dict[str, Any]]:
    """Return what runs after a login, in order."""
    return list(tenant.list_numbered(_BINDINGS, "bindings"))


def is_bound(bindings: list[dict[str, Any]], name: str) -> bool:
    """Whether an Action of this name is among what runs."""
    return any((one.get("action") or {}).get("name") == name for one in bindings)


def changed_bindings(bindings: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """Return the body of the PATCH that replaces all bindings: ours first, then every other one as it was."""
    others = [
        {"ref": {"type": "binding_id", "value": str(one["id"])}, "display_name": one.get("display_name")}
        for one in bindings
    ]
    return {"bindings": [{"ref": {"type": "action_name", "value": name}, "display_name": name}, *others]}


def _look_bindings(work: Work) -> list[dict[str, Any]]:
    return list_bindings(work.tenant)


def _want_binding(_work: Work, bindings: list[dict[str, Any]]) -> Iterator[Difference]:
    if not is_bound(bindings, read_login_action().name):
        yield Difference("action.bound", TRIGGER, None)


def _act_binding(work: Work, bindings: list[dict[str, Any]]) -> None:
    work.tenant.patch(_BINDINGS, changed_bindings(bindings, read_login_action().name))


def _action_scopes(_trust: Auth0Trust) -> tuple[str, ...]:
    return ACTION_SCOPES


def _binding_scopes(_trust: Auth0Trust) -> tuple[str, ...]:
    return BINDING_SCOPES


ACTION = Step("action", "The login Action, deployed", _action_scopes, _look_action, _want_action, _act_action)
BINDING = Step(
    "binding", "The login Action, after each login", _binding_scopes, _look_bindings, _want_binding, _act_binding
)
