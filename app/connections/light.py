"""What may change about a connection at any time, and is needed at every request: its own status and its organization's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from app.connections.models import Connection
from app.database import get_connection
from app.memory import remember
from app.organizations import Organization

# Built once: building a statement costs more than running it.
# Tables and not classes: what need not become objects skips the ORM, which costs as much as the query.
_CONNECTION, _ORGANIZATION = Connection.__table__.c, Organization.__table__.c
_LIGHT = (
    select(
        _CONNECTION.id,
        _CONNECTION.organization_id,
        _CONNECTION.status,
        _CONNECTION.version,
        _CONNECTION.trust_version,
        _CONNECTION.subject_source,
        _CONNECTION.is_default,
        _CONNECTION.domains,
        _ORGANIZATION.external_id,
        _ORGANIZATION.auth0_organization_id,
        _ORGANIZATION.status.label("organization_status"),
        _ORGANIZATION.policy,
        _ORGANIZATION.policy_version,
    )
    .join(Organization.__table__, _ORGANIZATION.id == _CONNECTION.organization_id)
    .where(_CONNECTION.id == bindparam("wanted"))
)


def find_light(connection_id: str) -> Any:
    """Return the columns above as one row, remembered, or None.

    The configuration is not among them: it is large, and has a memory with a bound of its own.
    """
    if "\0" in connection_id:  # PostgreSQL cannot even compare it
        return None
    return remember("connection", connection_id, lambda: _read_light(connection_id))


def _read_light(connection_id: str) -> Any:
    return get_connection().execute(_LIGHT, {"wanted": connection_id}).one_or_none()
