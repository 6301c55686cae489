"""Tables of the provider."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, db


class Grant(db.Model):
    """What one authorization gave: a code, and after it was redeemed one access token. Both are stored hashed.

    One row for both makes redeeming one atomic UPDATE, and lets a second redemption revoke what the first one gave.
    """

    __tablename__ = "grants"
    __table_args__ = (
        Index("uq_grants_access_token_hash", "access_token_hash", unique=True),
        Index("ix_grants_expires_at", "expires_at"),
    )

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(40))
    organization_id: Mapped[str] = mapped_column(String(40))
    connection_id: Mapped[str] = mapped_column(String(40))
    sub: Mapped[str] = mapped_column(String(64))
    redirect_uri: Mapped[str] = mapped_column(Text)
    scope: Mapped[str] = mapped_column(Text)
    nonce: Mapped[str | None] = mapped_column(Text)
    code_challenge: Mapped[str | None] = mapped_column(String(128))
    claims: Mapped[dict[str, Any]] = mapped_column(JSON)  # of the ID token and userinfo alike, `sub` included
    trace_id: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    code_expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    redeemed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    access_token_hash: Mapped[str | None] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())  # of the token; before that, of the whole row
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class UsedAssertion(db.Model):
    """A client's JWT that was used to authenticate: good once (RFC 7523 3)."""

    __tablename__ = "used_assertions"
    __table_args__ = (Index("ix_used_assertions_until", "until"),)

    client_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    jti_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime())


class TokenRevocation(db.Model):
    """A client that has yet to be told that a person was signed out. Written with what ended the sessions."""

    __tablename__ = "token_revocations"
    __table_args__ = (Index("ix_token_revocations_due_at", "due_at"),)

    id: Mapped[str] = mapped_column(String(30), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(40))
    organization_id: Mapped[str] = mapped_column(String(40))
    sub: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    due_at: Mapped[datetime] = mapped_column(UtcDateTime())
    tries: Mapped[int]
