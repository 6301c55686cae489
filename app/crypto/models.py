"""The provider's signing keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, db


class StoredSigningKey(db.Model):
    """One key and the times of its life; what it is at a given moment follows from them.

    Published from `created_at`, it signs from `active_from` until `retired_at` and leaves the JWKS at `remove_at`.
    """

    __tablename__ = "signing_keys"
    __table_args__ = (
        UniqueConstraint("alg", "generation", name="uq_signing_keys_alg_generation"),  # one rotation at a time
    )

    kid: Mapped[str] = mapped_column(String(64), primary_key=True)  # RFC 7638 thumbprint
    alg: Mapped[str] = mapped_column(String(8))
    generation: Mapped[int]
    private_jwk: Mapped[str] = mapped_column(Text())  # encrypted, with `signing_keys/<kid>` as its context
    public_jwk: Mapped[dict[str, Any]] = mapped_column(JSON())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    active_from: Mapped[datetime] = mapped_column(UtcDateTime())
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    remove_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
