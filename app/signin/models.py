"""Tables of the journey."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, db


class PendingSignIn(db.Model):
    """A sign-in that is on its way through an identity provider. The handle and the browser are stored hashed."""

    __tablename__ = "pending_sign_ins"
    __table_args__ = (Index("ix_pending_sign_ins_expires_at", "expires_at"),)

    handle_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    browser_hash: Mapped[str] = mapped_column(String(64))
    connection_id: Mapped[str] = mapped_column(String(40))
    organization_id: Mapped[str] = mapped_column(String(40))
    client_id: Mapped[str | None] = mapped_column(String(40))
    purpose: Mapped[str] = mapped_column(String(20))
    trace_id: Mapped[str] = mapped_column(String(32))
    sealed: Mapped[str] = mapped_column(Text)  # adapter state and continuation, encrypted: nonces and PKCE verifiers
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    consumed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class UsedProof(db.Model):
    """The memory against replay: one row per accepted proof (assertion, ID token), kept until it could not be shown."""

    __tablename__ = "used_proofs"
    __table_args__ = (Index("ix_used_proofs_until", "until"),)

    connection_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    proof_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime())


class SignInTrace(db.Model):
    """What happened in one sign-in; its id is the reference that a person may be shown."""

    __tablename__ = "sign_in_traces"
    __table_args__ = (
        Index("ix_sign_in_traces_started_at", "started_at", "id"),
        Index("ix_sign_in_traces_organization_id", "organization_id", "started_at"),
        Index("ix_sign_in_traces_connection_id", "connection_id", "started_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime())
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    purpose: Mapped[str] = mapped_column(String(20))
    client_id: Mapped[str | None] = mapped_column(String(40))
    organization_id: Mapped[str | None] = mapped_column(String(40))
    connection_id: Mapped[str | None] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(10))  # pending, allowed, denied
    code: Mapped[str | None] = mapped_column(String(80))
    email: Mapped[str | None] = mapped_column(String(320))


class SignInTracePart(db.Model):
    """The steps that one request added to a trace. Requests only add: nobody reads and writes a trace at once."""

    __tablename__ = "sign_in_trace_parts"
    __table_args__ = (Index("ix_sign_in_trace_parts_trace_id", "trace_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    trace_id: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    request: Mapped[str] = mapped_column(String(20))  # authorize, callback, token, userinfo
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    received: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # attributes, redacted
