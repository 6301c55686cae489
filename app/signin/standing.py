"""The checks of "still allowed?" that this floor knows: the client, the connection and its organization."""

from __future__ import annotations

from datetime import datetime

from app.access import find_client
from app.connections import Connections
from app.signin.allowed import Check, Standing


def check_client(standing: Standing, now: datetime) -> tuple[str, str] | None:
    """The client is active and may use the organization. A sign-in that no client began has nothing to object to."""
    if standing.client_id is None:
        return None
    client = find_client(standing.client_id)
    if client is None or client.status != "active":
        return "client-not-allowed", f"{standing.client_id} is gone or disabled"
    allowed = client.allowed_organizations
    if allowed is not None and standing.organization_id not in allowed:
        return "client-not-allowed", f"{standing.client_id} may not use {standing.organization_id}"
    return None


def check_connection(connections: Connections) -> Check:
    """Return the check that connection and organization are active and still belong together."""

    def check(standing: Standing, now: datetime) -> tuple[str, str] | None:
        found = connections.find_route(standing.connection_id)
        if found is None:
            return "connection-not-allowed", f"{standing.connection_id} or its organization is gone or disabled"
        if found.organization_id != standing.organization_id:
            return "connection-not-allowed", f"{standing.connection_id} belongs to {found.organization_id}"
        return None

    return check
