"""Which pages of a setup were said to be done: what a provider's console keeps cannot be seen from here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.database import db, transaction
from app.setup_links.models import SetupProgress


def list_done(connection_id: str) -> frozenset[str]:
    """Return the names of the pages that were said to be done."""
    return frozenset(db.session.scalars(select(SetupProgress.step).where(SetupProgress.connection_id == connection_id)))


def mark_done(connection_id: str, step: str, *, now: datetime) -> None:
    """Keep that a page is done. Saying so twice changes nothing."""
    with transaction() as session:
        if session.get(SetupProgress, (connection_id, step[:80])) is None:
            session.add(SetupProgress(connection_id=connection_id, step=step[:80], done_at=now))
