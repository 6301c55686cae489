"""Sessions of the console: kept here, so that ending one ends it; the browser holds a random token."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from app.access.operators.models import OperatorSession
from app.audit import Actor, EventName, record
from app.cipher import hash_token
from app.database import db, new_id, transaction
from app.errors import NotFound

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
NOTED_EVERY = timedelta(minutes=1)
OPERATOR = "_user_id"  # where Flask-Login keeps who it is


class OperatorSessions:
    """The store of sessions: what `app.web.server_sessions` asks."""

    def find(self, token: str, *, now: datetime) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Return what a living session holds, with its `id` and `started_at`; None when it is over.

        It lives while it was not ended, was used within 30 minutes and began within 12 hours.
        """
        query = select(OperatorSession).where(OperatorSession.token_hash == hash_token(token))
        row = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
        if row is None or not _lives(row, now):
            return None
        if row.seen_at < now - NOTED_EVERY:
            with transaction() as session:
                session.execute(update(OperatorSession).where(OperatorSession.id == row.id).values(seen_at=now))
        return dict(row.data), {"id": row.id, "started_at": row.started_at}

    def save(
        self, token: str | None, data: dict[str, Any], *, anew: bool, address: str, agent: str, now: datetime
    ) -> str:
        """Store what a session holds. With `anew` the old token dies and the time begins again."""
        with transaction() as session:
            if token is not None and not anew:
                row = session.scalars(_of(token)).one_or_none()
                if row is not None and _lives(row, now):  # one that was ended meanwhile stays ended
                    row.data, row.operator_id = data, data.get(OPERATOR)
                return token
            if token is not None:
                self.end(token, now=now)
            fresh = secrets.token_urlsafe(32)
            session.add(
                OperatorSession(
                    id=new_id("ses"),
                    token_hash=hash_token(fresh),
                    operator_id=data.get(OPERATOR),
                    data=data,
                    address=address[:64],
                    agent="".join(char for char in agent[:300] if char.isprintable()),
                    started_at=now,
                    seen_at=now,
                    ended_at=None,
                )
            )
            return fresh

    def end(self, token: str, *, now: datetime) -> None:
        """Make a token useless."""
        with transaction() as session:
            living = OperatorSession.ended_at.is_(None)
            mine = OperatorSession.token_hash == hash_token(token)
            session.execute(update(OperatorSession).where(mine, living).values(ended_at=now))


def list_sessions(operator_id: str, *, now: datetime) -> Sequence[OperatorSession]:
    """Return the operator's living sessions, the newest first."""
    query = select(OperatorSession).where(OperatorSession.operator_id == operator_id)
    rows = db.session.scalars(query.order_by(OperatorSession.started_at.desc())).all()
    return [row for row in rows if _lives(row, now)]


def end_session(operator_id: str, session_id: str, *, actor: Actor, now: datetime) -> None:
    """End one of the operator's own sessions at once. Raises NotFound, also for somebody else's."""
    with transaction() as session:
        mine = (OperatorSession.id == session_id, OperatorSession.operator_id == operator_id)
        row = session.scalars(select(OperatorSession).where(*mine, OperatorSession.ended_at.is_(None))).one_or_none()
        if row is None:
            raise NotFound(f"no session {session_id[:60]!r} of this operator")
        row.ended_at = now
        record(
            EventName.OPERATOR_SESSION_ENDED,
            actor=actor,
            now=now,
            organization_id=None,
            target=operator_id,
            details={"session": session_id},
        )


def end_sessions(operator_id: str, *, but: str | None, now: datetime) -> int:
    """End every session of an operator except the one with the id `but`; returns how many. Inside `transaction()`."""
    living = [OperatorSession.operator_id == operator_id, OperatorSession.ended_at.is_(None)]
    if but is not None:
        living.append(OperatorSession.id != but)
    done = db.session.execute(update(OperatorSession).where(*living).values(ended_at=now))
    return int(done.rowcount)  # type: ignore[attr-defined]


def delete_old_sessions(now: datetime) -> None:
    """Delete sessions that can live no more; the audit log remembers them."""
    with transaction() as session:
        session.execute(delete(OperatorSession).where(OperatorSession.started_at < now - LONGEST))


def _of(token: str) -> Any:
    return select(OperatorSession).where(OperatorSession.token_hash == hash_token(token)).with_for_update()


def _lives(row: OperatorSession, now: datetime) -> bool:
    return row.ended_at is None and now < row.seen_at + IDLE and now < row.started_at + LONGEST
