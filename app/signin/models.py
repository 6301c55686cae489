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


class TestSignIn(db.Model):
    """One try of a configuration: what arrived, what was checked, what would have come of it. Nobody was signed in."""

    __test__ = False  # no test of ours, whatever its name looks like to a test runner
    __tablename__ = "test_sign_ins"
    __table_args__ = (Index("ix_test_sign_ins_connection_id", "connection_id", "started_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)  # also of its trace
    connection_id: Mapped[str] = mapped_column(String(40))
    organization_id: Mapped[str] = mapped_column(String(40))
    revision: Mapped[str] = mapped_column(String(40))  # of the configuration that it runs on
    return_path: Mapped[str] = mapped_column(String(300))
    actor: Mapped[str] = mapped_column(String(300))
    outcome: Mapped[str] = mapped_column(String(10))  # waiting, passed, failed
    code: Mapped[str | None] = mapped_column(String(80))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime())
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime())  # when the browser left for the provider
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    checks: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    raw: Mapped[str] = mapped_column(Text)
    attributes: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    claims_from: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    claims: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    email_verified: Mapped[bool | None] = mapped_column()
    explanation: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class PorticoSession(db.Model):
    """That a person signed in here with this browser, for one client through one connection.

    The cookie is stored hashed, and what the provider proved encrypted. A session that is over stays a while without
    either: by it we know what a provider's logout message, which names people its own way, means for which client.
    """

    __tablename__ = "portico_sessions"
    __table_args__ = (
        Index("ix_portico_sessions_token_hash", "token_hash"),
        Index("ix_portico_sessions_name_hash", "connection_id", "name_hash"),
        Index("ix_portico_sessions_index_hash", "connection_id", "index_hash"),
        Index("ix_portico_sessions_expires_at", "expires_at"),
    )

    id: Mapped[str] = mapped_column(String(30), primary_key=True)
    token_hash: Mapped[str | None] = mapped_column(String(64))
    client_id: Mapped[str] = mapped_column(String(40))
    organization_id: Mapped[str] = mapped_column(String(40))
    connection_id: Mapped[str] = mapped_column(String(40))
    sub: Mapped[str] = mapped_column(String(64))
    trust: Mapped[str] = mapped_column(String(60))  # of the connection, when the person signed in
    name_hash: Mapped[str | None] = mapped_column(String(64))  # of the provider's name for the person
    index_hash: Mapped[str | None] = mapped_column(String(64))  # of the provider's name for its own session
    sealed: Mapped[str | None] = mapped_column(Text)  # the identity as the provider proved it
    started_at: Mapped[datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


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
    # What the request did that began it, and the one that ended it: {request, at, steps, received}. Nearly every sign-in
    # has these two; in a row of their own each would cost it a statement more.
    begun: Mapped[dict[str, Any]] = mapped_column(JSON)
    ended: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class SignInTracePart(db.Model):
    """The steps that any further request added to a trace. Requests only add: nobody reads and writes a trace at once."""

    __tablename__ = "sign_in_trace_parts"
    __table_args__ = (Index("ix_sign_in_trace_parts_trace_id", "trace_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    trace_id: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    request: Mapped[str] = mapped_column(String(20))  # authorize, callback, token, userinfo
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    received: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # attributes, redacted
