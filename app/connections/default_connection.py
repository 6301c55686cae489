"""Which connection of an organization is the default: at most one active one, held by an index of the database."""

from __future__ import annotations

from sqlalchemy import select, update

from app.connections.models import Connection
from app.database import db


def take_default(row: Connection) -> None:
    """Make this connection the default and no other one of its organization. Inside `transaction()` only."""
    db.session.execute(
        update(Connection)
        .where(Connection.organization_id == row.organization_id, Connection.id != row.id, Connection.is_default)
        .values(is_default=False)
    )
    row.is_default = True
    db.session.flush()


def take_default_if_none(row: Connection) -> None:
    """Make this active connection the default when no other active one is. Wishes of drafts stay."""
    if _find_active(row, Connection.is_default) is None:
        row.is_default = True
        db.session.flush()


def pass_on_default(row: Connection) -> Connection | None:
    """Hand the default on to the oldest connection that is still active. Returns which, or None."""
    was_default, row.is_default = row.is_default, False
    db.session.flush()
    heir = _find_active(row) if was_default else None
    if heir is not None:
        heir.is_default = True
        db.session.flush()
    return heir


def _find_active(row: Connection, *conditions: object) -> Connection | None:
    query = select(Connection).where(
        Connection.organization_id == row.organization_id,
        Connection.id != row.id,
        Connection.status == "active",
        *conditions,  # type: ignore[arg-type]
    )
    return db.session.scalars(query.order_by(Connection.created_at, Connection.id).limit(1)).one_or_none()
