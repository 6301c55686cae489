"""Finding our connection among all of a tenant, and never taking another one for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from app.auth0.models import Auth0Trust
from app.auth0.tenant import Tenant
from app.auth0.wanted import MANAGED_BY, STRATEGY
from app.errors import Conflict

LISTED = "id,name,strategy,metadata"


def list_connections(tenant: Tenant, *, strategy: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield every connection, or those of one strategy: id, name, strategy and metadata, never options."""
    query: dict[str, str | bool] = {"fields": LISTED, "include_fields": True}
    if strategy is not None:
        query["strategy"] = strategy
    yield from tenant.list("/connections", "connections", query, take=100)


def read_connection(tenant: Tenant, connection_id: str) -> dict[str, Any] | None:
    """Return one connection with its options, None where it is gone."""
    found = tenant.find(f"/connections/{quote(connection_id, safe='')}")
    return found if isinstance(found, dict) else None


def find_connection(tenant: Tenant, trust: Auth0Trust, issuer: str) -> dict[str, Any] | None:
    """Return our connection: the one that is remembered, that says so, or that has our name and trusts this issuer.

    Raises:
        Conflict: several say so (people would have several ids), or somebody else's has the name.
    """
    listed = list(list_connections(tenant, strategy=STRATEGY))
    marked = [one for one in listed if is_marked(one)]
    if len(marked) > 1:
        names = ", ".join(sorted(str(one.get("name")) for one in marked))
        raise Conflict(
            f"several connections say managed_by=portico: {names}",
            code="auth0-several-connections",
            hint="Keep the one that people use, and remove the metadata managed_by from the others.",
        )
    remembered = [one for one in listed if one.get("id") == trust.connection_id]
    named = [one for one in listed if one.get("name") == trust.connection_name]
    for one in (*marked, *remembered, *named):
        found = read_connection(tenant, str(one["id"]))
        if found is None:
            continue
        if one not in remembered and not trusts(found, issuer):
            raise Conflict(
                f"the connection {one.get('name')} trusts another provider",
                code="auth0-connection-foreign",
                hint="It belongs to somebody else, or to another installation of Portico: choose another name.",
            )
        return found
    return None


def is_marked(connection: Mapping[str, Any]) -> bool:
    """Whether a connection says of itself that it is ours."""
    return (connection.get("metadata") or {}).get("managed_by") == MANAGED_BY


def trusts(connection: Mapping[str, Any], issuer: str) -> bool:
    """Whether a connection's options name this issuer."""
    options = connection.get("options") or {}
    return options.get("issuer") == issuer or str(options.get("discovery_url", "")).startswith(f"{issuer}/")
