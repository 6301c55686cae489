"""User mapping: what of an ID token, and of userinfo, becomes part of a profile."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from app.demo.standin.tenant.upstream import UpstreamConnection

_REFERENCE = re.compile(r"\$\{context\.(connection|tokenset|userinfo)\.([^}]+)\}")
_WHOLE = re.compile(r"\$\{context\.(tokenset|userinfo)\.([^}]+)\}")


def needs_userinfo(connection: UpstreamConnection) -> bool:
    """Tell whether a mapping names userinfo: only then it is called."""
    return any("${context.userinfo." in template for template in connection.mapped.values())


def map_claims(
    connection: UpstreamConnection, claims: Mapping[str, Any], userinfo: Callable[[], Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the attributes by name.

    `bind_all` takes every claim as it is. `use_map` makes lists comma-separated text and takes what is mapped; where
    nothing is, it takes every claim.
    """
    if connection.mapping_mode == "bind_all":
        return dict(claims)
    if not connection.mapped:
        return {name: _flat(value) for name, value in claims.items()}
    sources: dict[str, Mapping[str, Any]] = {
        "connection": {"id": connection.id, "strategy": "oidc"},
        "tokenset": claims,
        "userinfo": userinfo() if needs_userinfo(connection) else {},
    }
    found = {name: _resolve(template, sources) for name, template in connection.mapped.items()}
    return {name: value for name, value in found.items() if value is not None}


def _resolve(template: str, sources: Mapping[str, Mapping[str, Any]]) -> Any:
    """Return a value: of one reference as it is, of anything else as text. None where a reference leads nowhere."""
    whole = _WHOLE.fullmatch(template)
    if whole:
        return _flat(sources[whole[1]].get(whole[2]))
    values = {found[0]: sources[found[1]].get(found[2]) for found in _REFERENCE.finditer(template)}
    if any(value is None for value in values.values()):
        return None
    return _REFERENCE.sub(lambda found: str(_flat(values[found[0]])), template)


def _flat(value: Any) -> Any:
    return ",".join(str(entry) for entry in value) if isinstance(value, list) else value
