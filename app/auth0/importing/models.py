"""Tables: what was imported from which tenant, whose old ids are known, and how far each organization has moved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import ID_LENGTH, UtcDateTime, db
from app.memory import watch


class ImportedConnection(db.Model):
    """A connection here that was one of a tenant's. Goes with the connection.

    `legacy_prefix` and `legacy_source` are fixed at import. `trusted` and `trusted_certificates` are what an operator
    vouched for last (by importing or confirming); while `suspended_at` is set, or the connection trusts anything else,
    nobody's old id is told.
    """

    __tablename__ = "auth0_imported_connections"
    __table_args__ = (
        UniqueConstraint("connection_id", name="uq_auth0_imported_connections_connection_id"),
        UniqueConstraint("tenant", "name", name="uq_auth0_imported_connections_name"),
        UniqueConstraint("legacy_namespace", name="uq_auth0_imported_connections_legacy_namespace"),
        Index("ix_auth0_imported_connections_name", "name"),
        Index("ix_auth0_imported_connections_organization_id", "organization_id"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    connection_id: Mapped[str] = mapped_column(
        String(ID_LENGTH),
        ForeignKey("connections.id", name="fk_auth0_imported_connections_connection_id", ondelete="CASCADE"),
    )
    organization_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    tenant: Mapped[str] = mapped_column(String(255))  # its own host
    source_id: Mapped[str | None] = mapped_column(String(64))  # `con_…` there
    name: Mapped[str] = mapped_column(String(128))  # there
    strategy: Mapped[str] = mapped_column(String(40))
    findings: Mapped[dict[str, Any]] = mapped_column(JSON)  # verdict and sentences, as they were told
    legacy_prefix: Mapped[str | None] = mapped_column(String(200))
    legacy_namespace: Mapped[str | None] = mapped_column(
        String(200)
    )  # the prefix where it alone says whose ids they are
    legacy_source: Mapped[str | None] = mapped_column(String(500))
    trusted: Mapped[str] = mapped_column(String(64))
    trusted_certificates: Mapped[list[str]] = mapped_column(JSON)
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    suspended_for: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())


class ImportedUserId(db.Model):
    """An id that somebody of this connection has in the tenant, as SHA-256."""

    __tablename__ = "auth0_imported_user_ids"

    import_id: Mapped[str] = mapped_column(
        String(ID_LENGTH),
        ForeignKey("auth0_imported_connections.id", name="fk_auth0_imported_user_ids_import_id", ondelete="CASCADE"),
        primary_key=True,
    )
    user_id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)


class Move(db.Model):
    """How far an organization has moved from its connections in the tenant to those here."""

    __tablename__ = "auth0_moves"

    organization_id: Mapped[str] = mapped_column(
        String(ID_LENGTH),
        ForeignKey("organizations.id", name="fk_auth0_moves_organization_id", ondelete="CASCADE"),
        primary_key=True,
    )
    state: Mapped[str] = mapped_column(String(16))  # imported | dual-run | moved | back
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime())


watch(ImportedConnection)
