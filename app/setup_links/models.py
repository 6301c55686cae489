"""Tables: links, visits by them, and the warnings that went out."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import ID_LENGTH, UtcDateTime, db

LinkState = Literal["open", "used", "expired", "revoked"]


class SetupLink(db.Model):
    """A link. The token is in nobody's hands but the recipient's: only its hash is here."""

    __tablename__ = "setup_links"
    __table_args__ = (
        UniqueConstraint("token_hash", name="uq_setup_links_token_hash"),
        Index("ix_setup_links_organization_id", "organization_id"),
        Index("ix_setup_links_parent_id", "parent_id"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    organization_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("organizations.id", name="fk_setup_links_organization_id", ondelete="CASCADE")
    )
    connection_id: Mapped[str | None] = mapped_column(
        String(ID_LENGTH), ForeignKey("connections.id", name="fk_setup_links_connection_id", ondelete="CASCADE")
    )
    parent_id: Mapped[str | None] = mapped_column(
        String(ID_LENGTH), ForeignKey("setup_links.id", name="fk_setup_links_parent_id", ondelete="CASCADE")
    )  # the link whose visitor sent this one to a colleague
    token_hash: Mapped[str] = mapped_column(String(64))
    features: Mapped[list[str]] = mapped_column(JSON)
    step: Mapped[str | None] = mapped_column(String(80))
    single_use: Mapped[bool] = mapped_column(Boolean)
    contact: Mapped[str | None] = mapped_column(String(320))  # who gets the codes
    language: Mapped[str | None] = mapped_column(String(8))  # in which the link is mailed; None: its reader's own
    created_by: Mapped[str] = mapped_column(String(300))  # kind and id of the actor
    sender: Mapped[str] = mapped_column(String(320))  # how people know who sent it; may be empty
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    lifetime_s: Mapped[int] = mapped_column(Integer)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime())  # by Continue, not by looking
    step_reached: Mapped[str | None] = mapped_column(String(80))
    step_reached_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime())  # of a link that opens once
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    def state(self, now: datetime) -> LinkState:
        """Return whether it opens, or why not."""
        if self.revoked_at is not None:
            return "revoked"
        if self.used_at is not None:
            return "used"
        return "open" if now < self.expires_at else "expired"


class SetupVisit(db.Model):
    """One browser at work by a link. The cookie is stored hashed; a code is hashed with the cookie, which is not here."""

    __tablename__ = "setup_visits"
    __table_args__ = (
        UniqueConstraint("cookie_hash", name="uq_setup_visits_cookie_hash"),
        Index("ix_setup_visits_link_id", "link_id"),
        Index("ix_setup_visits_expires_at", "expires_at"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    link_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("setup_links.id", name="fk_setup_visits_link_id", ondelete="CASCADE")
    )
    cookie_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    code_hash: Mapped[str | None] = mapped_column(String(64))
    code_sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    code_tries: Mapped[int] = mapped_column(Integer)
    codes_sent: Mapped[int] = mapped_column(Integer)
    proven_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class ExpiryWarning(db.Model):
    """A warning that went out: once for each certificate or secret and each number of days."""

    __tablename__ = "expiry_warnings"

    connection_id: Mapped[str] = mapped_column(
        String(ID_LENGTH),
        ForeignKey("connections.id", name="fk_expiry_warnings_connection_id", ondelete="CASCADE"),
        primary_key=True,
    )
    subject: Mapped[str] = mapped_column(
        String(120), primary_key=True
    )  # SHA-256 of a certificate; a secret and its day
    days: Mapped[int] = mapped_column(Integer, primary_key=True)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime())


class SetupProgress(db.Model):
    """One page of a connection's setup whose visitor said that it is done. Pages that ask for values need no row."""

    __tablename__ = "setup_progress"

    connection_id: Mapped[str] = mapped_column(
        String(ID_LENGTH),
        ForeignKey("connections.id", name="fk_setup_progress_connection_id", ondelete="CASCADE"),
        primary_key=True,
    )
    step: Mapped[str] = mapped_column(String(80), primary_key=True)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime())
