"""Who runs which background job, and which hosts use this database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, db


class JobLease(db.Model):
    """One row for each job: until `until` nobody else runs it, whether it is running or waiting for its time."""

    __tablename__ = "job_leases"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    holder: Mapped[str] = mapped_column(String(128))
    until: Mapped[datetime] = mapped_column(UtcDateTime())
    last_run_at: Mapped[datetime | None] = mapped_column(UtcDateTime())  # when it last ended without an error


class HostHeartbeat(db.Model):
    """A host that uses this database, and when it last said so."""

    __tablename__ = "host_heartbeats"

    host: Mapped[str] = mapped_column(String(255), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime())
