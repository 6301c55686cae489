"""Tables: operators, the links that make them, their sessions, and how often somebody tried."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import ID_LENGTH, UtcDateTime, db


class Operator(db.Model):
    """A person of the SaaS team. There is none without a password and a second factor."""

    __tablename__ = "operators"
    __table_args__ = (UniqueConstraint("email", name="uq_operators_email"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    email: Mapped[str] = mapped_column(String(320))  # lower case
    name: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(16))  # active | disabled | reset: until a new link is used
    password_hash: Mapped[str] = mapped_column(String(200))  # argon2id
    totp_secret: Mapped[str] = mapped_column(Text)  # sealed
    totp_last_step: Mapped[int] = mapped_column(BigInteger)  # a code works once: none of this step or before
    recovery_codes: Mapped[list[str]] = mapped_column(JSON)  # hashes of those that are left
    language: Mapped[str | None] = mapped_column(String(8))  # of their console and mails; None: never chose one
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    enrolled_at: Mapped[datetime] = mapped_column(UtcDateTime())
    last_signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class OperatorInvitation(db.Model):
    """A one-time link to the enrolment page. Without an address it makes the first operator, and only the first."""

    __tablename__ = "operator_invitations"
    __table_args__ = (UniqueConstraint("token_hash", name="uq_operator_invitations_token_hash"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    email: Mapped[str | None] = mapped_column(String(320))
    totp_secret: Mapped[str] = mapped_column(Text)  # sealed; the page shows it until the link is used
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class OperatorSession(db.Model):
    """One browser at the console, signed in or about to. The token is stored hashed."""

    __tablename__ = "operator_sessions"
    __table_args__ = (
        UniqueConstraint("token_hash", name="uq_operator_sessions_token_hash"),
        Index("ix_operator_sessions_operator_id", "operator_id"),
        Index("ix_operator_sessions_started_at", "started_at"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    operator_id: Mapped[str | None] = mapped_column(
        String(ID_LENGTH), ForeignKey("operators.id", name="fk_operator_sessions_operator_id", ondelete="CASCADE")
    )  # None until signed in
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    address: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(String(300))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime())
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class SignInTries(db.Model):
    """How often somebody tried within a window of time, by account, by address, and by both."""

    __tablename__ = "operator_sign_in_tries"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)  # a hash: an address is a person's
    tries: Mapped[int] = mapped_column(Integer)
    since: Mapped[datetime] = mapped_column(UtcDateTime())
