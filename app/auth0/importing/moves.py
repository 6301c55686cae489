"""How an organization moves: imported, dual run, moved, and back whenever need be.

`imported`: drafts stand beside the tenant's connections, which people still use. `dual-run`: people sign in through
Portico, their old ids are told, and the tenant's connections wait. `moved`: old ids are told no more. `back`: people use
the tenant's connections again. What people meet is decided at Auth0 (its Home Realm Discovery); the state says what is
told, and what may be linked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import select

from app.audit import Actor, EventName, record
from app.auth0.importing.models import ImportedConnection, Move
from app.connections import Connection
from app.database import db, insert_once, transaction
from app.errors import Conflict, Forbidden, NotFound

State = Literal["imported", "dual-run", "moved", "back"]

#: From each state to where: never two steps at once.
WAYS: Final[dict[str, tuple[State, ...]]] = {
    "imported": ("dual-run",),
    "dual-run": ("moved", "back"),
    "moved": ("dual-run", "back"),
    "back": ("dual-run",),
}


def begin_move(organization_id: str, *, now: datetime) -> None:
    """Note that the organization has something to move. Inside `transaction()` only; a move under way stays."""
    insert_once(Move, organization_id=organization_id, state="imported", changed_at=now)


def change_move(organization_id: str, to: State, *, actor: Actor, now: datetime) -> Move:
    """Take the organization to the next state. The state that it has already is no change.

    Raises:
        NotFound: nothing of it was imported.
        Conflict: `move-order`: no way leads there; `move-inactive`: none of its imported connections is active.
        Forbidden: the actor is no operator.
    """
    if actor.kind not in ("operator", "api_key", "cli"):
        raise Forbidden("only an operator moves an organization")
    with transaction() as session:
        row = session.get(Move, organization_id, populate_existing=True, with_for_update=True)
        if row is None:
            raise NotFound(f"nothing was imported for {organization_id[:60]!r}")
        if row.state == to:
            return row
        if to not in WAYS[row.state]:
            hint = f"From {row.state} it goes to {' or '.join(WAYS[row.state])}."
            raise Conflict(f"{row.state} to {to}", code="move-order", hint=hint)
        if to == "dual-run":
            _check_active(organization_id)
        before, row.state, row.changed_at = row.state, to, now
        session.flush()
        record(
            EventName.ORGANIZATION_MOVED,
            actor=actor,
            now=now,
            organization_id=organization_id,
            target=organization_id,
            before={"state": before},
            after={"state": to},
        )
    return row


def get_move(organization_id: str) -> Move:
    """Return how far it is. Raises NotFound: nothing of it was imported."""
    row = db.session.get(Move, organization_id, populate_existing=True)
    if row is None:
        raise NotFound(f"nothing was imported for {organization_id[:60]!r}")
    return row


def list_moves(*, limit: int, after: str | None = None, state: str | None = None) -> Sequence[Move]:
    """Return at most `limit` moves (in one state) by organization, beginning behind the id `after`."""
    query = select(Move).order_by(Move.organization_id).limit(limit)
    if state is not None:
        query = query.where(Move.state == state)
    return db.session.scalars(query if after is None else query.where(Move.organization_id > after)).all()


def list_waiting_organizations() -> frozenset[str]:
    """Return organizations whose people use the tenant's own connections: their domains stay with those."""
    waiting = select(Move.organization_id).where(Move.state.in_(("imported", "back")))
    return frozenset(db.session.scalars(waiting))


def _check_active(organization_id: str) -> None:
    active = (
        select(Connection.id)
        .join(ImportedConnection, ImportedConnection.connection_id == Connection.id)
        .where(Connection.organization_id == organization_id, Connection.status == "active")
    )
    if db.session.execute(active.limit(1)).first() is None:
        hint = "Test and activate the imported connection first: people are about to sign in through it."
        raise Conflict(f"{organization_id} has no active imported connection", code="move-inactive", hint=hint)
