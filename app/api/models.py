"""Answers to writes that may be asked for again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, db


class StoredAnswer(db.Model):
    """What a write with an Idempotency-Key answered, sealed: it may hold a secret that is shown once."""

    __tablename__ = "api_answers"
    __table_args__ = (Index("ix_api_answers_created_at", "created_at"),)

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)  # of the API key's id and the header's value
    request_hash: Mapped[str] = mapped_column(String(64))  # of method, path and body
    status: Mapped[int] = mapped_column(Integer)
    sealed: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
