"""As Terraform, for the provider auth0/auth0 from 1.43 on. Resources that manage a whole list, and so remove what others
put there, are not used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.auth0.actions import TRIGGER, read_login_action
from app.auth0.printing.requests import CLIENT_ID, CLIENT_SECRET, PrintedTrust, list_scopes
from app.auth0.steps.action import new_action
from app.auth0.steps.organizations import ENABLED, MARK
from app.auth0.wanted import new_connection

#: Options whose value the provider takes as JSON text.
_AS_JSON = ("upstream_params",)
#: Options that are blocks of their own.
_BLOCKS = ("connection_settings", "attribute_map")
_VARIABLES = {CLIENT_ID: "portico_client_id", CLIENT_SECRET: "portico_client_secret"}


def print_terraform(trust: PrintedTrust) -> str:
    """Return the text."""
    return "\n".join(_lines(trust)) + "\n"


def escape(text: str) -> str:
    """Return text in which Terraform replaces nothing: `${` and `%{` begin a template there."""
    return text.replace("${", "$${").replace("%{", "%%{")


def _lines(trust: PrintedTrust) -> Iterator[str]:
    yield f"# The provider's credentials need: {' '.join(list_scopes(trust))}"
    connection = new_connection(trust.wanted)
    for placeholder, name in _VARIABLES.items():
        if placeholder in json.dumps(connection):
            yield from _variable(name, sensitive=placeholder == CLIENT_SECRET)
    yield from _connection(connection)
    yield from _action()
    for number, (auth0_id, organization_id) in enumerate(trust.organizations.items(), 1):
        yield from _organization(number, auth0_id, organization_id)
    for number, client_id in enumerate(trust.applications, 1):
        yield from _resource("auth0_connection_client", f"portico_{number}")
        yield "  connection_id = auth0_connection.portico.id"
        yield f"  client_id     = {_value(client_id)}"
        yield "}"


def _variable(name: str, *, sensitive: bool) -> Iterator[str]:
    yield f'\nvariable "{name}" {{'
    yield "  type = string"
    if sensitive:
        yield "  sensitive = true"
    yield "}"


def _connection(body: Mapping[str, Any]) -> Iterator[str]:
    yield from _resource("auth0_connection", "portico")
    for name, value in body.items():
        if name != "options":
            yield f"  {name} = {_value(value)}"
    yield "  options {"
    for name, value in body["options"].items():
        if name in _BLOCKS:
            yield f"    {name} {{"
            yield from (f"      {inner} = {_value(part)}" for inner, part in value.items())
            yield "    }"
        elif name in _AS_JSON:
            yield f"    {name} = jsonencode({_value(value)})"
        elif name == "scope":
            yield f"    scopes = {_value(value.split())}"
        else:
            yield f"    {name} = {_value(value)}"
    yield "  }"
    yield "  lifecycle {"
    yield "    ignore_changes = [options[0].domain_aliases]  # Portico keeps them in step"
    yield "  }"
    yield "}"


def _action() -> Iterator[str]:
    action = new_action(read_login_action())
    yield from _resource("auth0_action", "portico_login")
    yield f"  name    = {_value(action['name'])}"
    yield f"  runtime = {_value(action['runtime'])}"
    yield "  deploy  = true"
    yield f"  code    = <<-EOT\n{escape(action['code']).rstrip()}\n  EOT"
    for trigger in action["supported_triggers"]:
        yield "  supported_triggers {"
        yield from (f"    {name} = {_value(value)}" for name, value in trigger.items())
        yield "  }"
    yield "}"
    yield from _resource("auth0_trigger_action", "portico_login")
    yield f"  trigger   = {_value(TRIGGER)}"
    yield "  action_id = auth0_action.portico_login.id"
    yield "}"


def _organization(number: int, auth0_id: str, organization_id: str | None) -> Iterator[str]:
    yield from _resource("auth0_organization_connection", f"portico_{number}")
    yield f"  organization_id = {_value(auth0_id)}"
    yield "  connection_id = auth0_connection.portico.id"
    yield from (f"  {name} = {_value(value)}" for name, value in ENABLED.items())
    yield "}"
    if organization_id is not None:
        yield f"# In the resource auth0_organization of {auth0_id}:"
        yield f"#   metadata = {{ {MARK} = {_value(organization_id)} }}"


def _resource(kind: str, name: str) -> Iterator[str]:
    yield f'\nresource "{kind}" "{name}" {{'


def _value(value: Any) -> str:
    """Return a value as HCL writes it; a placeholder is a variable."""
    if isinstance(value, str):
        if value in _VARIABLES:
            return f"var.{_VARIABLES[value]}"
        return escape(json.dumps(value, ensure_ascii=False))
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_name(name)} = {_value(part)}" for name, part in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_value(part) for part in value)}]"
    return json.dumps(value)


def _name(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", name) else json.dumps(name)
