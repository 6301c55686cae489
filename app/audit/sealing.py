"""Sealing: a background job links committed events into chains, so that sign-ins never wait for one another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, tuple_
from sqlalchemy.exc import IntegrityError

from app.audit.hashing import FIRST, chain_of, hash_seal
from app.audit.models import events, seals
from app.database import db, transaction

_BATCH = 1000
#: How far below the newest sealed event a run looks for events that committed late.
_LOOKBACK = 5000


def seal(now: datetime, *, limit: int = _BATCH, lookback: int | None = _LOOKBACK) -> int:
    """Seal committed events in their order, each exactly once, whoever else is sealing.

    Args:
        limit: at most so many events in this call.
        lookback: how many numbers below the newest sealed event are looked at again; None means all, for the run that
            catches an event whose transaction stayed open for that long.
    Returns:
        How many events were sealed; 0 also when another process was faster.
    """
    if not _unsealed(limit=1, lookback=lookback):  # a plain read: SQLite's write lock is left to others
        return 0
    try:
        with transaction() as session:
            rows = _unsealed(limit=limit, lookback=lookback)
            if rows:
                session.execute(insert(seals), _link(rows, now))
            return len(rows)
    except IntegrityError:  # (chain, seq) or the event is taken: the other process sealed, and nothing is lost
        return 0


def seal_everything(now: datetime) -> int:
    """Seal whatever is unsealed, however long ago it was recorded. Returns how many events were sealed."""
    total = 0
    while sealed := seal(now, lookback=None):
        total += sealed
    return total


def _unsealed(*, limit: int, lookback: int | None) -> Sequence[Row[Any]]:
    query = (
        select(events)
        .outerjoin(seals, seals.c.event_number == events.c.number)
        .where(seals.c.event_number.is_(None))
        .order_by(events.c.number)
        .limit(limit)
    )
    if lookback is not None:
        newest = db.session().scalar(select(func.max(seals.c.event_number))) or 0
        query = query.where(events.c.number > newest - lookback)
    return db.session().execute(query).all()


def _link(rows: Sequence[Row[Any]], now: datetime) -> list[dict[str, Any]]:
    heads = _heads({chain_of(row.organization_id) for row in rows})
    links = []
    for row in rows:
        chain = chain_of(row.organization_id)
        seq, previous = heads.get(chain, (0, FIRST))
        seq += 1
        digest = hash_seal(previous, chain, seq, now, row)
        heads[chain] = (seq, digest)
        links.append({"chain": chain, "seq": seq, "event_number": row.number, "sealed_at": now, "hash": digest})
    return links


def _heads(chains: set[str]) -> dict[str, tuple[int, str]]:
    newest = select(seals.c.chain, func.max(seals.c.seq)).where(seals.c.chain.in_(chains)).group_by(seals.c.chain)
    found = db.session().execute(
        select(seals.c.chain, seals.c.seq, seals.c.hash).where(tuple_(seals.c.chain, seals.c.seq).in_(newest))
    )
    return {row.chain: (row.seq, row.hash) for row in found}
