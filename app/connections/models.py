"""Tables: one customer's identity provider, and what its configuration was before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import ID_LENGTH, UtcDateTime, db
from app.memory import watch

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
        Index("ix_connections_metadata_check_at", "metadata_check_at"),
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
    next_key_at: Mapped[datetime | None] = mapped_column(UtcDateTime())  # set: the last of sp_keys does not sign yet
    tested_version: Mapped[int | None] = mapped_column(Integer)  # the configuration on which a test sign-in passed last
    tested_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    secret_expiries: Mapped[dict[str, str]] = mapped_column(JSON)  # name of a secret setting -> its last day
    metadata_check_at: Mapped[datetime | None] = mapped_column(UtcDateTime())  # when its metadata is read next
    metadata_state: Mapped[dict[str, Any]] = mapped_column(JSON)  # how reading it went: see watching.py
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


class ConnectionDraft(db.Model):
    """A configuration beside the one of an active connection. Nobody signs in through it: tests run on it.

    `revision` is new with every change; `base_version` is the version of the connection that it was made of.
    """

    __tablename__ = "connection_drafts"

    connection_id: Mapped[str] = mapped_column(
        String(ID_LENGTH),
        ForeignKey("connections.id", name="fk_connection_drafts_connection_id", ondelete="CASCADE"),
        primary_key=True,
    )
    revision: Mapped[str] = mapped_column(String(ID_LENGTH))
    base_version: Mapped[int] = mapped_column(Integer)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    secrets: Mapped[str] = mapped_column(Text)
    claim_rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    tested_revision: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime())


class CertificateUse(db.Model):
    """When a sign-in was proven by a certificate of the provider's for the first and for the last time (by the hour)."""

    __tablename__ = "certificate_uses"

    connection_id: Mapped[str] = mapped_column(
        String(ID_LENGTH),
        ForeignKey("connections.id", name="fk_certificate_uses_connection_id", ondelete="CASCADE"),
        primary_key=True,
    )
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    first_used_at: Mapped[datetime] = mapped_column(UtcDateTime())
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime())


watch(Connection)
