"""Discovery domains: by them Auth0 finds an organization from an e-mail address. Only where the operator wants it."""

from __future__ import annotations

from collections.abc import Sequence

from app.auth0.tenant import Tenant
from app.organizations import list_owned_domains

DISCOVERY_SCOPES = ("read:organization_discovery_domains", "create:organization_discovery_domains")
#: Of one organization; Auth0's limit.
MOST = 100


def list_missing_domains(tenant: Tenant, path: str, organization_id: str) -> tuple[str, ...]:
    """Return the verified domains of a customer that its Auth0 organization is not found by.

    A lapsed domain proves nothing any more: it is not added, and nobody takes it away.
    """
    there = {str(one.get("domain", "")).lower() for one in tenant.list(f"{path}/discovery-domains", "domains")}
    verified = [
        one.domain
        for one in list_owned_domains()
        if one.organization_id == organization_id and one.status == "verified" and one.domain not in there
    ]
    return tuple(verified[: max(MOST - len(there), 0)])


def add_discovery_domains(tenant: Tenant, path: str, domains: Sequence[str]) -> None:
    """Add them; who owns a domain was proven to Portico already."""
    for domain in domains:
        body = {"domain": domain, "status": "verified", "use_for_organization_discovery": True}
        tenant.post(f"{path}/discovery-domains", body)
