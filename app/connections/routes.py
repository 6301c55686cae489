"""What routing needs: the connections a sign-in may go to, which no draft and nothing disabled is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, bindparam, select

from app.connections.light import find_light
from app.connections.live import ConfigurationMemory
from app.connections.models import Connection
from app.database import db
from app.memory import remember
from app.organizations import Organization

# Tables and not classes: what need not become objects skips the ORM, which costs as much as the query.
_CONNECTION, _ORGANIZATION = Connection.__table__.c, Organization.__table__.c
_ROUTABLE = (
    select(_CONNECTION.id, _CONNECTION.organization_id, _CONNECTION.is_default, _CONNECTION.domains)
    .join(Organization.__table__, _ORGANIZATION.id == _CONNECTION.organization_id)
    .where(_CONNECTION.status == "active", _ORGANIZATION.status == "active")
)
# Built once: building a statement costs more than running it, and every request of a login asks.
_OF_ORGANIZATION = _ROUTABLE.where(_CONNECTION.organization_id == bindparam("wanted")).order_by(
    _CONNECTION.created_at, _CONNECTION.id
)


@dataclass(frozen=True, slots=True)
class RoutableConnection:
    """An active connection of an active organization. `domains` are hints for routing, no proof."""

    id: str
    organization_id: str
    is_default: bool
    domains: tuple[str, ...]


def active_of(organization_id: str) -> Sequence[RoutableConnection]:
    """Return the connections that people of this organization may be sent to, oldest first."""
    return remember("routes", organization_id, lambda: _read_routes(organization_id))


def list_routable_organizations() -> frozenset[str]:
    """Return the ids of the organizations whose people can be sent somewhere: those with an active connection."""
    return frozenset(row.organization_id for row in db.session.execute(_ROUTABLE))


def find_route(memory: ConfigurationMemory, connection_id: str) -> RoutableConnection | None:
    """Return the connection when a sign-in may go to it, or None: unknown, draft and disabled look the same."""
    light = find_light(memory, connection_id)
    if light is None or (light.status, light.organization_status) != ("active", "active"):
        return None
    return RoutableConnection(light.id, light.organization_id, light.is_default, tuple(light.domains))


def _read_routes(organization_id: str) -> Sequence[RoutableConnection]:
    return tuple(_routable(row) for row in db.session.execute(_OF_ORGANIZATION, {"wanted": organization_id}))


def _routable(row: Row[str, str, bool, list[str]]) -> RoutableConnection:
    return RoutableConnection(row[0], row[1], row[2], tuple(row[3]))


def list_connection_names(ids: Collection[str]) -> dict[str, str]:
    """Return what these connections are called, by id, in one question; those that are gone are left out."""
    query = select(_CONNECTION.id, _CONNECTION.name).where(_CONNECTION.id.in_(ids))
    return {row.id: row.name for row in db.session.execute(query)} if ids else {}
