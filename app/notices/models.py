"""Table of notices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import ID_LENGTH, UtcDateTime, db

_OPEN = text("resolved_at IS NULL")


class Notice(db.Model):
    """Something for operators. `target` is the id of what it is about; `facts` are plain and hold no secrets."""

    __tablename__ = "notices"
    __table_args__ = (
        Index("uq_notices_open", "kind", "target", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_notices_organization_id", "organization_id"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    organization_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    kind: Mapped[str] = mapped_column(String(40))
    target: Mapped[str] = mapped_column(String(80))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    count: Mapped[int] = mapped_column(Integer)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime())
    last_at: Mapped[datetime] = mapped_column(UtcDateTime())
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    resolved_by: Mapped[str | None] = mapped_column(String(255))  # an actor's id, or `system`: the trouble is over
