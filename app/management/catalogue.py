"""The catalogue: every operation there is, in the order of the reference."""

from __future__ import annotations

from app.management import (
    adapters,
    api_keys,
    audit_events,
    clients,
    connections,
    domains,
    metadata,
    organizations,
    sign_ins,
)
from app.management.operation import Operation

OPERATIONS: tuple[Operation, ...] = (
    *clients.OPERATIONS,
    *organizations.OPERATIONS,
    *domains.OPERATIONS,
    *connections.OPERATIONS,
    *metadata.OPERATIONS,
    *adapters.OPERATIONS,
    *sign_ins.OPERATIONS,
    *audit_events.OPERATIONS,
    *api_keys.OPERATIONS,
)
