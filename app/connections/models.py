"""Tables: one customer's identity provider, and what its configuration was before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import ID_LENGTH, UtcDateTime, db

_ACTIVE_DEFAULT = text("is_default AND status = 'active'")


class Connection(db.Model):
    """One customer's identity provider.

    `secrets` and `sp_keys` are sealed JSON. `version` counts configurations (settings, secrets, claim rules),
    `trust_version` those changes that end sessions. `is_default` of a connection that is not active is a wish for later.
    """

    __tablename__ = "connections"
    __table_args__ = (
        UniqueConstraint("sp_entity_id", name="uq_connections_sp_entity_id"),
        Index("ix_connections_organization_id", "organization_id", "status"),
        Index(
            "uq_connections_default",
            "organization_id",
            unique=True,
            sqlite_where=_ACTIVE_DEFAULT,
            postgresql_where=_ACTIVE_DEFAULT,
        ),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    organization_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("organizations.id", name="fk_connections_organization_id", ondelete="RESTRICT")
    )
    adapter: Mapped[str] = mapped_column(String(40))
    distribution: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(16))  # draft | active | disabled
    is_default: Mapped[bool] = mapped_column(Boolean)
    domains: Mapped[list[str]] = mapped_column(JSON)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    secrets: Mapped[str] = mapped_column(Text)
    claim_rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(Integer)
    trust_version: Mapped[int] = mapped_column(Integer)
    subject_source: Mapped[str | None] = mapped_column(String(500))
    sp_entity_id: Mapped[str | None] = mapped_column(String(1024))
    sp_keys: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime())


class ConnectionVersion(db.Model):
    """A configuration that a connection had. `secrets` are sealed for the connection, as they were."""

    __tablename__ = "connection_versions"

    connection_id: Mapped[str] = mapped_column(
        String(ID_LENGTH),
        ForeignKey("connections.id", name="fk_connection_versions_connection_id", ondelete="CASCADE"),
        primary_key=True,
    )
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    adapter: Mapped[str] = mapped_column(String(40))
    distribution: Mapped[str] = mapped_column(String(200))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    secrets: Mapped[str] = mapped_column(Text)
    claim_rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())  # when it was replaced
