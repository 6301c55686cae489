"""The tenant itself: every enterprise connection with its options, and the organizations that use each.

Reading writes `mgmt_api_read` into the tenant's log, for the answers hold client secrets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from app.auth0.errors import Auth0ScopesMissing
from app.auth0.importing.existing import MIGRATABLE, ExistingConnection, parse_existing

NEEDED_SCOPES = ("read:connections", "read:connections_options")
ORGANIZATION_SCOPES = ("read:organizations", "read:organization_connections")

#: Items on a page: options with certificates and metadata are large, and an answer has at most 1 MiB.
_TAKE = 20
#: The only name of the agent that the API knows in a query; exports may have the other one.
ASKED_AGENT = ("ad",)
TOLD_EVERY = 25


class ReadsTenant(Protocol):
    """What is asked of `app.auth0.tenant.Tenant`."""

    def scopes(self) -> frozenset[str] | None: ...
    def check_scopes(self, needed: Sequence[str]) -> None: ...
    def list(self, path: str, key: str, query: Any = None, *, take: int = 50) -> Any: ...


def read_tenant(
    tenant: ReadsTenant, tell: Callable[[str], None] = lambda _line: None
) -> tuple[ExistingConnection, ...]:
    """Return the tenant's enterprise connections.

    Args:
        tell: hears how far it is.

    Organizations are read where the credentials may; without, each connection is taken for a customer of its own.

    Raises Auth0Failed; Invalid where the tenant answers what is no connection.
    """
    tenant.check_scopes(NEEDED_SCOPES)
    using = _organizations(tenant, tell)
    query = {"strategy": [*MIGRATABLE, *ASKED_AGENT]}
    found = []
    for raw in tenant.list("/connections", "connections", query, take=_TAKE):
        organizations = using.get(str(raw.get("id")), []) if isinstance(raw, dict) else []
        found.append(parse_existing({**raw, "organizations": organizations} if isinstance(raw, dict) else raw))
        if len(found) % TOLD_EVERY == 0:
            tell(f"{len(found)} connections read")
    return tuple(found)


def _organizations(tenant: ReadsTenant, tell: Callable[[str], None]) -> dict[str, list[dict[str, str]]]:
    """Connection id -> organizations for which it is enabled; nothing where the credentials may not ask."""
    granted = tenant.scopes()
    if granted is not None and not frozenset(ORGANIZATION_SCOPES) <= granted:
        return {}
    try:
        return _read_organizations(tenant, tell)
    except Auth0ScopesMissing:
        return {}


def _read_organizations(tenant: ReadsTenant, tell: Callable[[str], None]) -> dict[str, list[dict[str, str]]]:
    using: dict[str, list[dict[str, str]]] = {}
    for number, organization in enumerate(tenant.list("/organizations", "organizations"), 1):
        shown = {
            "id": str(organization.get("id")),
            "name": str(organization.get("display_name") or organization.get("name")),
        }
        path = f"/organizations/{shown['id']}/enabled_connections"
        for enabled in tenant.list(path, "enabled_connections"):
            using.setdefault(str(enabled.get("connection_id")), []).append(shown)
        if number % TOLD_EVERY == 0:
            tell(f"{number} organizations read")
    return using
