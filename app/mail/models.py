"""The outbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import ID_LENGTH, UtcDateTime, db


class OutgoingMail(db.Model):
    """A mail that waits. `sealed` holds address and content: some carry codes and links. Gone once it was sent."""

    __tablename__ = "outgoing_mails"
    __table_args__ = (Index("ix_outgoing_mails_next_at", "next_at"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    next_at: Mapped[datetime] = mapped_column(UtcDateTime())
    attempts: Mapped[int] = mapped_column(Integer)
    failure: Mapped[str] = mapped_column(String(500))  # why the newest attempt failed
