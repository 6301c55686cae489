"""Who runs which background job and how that went, and which hosts use this database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, db


class JobLease(db.Model):
    """One row for each job: until `until` nobody else runs it, whether it is running or waiting for its time."""

    __tablename__ = "job_leases"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    holder: Mapped[str] = mapped_column(String(128), default="")
    until: Mapped[datetime] = mapped_column(UtcDateTime())
    last_run_at: Mapped[datetime | None] = mapped_column(UtcDateTime())  # when it last ended without an error
    tries: Mapped[int] = mapped_column(Integer, default=0)  # starts since then: 1 while it runs, more is trouble
    tried_since: Mapped[datetime | None] = mapped_column(UtcDateTime())  # the first of them
    failure: Mapped[str] = mapped_column(String(80), default="")  # the kind of error that ended the last one


class HostHeartbeat(db.Model):
    """A host that uses this database, and when it last said so."""

    __tablename__ = "host_heartbeats"

    host: Mapped[str] = mapped_column(String(255), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime())
