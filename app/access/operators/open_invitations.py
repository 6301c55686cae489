"""Links that nobody has used yet: listed, withdrawn, ended with the account that they were for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from app.access.operators.models import OperatorInvitation
from app.audit import Actor, EventName, record
from app.database import db, transaction
from app.errors import NotFound


def list_invitations(*, now: datetime) -> Sequence[OperatorInvitation]:
    """Return the links that are still good and name somebody, the newest first. None of them holds its address."""
    query = select(OperatorInvitation).where(
        OperatorInvitation.email.is_not(None), OperatorInvitation.used_at.is_(None), OperatorInvitation.expires_at > now
    )
    return db.session.scalars(query.order_by(OperatorInvitation.created_at.desc(), OperatorInvitation.id)).all()


def withdraw_invitation(invitation_id: str, *, actor: Actor, now: datetime) -> None:
    """Make a link worthless that nobody has used. Raises NotFound, also for one that is over."""
    with transaction() as session:
        row = session.get(OperatorInvitation, invitation_id, populate_existing=True, with_for_update=True)
        if row is None or row.used_at is not None or row.expires_at <= now:
            raise NotFound(f"no open invitation {invitation_id[:60]!r}")
        row.used_at = now
        record(
            EventName.OPERATOR_INVITATION_WITHDRAWN,
            actor=actor,
            now=now,
            organization_id=None,
            target=row.id,
            personal={"email": row.email or ""},
        )


def end_invitations(email: str, now: datetime) -> None:
    """Make every open link for this address worthless. Inside `transaction()`."""
    mine = (OperatorInvitation.email == email, OperatorInvitation.used_at.is_(None))
    db.session.execute(update(OperatorInvitation).where(*mine).values(used_at=now))
