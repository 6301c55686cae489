"""Documents of others that this gateway keeps: discovery, key sets, metadata."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, db


class RemoteDocument(db.Model):
    """The last good copy of one document, for one scope. Without `body` it was never fetched.

    `attempted_at` later than `fetched_at` means that a fetch is under way or, with `failure`, that the newest one failed.
    """

    __tablename__ = "remote_documents"

    scope: Mapped[str] = mapped_column(String(64), primary_key=True)  # a connection or a client: never shared
    url_hash: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256: URLs are too long for an index
    url: Mapped[str] = mapped_column(Text())
    body: Mapped[bytes | None] = mapped_column(LargeBinary())
    content_type: Mapped[str] = mapped_column(String(255), default="")
    fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    attempted_at: Mapped[datetime] = mapped_column(UtcDateTime())
    failure: Mapped[str] = mapped_column(Text(), default="")
