"""The trace of a sign-in: every step with its time, also and above all for failures.

A trace is collected in memory while a request runs and stored once at its end. Its id is random, 128 bits, and is the
reference that a person is shown; whoever may read traces finds the precise reason by it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, func, insert, select, update

from app.database import db, get_connection, transaction
from app.errors import NotFound
from app.signin.models import SignInTrace, SignInTracePart
from portico_sdk import CheckResult

MAX_STEPS = 80
MAX_TEXT = 500

# Built once: building a statement costs more than running it.
_INSERT_TRACE = insert(cast(Table, SignInTrace.__table__))
_INSERT_PART = insert(cast(Table, SignInTracePart.__table__))
_OUTCOME = (
    update(cast(Table, SignInTrace.__table__))
    .where(SignInTrace.__table__.c.id == bindparam("wanted"))
    .values(finished_at=bindparam("now"), outcome=bindparam("how"), code=bindparam("why"), email=bindparam("who"))
)
_FINISH = _OUTCOME.where(SignInTrace.__table__.c.ended.is_(None)).values(ended=bindparam("part"))


@dataclass(slots=True)
class Trace:
    """The steps of one request. `add` and `record` never raise, whatever text they are given."""

    id: str
    request: str
    steps: list[dict[str, Any]] = field(default_factory=list)
    received: dict[str, Any] | None = None  # what `received.redact` left of the provider's attributes
    _began: float = field(default_factory=time.perf_counter)

    def add(self, name: str, *, ok: bool = True, **facts: object) -> None:
        """Note a step; `facts` are shown to operators: never secrets. Long texts are cut."""
        if len(self.steps) < MAX_STEPS:
            step: dict[str, Any] = {"name": name, "ok": ok, "ms": self._elapsed_ms()}
            step.update({key: printable(str(value)) for key, value in facts.items() if value not in (None, "")})
            self.steps.append(step)

    def record(self, result: CheckResult) -> None:
        """Note a check of an adapter."""
        self.add(result.name, ok=result.passed, expected=result.expected, received=result.received)

    def _elapsed_ms(self) -> float:
        return round((time.perf_counter() - self._began) * 1000, 2)


def printable(text: str) -> str:
    """Return `text` fit for a trace: cut, and without control characters that a database or terminal would act on."""
    text = text[:MAX_TEXT]
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def add_trace(
    trace: Trace,
    *,
    now: datetime,
    purpose: str,
    client_id: str | None = None,
    organization_id: str | None = None,
    connection_id: str | None = None,
    code: str | None = None,
) -> None:
    """Store a new trace with what its first request did; `code` says why it ended already."""
    with transaction():
        get_connection().execute(
            _INSERT_TRACE,
            {
                "id": trace.id,
                "started_at": now,
                "finished_at": now if code else None,
                "purpose": purpose,
                "client_id": client_id,
                "organization_id": organization_id,
                "connection_id": connection_id,
                "outcome": "denied" if code else "pending",
                "code": code,
                "begun": _dump(trace, now),
            },
        )


def add_part(trace: Trace, *, now: datetime) -> None:
    """Store what a further request did."""
    with transaction():
        get_connection().execute(
            _INSERT_PART,
            {
                "trace_id": trace.id,
                "at": now,
                "request": trace.request,
                "steps": trace.steps,
                "received": trace.received,
            },
        )


def finish_trace(
    trace: Trace, *, now: datetime, outcome: str, code: str | None = None, email: str | None = None
) -> None:
    """Store how the sign-in ended, and the steps that led there. A later failure replaces an earlier success."""
    shown = {"wanted": trace.id, "now": now, "how": outcome, "why": code, "who": email[:320] if email else None}
    with transaction():
        finished = get_connection().execute(_FINISH, {**shown, "part": _dump(trace, now)})
        if finished.rowcount == 0:  # it had ended before
            get_connection().execute(_OUTCOME, shown)
            add_part(trace, now=now)


@dataclass(frozen=True, slots=True)
class TracePart:
    """What one request did. `received` is what `received.redact` made, in a request in which a provider proved somebody."""

    at: datetime
    request: str
    steps: list[dict[str, Any]]
    received: dict[str, Any] | None


def get_trace(trace_id: str) -> tuple[SignInTrace, list[TracePart]]:
    """Return a trace and its parts in order. Raises NotFound."""
    found = db.session.get(SignInTrace, trace_id)
    if found is None:
        raise NotFound(f"no trace {printable(trace_id)}")
    return found, list_parts(found)


def list_parts(trace: SignInTrace) -> list[TracePart]:
    """Return what its requests did, in order."""
    query = select(SignInTracePart).where(SignInTracePart.trace_id == trace.id).order_by(SignInTracePart.id)
    own = [_load(part) for part in (trace.begun, trace.ended) if part is not None]
    further = [TracePart(row.at, row.request, row.steps, row.received) for row in db.session.scalars(query)]
    return sorted([*own, *further], key=lambda part: part.at)


def _dump(trace: Trace, now: datetime) -> dict[str, Any]:
    return {"request": trace.request, "at": now.isoformat(), "steps": trace.steps, "received": trace.received}


def _load(part: Mapping[str, Any]) -> TracePart:
    return TracePart(datetime.fromisoformat(part["at"]), part["request"], part["steps"], part["received"])


@dataclass(frozen=True, slots=True)
class TraceFilter:
    """What to list; None means any."""

    organization_id: str | None = None
    connection_id: str | None = None
    outcome: str | None = None
    email: str | None = None


def list_traces(wanted: TraceFilter, *, limit: int, after: str | None) -> list[SignInTrace]:
    """Return up to `limit` traces, newest first, that come after the trace with id `after`."""
    query = select(SignInTrace).order_by(SignInTrace.started_at.desc(), SignInTrace.id.desc()).limit(limit)
    for column, value in (
        (SignInTrace.organization_id, wanted.organization_id),
        (SignInTrace.connection_id, wanted.connection_id),
        (SignInTrace.outcome, wanted.outcome),
        (SignInTrace.email, wanted.email),
    ):
        if value is not None:
            query = query.where(column == value)
    if after is not None:
        last, _ = get_trace(after)
        query = query.where(
            (SignInTrace.started_at < last.started_at)
            | ((SignInTrace.started_at == last.started_at) & (SignInTrace.id < last.id))
        )
    return list(db.session.scalars(query))


def delete_old_traces(now: datetime, *, keep_days: int, batch: int = 5_000) -> int:
    """Delete traces older than `keep_days`, in batches that do not hold up logins; returns how many."""
    limit, deleted = now - timedelta(days=keep_days), 0
    while True:
        with transaction() as session:
            ids = list(session.scalars(select(SignInTrace.id).where(SignInTrace.started_at < limit).limit(batch)))
            session.execute(delete(SignInTracePart).where(SignInTracePart.trace_id.in_(ids)))
            session.execute(delete(SignInTrace).where(SignInTrace.id.in_(ids)))
        deleted += len(ids)
        if len(ids) < batch:
            return deleted


def count_customers(client_id: str, since: datetime) -> int:
    """Return of how many organizations people signed in for this client since then."""
    table = SignInTrace.__table__.c
    customers = select(func.count(func.distinct(table.organization_id))).where(
        table.client_id == client_id, table.outcome == "allowed", table.started_at >= since
    )
    return int(db.session.scalar(customers) or 0)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person who signed in for a client, as a trace remembers it."""

    client_id: str
    organization_id: str
    connection_id: str
    sub: str


def find_signed_in(organization_id: str, email: str) -> set[SignedIn]:
    """Return who of an organization signed in with this e-mail address, for which client, as long as traces are kept."""
    query = select(SignInTrace).where(
        SignInTrace.organization_id == organization_id,
        SignInTrace.outcome == "allowed",
        SignInTrace.client_id.is_not(None),
        func.lower(SignInTrace.email) == email.lower(),
    )
    return {
        SignedIn(str(row.client_id), organization_id, str(row.connection_id), step["sub"])
        for row in db.session.scalars(query)
        for part in list_parts(row)
        for step in part.steps
        if step["name"] == "allowed" and "sub" in step
    }
