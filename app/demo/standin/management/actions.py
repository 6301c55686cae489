"""`/actions`: drafts, deployment, and what runs after a login."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.demo.standin.management.call import Call, Record, Reply
from app.demo.standin.management.paging import Pages, check_query, read_flag
from app.demo.standin.management.payload import Shape, check_object
from app.demo.standin.management.refusals import ApiRefused, invalid_body, not_there
from app.demo.standin.tenant.actions import TRIGGERS, Action

_SHAPE: Shape = {
    "name": str,
    "code": str,
    "supported_triggers": list,
    "dependencies": list,
    "runtime": ("node18", "node22"),
    "secrets": list,
    "deploy": bool,
    "modules": list,
}
_LIST = ("page", "per_page", "include_totals", "triggerId", "actionName", "deployed", "installed")
_LARGEST_CODE = 100_000


def list_actions(call: Call) -> Reply:
    """Every Action, or the one with this name."""
    check_query(call.query, _LIST)
    name, trigger = call.query.get("actionName"), call.query.get("triggerId")
    deployed = read_flag(call.query, "deployed", True) if "deployed" in call.query else None
    found = [
        call.tenant.actions.read(action)
        for action in call.tenant.actions
        if name in (None, action.record["name"])
        and trigger in (None, action.record["supported_triggers"][0]["id"])
        and deployed in (None, action.deployed is not None)
    ]
    return Reply(_numbered(call, "actions", found))


def get_action(call: Call) -> Reply:
    """One of them. Secrets have names and dates, never values."""
    return Reply(call.tenant.actions.read(_find(call)))


def create_action(call: Call) -> Reply:
    """A draft: built in the background, and without effect until it is deployed and bound."""
    body = check_object(call.body, _SHAPE, ("name", "supported_triggers"))
    _check(body)
    if call.tenant.actions.find_named(body["name"]) is not None:
        raise ApiRefused(409, "An action with the same name already exists", "action_conflict")
    draft = {"code": ""} | {name: value for name, value in body.items() if name not in ("secrets", "deploy")}
    secrets = _read_secrets(body.get("secrets", []), {})
    reads = call.tenant.behaviour.action_build_reads
    action = call.tenant.actions.add(draft, secrets, call.tenant.now(), reads)
    return Reply(dict(action.record), 201)


def update_action(call: Call) -> Reply:
    """Change the draft. `secrets` replace those that are there; one without a value keeps it."""
    action = _find(call)
    body = check_object(call.body, _SHAPE)
    _check(body)
    other = call.tenant.actions.find_named(body.get("name", ""))
    if other not in (None, action):
        raise ApiRefused(409, "An action with the same name already exists", "action_conflict")
    secrets = _read_secrets(body["secrets"], action.secrets) if "secrets" in body else None
    changes = {name: value for name, value in body.items() if name not in ("secrets", "deploy")}
    reads = call.tenant.behaviour.action_build_reads
    call.tenant.actions.change(action, changes, secrets, call.tenant.now(), reads)
    return Reply(dict(action.record))


def delete_action(call: Call) -> Reply:
    """It goes; one that is bound only by force."""
    action = _find(call)
    bound = any(binding["action_id"] == action.id for binding in call.tenant.actions.bindings)
    if bound and not read_flag(call.query, "force", False):
        raise ApiRefused(409, "The action is bound to a trigger. Use force to delete it", "action_conflict")
    call.tenant.actions.remove(action.id)
    return Reply(status=204)


def deploy_action(call: Call) -> Reply:
    """Make the draft what runs. It has to be built."""
    action = _find(call)
    if action.record["status"] != "built":
        raise ApiRefused(400, "The action draft must be in the 'built' state", "action_not_built")
    return Reply(call.tenant.actions.deploy(action, call.tenant.now()), 202)


def list_bindings(call: Call) -> Reply:
    """What runs, in its order."""
    _check_trigger(call)
    check_query(call.query, ("page", "per_page"))
    return Reply(_numbered(call, "bindings", _show_bindings(call)))


def replace_bindings(call: Call) -> Reply:
    """Set what runs: whatever is not in the list does not run any more."""
    _check_trigger(call)
    body = check_object(call.body, {"bindings": list}, ("bindings",))
    wanted: list[tuple[Action, str]] = []
    for entry in body["bindings"]:
        shape: Shape = {"ref": dict, "display_name": str, "secrets": list}
        binding = check_object(entry, shape, ("ref",))
        action = _resolve(call, binding["ref"])
        if action.deployed is None:
            raise ApiRefused(400, "The action must be deployed before it is bound", "action_not_deployed")
        wanted.append((action, binding.get("display_name") or action.record["name"]))
    if len({action.id for action, _ in wanted}) < len(wanted):
        raise invalid_body("Array items are not unique on property bindings")
    call.tenant.actions.bind(wanted, call.tenant.now())
    return Reply({"bindings": _show_bindings(call)})


def _resolve(call: Call, ref: Mapping[str, Any]) -> Action:
    types = ("binding_id", "action_id", "action_name")
    checked = check_object(dict(ref), {"type": types, "value": str}, ("type", "value"))
    actions, value = call.tenant.actions, checked["value"]
    if checked["type"] == "binding_id":
        binding = next((entry for entry in actions.bindings if entry["id"] == value), None)
        found = actions.find(binding["action_id"]) if binding else None
    else:
        found = actions.find(value) if checked["type"] == "action_id" else actions.find_named(value)
    if found is None:
        raise not_there("action", "inexistent_action")
    return found


def _show_bindings(call: Call) -> list[Record]:
    shown = []
    for binding in call.tenant.actions.bindings:
        action = call.tenant.actions.find(binding["action_id"])
        about = dict(action.record) if action else {}
        shown.append({name: value for name, value in binding.items() if name != "action_id"} | {"action": about})
    return shown


def _numbered(call: Call, key: str, items: list[Record]) -> Record:
    """Lists below /actions always are objects with totals."""
    page = Pages(key).give(call, items)
    shown = page[key] if isinstance(page, dict) else page
    number, size = int(call.query.get("page", 0)), int(call.query.get("per_page", 50))
    return {"total": len(items), "page": number, "per_page": size, key: shown}


def _find(call: Call) -> Action:
    action = call.tenant.actions.find(call.path["id"])
    if action is None:
        raise not_there("action", "inexistent_action")
    return action


def _check(body: Record) -> None:
    triggers = body.get("supported_triggers")
    if triggers is not None:
        if len(triggers) != 1:
            raise invalid_body("An action supports exactly one trigger")
        trigger = check_object(triggers[0], {"id": str, "version": str, "status": str}, ("id",))
        if TRIGGERS.get(trigger["id"]) != trigger.get("version", TRIGGERS.get(trigger["id"])):
            raise invalid_body(f"Unknown trigger {trigger['id']} {trigger.get('version')}")
        if trigger["id"] not in TRIGGERS:
            raise invalid_body(f"Unknown trigger {trigger['id']}")
    if len(body.get("code", "")) > _LARGEST_CODE:
        raise invalid_body(f"String is too long, maximum {_LARGEST_CODE} on property code")


def _check_trigger(call: Call) -> None:
    if call.path["trigger"] not in TRIGGERS:
        raise not_there("trigger", "inexistent_trigger")


def _read_secrets(entries: list[Any], present: Mapping[str, str]) -> dict[str, str]:
    secrets: dict[str, str] = {}
    for entry in entries:
        secret = check_object(entry, {"name": str, "value": str}, ("name",))
        if "value" not in secret and secret["name"] not in present:
            raise invalid_body(f"Missing required property: value of secret {secret['name']}")
        secrets[secret["name"]] = secret.get("value", present.get(secret["name"], ""))
    return secrets
