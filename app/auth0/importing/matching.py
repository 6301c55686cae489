"""What was imported before: found by the tenant's id of a connection, else by its name, which a tenant never changes."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import or_, select

from app.auth0.importing.models import ImportedConnection
from app.auth0.importing.plan import Planned
from app.auth0.importing.report import Outcome, Row, make_row
from app.connections import Connections
from app.database import db
from app.errors import Conflict


def find_import(tenant: str, planned: Planned) -> ImportedConnection | None:
    """Return what was imported of this connection before: by its id in the tenant, else by its name.

    Raises Conflict: the tenant had another connection of that name when it was imported.
    """
    existing = planned.existing
    same = [ImportedConnection.name == existing.name]
    if existing.source_id:
        same.append(ImportedConnection.source_id == existing.source_id)
    query = select(ImportedConnection).where(ImportedConnection.tenant == tenant, or_(*same))
    found = db.session.scalars(query).all()
    for row in found:
        if existing.source_id in (None, row.source_id) or row.source_id is None:
            return row
    if found:
        hint = f"{existing.name} was another connection when it was imported: delete that one's draft first."
        raise Conflict(f"{found[0].source_id} was imported as {existing.name}", code="import-other", hint=hint)
    return None


def show_import(
    planned: Planned, row: ImportedConnection, outcome: Outcome, connections: Connections, notes: list[str]
) -> Row:
    """Return the report's row of what is stored: ids, our addresses, and the prefix that was fixed when it was imported."""
    told = connections.describe(connections.get(row.connection_id))
    shown = make_row(
        planned,
        outcome,
        notes=notes,
        import_id=row.id,
        organization_id=row.organization_id,
        connection_id=row.connection_id,
        service_provider={name: value for name, value in told["service_provider"].items() if name != "certificate"},
    )
    return replace(shown, legacy_prefix=row.legacy_prefix, legacy_source=row.legacy_source)
