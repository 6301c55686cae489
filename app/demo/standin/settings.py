"""What a tenant is configured with at its start; everything else is done through its Management API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.demo.standin.behaviour import Behaviour
from app.demo.standin.management.limits import Limit
from app.demo.standin.tenant.applications import Application, Machine
from app.demo.standin.tenant.options import check_oidc_options


@dataclass(frozen=True, slots=True)
class SeededConnection:
    """The enterprise connection that is there from the start, enabled for every application and organization.

    Args:
        options: as the Management API takes them.
        private_key_pem: what it signs client assertions with; a tenant makes one itself where none is given.
    """

    name: str
    options: Mapping[str, Any]
    metadata: Mapping[str, str]
    private_key_pem: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class TenantSettings:
    """A tenant's start. `base_url` is its domain, without a trailing slash.

    Args:
        login_action: Portico's login Action is deployed and bound.
        auto_membership: the seeded organizations make a member of whoever comes through the connection.
        limits: rate limits by name; see ManagementApi.
    """

    base_url: str
    connection: SeededConnection | None
    applications: tuple[Application, ...]
    organizations: tuple[Mapping[str, Any], ...] = ()
    machines: tuple[Machine, ...] = ()
    custom_domains: tuple[str, ...] = ()
    login_action: bool = True
    auto_membership: bool = True
    limits: Mapping[str, Limit] = field(default_factory=dict)
    behaviour: Behaviour = field(default_factory=Behaviour)


def parse_tenant(raw: Mapping[str, Any]) -> TenantSettings:
    """Return the typed settings. Raises ValueError, KeyError or TypeError that say what is wrong."""
    return TenantSettings(
        base_url=raw["base_url"].rstrip("/"),
        connection=_connection(raw["connection"]) if raw.get("connection") else None,
        applications=tuple(_application(entry) for entry in raw.get("applications", ())),
        organizations=tuple(_organization(entry) for entry in raw.get("organizations", ())),
        machines=tuple(_machine(entry) for entry in raw.get("machines", ())),
        custom_domains=tuple(raw.get("custom_domains", ())),
        login_action=raw.get("login_action", True),
        auto_membership=raw.get("auto_membership", True),
        limits={name: Limit(**entry) for name, entry in raw.get("limits", {}).items()},
        behaviour=Behaviour(**raw.get("behaviour", {})),
    )


#: What Portico writes to its connection; claims of the Action get the demo application's namespace.
METADATA = {"managed_by": "portico", "claims_namespace": "https://ledgerline.example/"}

#: Short names of options in a configuration, and what the Management API calls them.
_RENAMED = {
    "send_nonce": "send_back_channel_nonce",
    "algorithms": "id_token_signed_response_algs",
    "session_expiry_supported": "id_token_session_expiry_supported",
    "assertion_audience": "token_endpoint_jwtca_aud_format",
}


def _connection(raw: Mapping[str, Any]) -> SeededConnection:
    given = {name: value for name, value in raw.items() if value is not None}
    name, pem = given.pop("name"), given.pop("private_key_pem", None)
    metadata = METADATA | given.pop("metadata", {})
    options: dict[str, Any] = {
        "type": "back_channel",
        "scope": "openid profile email",
        "send_back_channel_nonce": True,
        "connection_settings": {"pkce": given.pop("pkce", "auto")},
        "attribute_map": {"mapping_mode": given.pop("mapping_mode", "bind_all")},
    }
    for key, value in given.items():  # options under their own names replace what is written above
        options[_RENAMED.get(key, key)] = list(value) if isinstance(value, tuple) else value
    check_oidc_options(options)
    return SeededConnection(name, options, metadata, pem)


def _application(raw: Mapping[str, Any]) -> Application:
    fields = dict(raw)
    for name in ("callbacks", "logout_urls"):
        fields[name] = tuple(fields.get(name, ()))
    return Application(**fields)


def _machine(raw: Mapping[str, Any]) -> Machine:
    return Machine(raw["client_id"], raw["client_secret"], tuple(raw.get("scopes", ())))


def _organization(raw: Mapping[str, Any]) -> dict[str, Any]:
    record = {"id": raw["id"], "name": raw["name"], "display_name": raw.get("display_name", raw["name"])}
    portico_org = {"portico_org": raw["portico_org"]} if raw.get("portico_org") else {}
    return record | {"metadata": portico_org | dict(raw.get("metadata", {}))}
