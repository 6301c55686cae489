"""Reading and writing rows of connections: locks, conflicts, versions, and the one shape of their audit events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.audit import Actor, EventName, record
from app.connections.models import Connection, ConnectionDraft, ConnectionVersion
from app.database import db
from app.errors import Conflict, NotFound
from app.organizations import get_organization

KEPT_VERSIONS = 20


def get_row(connection_id: str) -> Connection:
    """Return the connection as it is stored now. Raises NotFound."""
    row = db.session.get(Connection, connection_id, populate_existing=True)
    if row is None:
        raise NotFound(f"no connection {connection_id[:60]!r}")
    return row


def lock_row(connection_id: str) -> Connection:
    """Return the connection, and keep every other change of its organization's connections out until the end.

    Inside `transaction()` only. The organization is locked first, always: two changes never wait for each other.
    """
    get_organization(get_row(connection_id).organization_id, for_update=True)
    row = db.session.get(Connection, connection_id, populate_existing=True, with_for_update=True)
    if row is None:
        raise NotFound(f"{connection_id} was deleted a moment ago")
    return row


def flush() -> None:
    """Send what changed to the database. Raises Conflict when another connection has the same SP entity id."""
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Conflict("sp_entity_id is taken", code="entity-id-taken", hint="Choose another SP entity id.") from error


def check_domains_unlisted(row: Connection, domains: list[str]) -> None:
    """Raise Conflict when another active connection of the organization lists one of the domains."""
    query = select(Connection.id, Connection.domains).where(
        Connection.organization_id == row.organization_id, Connection.id != row.id, Connection.status == "active"
    )
    for other in db.session.execute(query):
        shared = sorted(set(domains) & set(other.domains))
        if shared:
            hint = f"{', '.join(shared[:5])} is listed by {other.id}."
            raise Conflict(f"{other.id} lists {shared}", code="domain-listed-twice", hint=hint)


def keep_version(row: Connection, now: datetime) -> None:
    """Put the present configuration aside, and give the next one its number. Old ones beyond twenty are dropped."""
    db.session.add(
        ConnectionVersion(
            connection_id=row.id,
            version=row.version,
            adapter=row.adapter,
            distribution=row.distribution,
            settings=row.settings,
            secrets=row.secrets,
            claim_rules=row.claim_rules,
            created_at=now,
        )
    )
    row.version += 1
    db.session.execute(
        delete(ConnectionVersion).where(
            ConnectionVersion.connection_id == row.id, ConnectionVersion.version < row.version - KEPT_VERSIONS
        )
    )


def renumber(row: Connection) -> None:
    """Give the same configuration a new number, so that every process opens it anew: our keys have changed."""
    if row.tested_version == row.version:
        row.tested_version = row.version + 1
    db.session.execute(
        update(ConnectionDraft)
        .where(ConnectionDraft.connection_id == row.id, ConnectionDraft.base_version == row.version)
        .values(base_version=row.version + 1)
    )
    row.version += 1


def schedule_metadata(row: Connection, now: datetime) -> None:
    """Read the provider's metadata soon when an active connection names its address; forget it else."""
    watched = row.status == "active" and bool(row.settings.get("metadata_url"))
    row.metadata_check_at = now if watched else None
    row.metadata_state = {}


def find_version_before(row: Connection) -> ConnectionVersion | None:
    """Return the configuration before the present one, or None."""
    query = select(ConnectionVersion).where(
        ConnectionVersion.connection_id == row.id, ConnectionVersion.version < row.version
    )
    return db.session.scalars(query.order_by(ConnectionVersion.version.desc()).limit(1)).one_or_none()


def record_change(
    name: EventName,
    row: Connection,
    *,
    actor: Actor,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write the audit event of a change; of `before` and `after` only what differs. Inside `transaction()` only."""
    if before is not None and after is not None:
        before, after = differing(before, after), differing(after, before)
    record(
        name,
        actor=actor,
        now=now,
        organization_id=row.organization_id,
        target=row.id,
        before=before,
        after=after,
        details={"version": row.version, **(details or {})},
    )


def facts_of(row: Connection) -> dict[str, Any]:
    """Return what an audit event shows of a connection: everything but secrets."""
    settings = {f"settings.{name}": value for name, value in row.settings.items() if value is not None}
    names = ("name", "adapter", "distribution", "status", "is_default", "domains", "claim_rules", "sp_entity_id")
    return {**{name: getattr(row, name) for name in names}, **settings}


def differing(these: Mapping[str, Any], those: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of `these` that `those` has not, or has otherwise."""
    missing = object()
    return {name: value for name, value in these.items() if those.get(name, missing) != value}
