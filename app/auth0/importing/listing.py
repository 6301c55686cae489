"""What was imported, as lists."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from app.auth0.importing.models import ImportedConnection, ImportedUserId, Move
from app.connections import Connection
from app.database import db


def list_imports(*, limit: int, after: str | None = None) -> Sequence[ImportedConnection]:
    """Return at most `limit` imported connections by id, beginning behind the id `after`."""
    query = select(ImportedConnection).order_by(ImportedConnection.id).limit(limit)
    return db.session.scalars(query if after is None else query.where(ImportedConnection.id > after)).all()


def list_imports_of(organization_id: str) -> Sequence[ImportedConnection]:
    """Return the organization's imported connections, by their names in the tenant."""
    query = select(ImportedConnection).where(ImportedConnection.organization_id == organization_id)
    return db.session.scalars(query.order_by(ImportedConnection.name)).all()


def list_in_dual_run() -> Sequence[ImportedConnection]:
    """Return the active imported connections of organizations in their dual run, by id; none that is suspended."""
    query = (
        select(ImportedConnection)
        .join(Move, Move.organization_id == ImportedConnection.organization_id)
        .join(Connection, Connection.id == ImportedConnection.connection_id)
        .where(Move.state == "dual-run", Connection.status == "active", ImportedConnection.suspended_at.is_(None))
    )
    return db.session.scalars(query.order_by(ImportedConnection.connection_id)).all()


def count_user_ids(import_id: str) -> int:
    """Return how many ids were recorded for the import."""
    query = select(func.count()).select_from(ImportedUserId).where(ImportedUserId.import_id == import_id)
    return db.session.scalar(query) or 0
