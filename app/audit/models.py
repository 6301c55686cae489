"""Tables of the audit log. Events and seals know only INSERT; personal fields lie apart and may be erased.

No foreign key leads to another room: an event outlives what it tells about.
"""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.append_only import forbid
from app.database import ID_LENGTH, UtcDateTime, db

_Number = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts up only in an INTEGER PRIMARY KEY


class AuditEvent(db.Model):
    """Something that happened. `number` gives the order; rows that commit late may appear below others."""

    __tablename__ = "audit_events"
    __table_args__ = (
        UniqueConstraint("id", name="uq_audit_events_id"),
        Index("ix_audit_events_organization", "organization_id", "number"),
        Index("ix_audit_events_name", "name", "number"),
        Index("ix_audit_events_target", "target", "number"),
        Index("ix_audit_events_actor", "actor_id", "number"),
        Index("ix_audit_events_occurred_at", "occurred_at"),
        {"sqlite_autoincrement": True},  # a number is never given twice
    )

    number: Mapped[int] = mapped_column(_Number, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH))
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime())
    organization_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    name: Mapped[str] = mapped_column(String(64))
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[str] = mapped_column(String(255))
    target: Mapped[str] = mapped_column(String(255))
    body: Mapped[str] = mapped_column(Text())  # canonical JSON of before, after and details: hashed as it stands
    personal_hash: Mapped[str | None] = mapped_column(String(64))


class AuditPersonal(db.Model):
    """Personal fields of one event, and the key of their hash: erasing the row leaves nothing to guess against."""

    __tablename__ = "audit_personal"

    event_number: Mapped[int] = mapped_column(
        _Number,
        ForeignKey("audit_events.number", name="fk_audit_personal_event"),
        primary_key=True,
        autoincrement=False,
    )
    hash_key: Mapped[str] = mapped_column(String(64))
    fields: Mapped[str] = mapped_column(Text())  # canonical JSON


class AuditSeal(db.Model):
    """One link of a chain: covers an event and the link before. A chain is an organization's id, or `installation`."""

    __tablename__ = "audit_seals"
    __table_args__ = (UniqueConstraint("event_number", name="uq_audit_seals_event"),)

    chain: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger(), primary_key=True, autoincrement=False)
    event_number: Mapped[int] = mapped_column(
        BigInteger(), ForeignKey("audit_events.number", name="fk_audit_seals_event")
    )
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    hash: Mapped[str] = mapped_column(String(64))


events = cast(Table, AuditEvent.__table__)
personal = cast(Table, AuditPersonal.__table__)
seals = cast(Table, AuditSeal.__table__)

forbid(events, "UPDATE", "DELETE")
forbid(personal, "UPDATE")
forbid(seals, "UPDATE", "DELETE")
