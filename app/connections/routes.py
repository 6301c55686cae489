"""What routing needs: the connections a sign-in may go to, which no draft and nothing disabled is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select

from app.connections.models import Connection
from app.database import db
from app.organizations import Organization


@dataclass(frozen=True, slots=True)
class RoutableConnection:
    """An active connection of an active organization. `domains` are hints for routing, no proof."""

    id: str
    organization_id: str
    is_default: bool
    domains: tuple[str, ...]


def active_of(organization_id: str) -> Sequence[RoutableConnection]:
    """Return the connections that people of this organization may be sent to, oldest first."""
    query = _routable().where(Connection.organization_id == organization_id)
    rows = db.session.execute(query.order_by(Connection.created_at, Connection.id))
    return [RoutableConnection(row.id, row.organization_id, row.is_default, tuple(row.domains)) for row in rows]


def find_route(connection_id: str) -> RoutableConnection | None:
    """Return the connection when a sign-in may go to it, or None: unknown, draft and disabled look the same."""
    if "\0" in connection_id:  # PostgreSQL cannot even compare it
        return None
    row = db.session.execute(_routable().where(Connection.id == connection_id)).one_or_none()
    return RoutableConnection(row.id, row.organization_id, row.is_default, tuple(row.domains)) if row else None


def _routable() -> Select[str, str, bool, list[str]]:
    return (
        select(Connection.id, Connection.organization_id, Connection.is_default, Connection.domains)
        .join(Organization, Organization.id == Connection.organization_id)
        .where(Connection.status == "active", Organization.status == "active")
    )
