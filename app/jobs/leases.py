"""Leases: of all processes on one database, one runs a job at a time, and each time once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, func, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.database import UtcDateTime, db, get_connection, transaction
from app.jobs.models import JobLease

#: A lease that reaches further ahead than a run or a pause ever does, and this, is of a clock that was set back since.
_CLOCK_SLACK = timedelta(minutes=1)
_LEASES = cast(Table, JobLease.__table__)  # statements without objects: they run every other second, however idle
_ROW = _LEASES.c


def find_due(name: str, now: datetime, longest: timedelta) -> datetime | None:
    """Return None when the job may run now, else when to ask again. A plain read.

    Args:
        longest: how far ahead a lease of this job may reach: the longer of its term and its period.
    """
    until: datetime | None = get_connection().scalar(select(_ROW.until).where(_ROW.name == name))
    return None if until is None or until <= now or until > now + longest + _CLOCK_SLACK else until


def take_lease(name: str, holder: str, now: datetime, term: timedelta, longest: timedelta | None = None) -> bool:
    """Take the lease until `now + term`; True for exactly one of all who try while it is free.

    Args:
        term: longer than the job ever takes; when its process is killed, nobody runs the job for that long.
        longest: as in `find_due`; None: the term, for what is not periodic.
    """
    free = or_(_ROW.until <= now, _ROW.until > now + (longest or term) + _CLOCK_SLACK)
    taking = {
        "holder": holder,
        "until": now + term,
        "tries": _ROW.tries + 1,
        "tried_since": func.coalesce(_ROW.tried_since, literal(now, UtcDateTime())),
    }
    try:
        with transaction():
            connection = get_connection()
            if connection.execute(update(_LEASES).where(_ROW.name == name, free).values(taking)).rowcount:
                return True
            if connection.scalar(select(_ROW.name).where(_ROW.name == name)):
                return False
            first = {"name": name, "holder": holder, "until": now + term, "tries": 1, "tried_since": now}
            connection.execute(insert(_LEASES).values(first))
            return True
    except IntegrityError:  # another process made the row first
        return False


def finish(name: str, holder: str, *, due: datetime, succeeded_at: datetime | None, failure: str = "") -> None:
    """Let the job be due again at `due`, unless somebody else took the lease meanwhile.

    Args:
        succeeded_at: when it ended without an error; None leaves the time of its last success as it is.
        failure: without success: what kind of error it was, without anything that an error's text may hold.
    """
    values: dict[str, object] = {"until": due}
    if succeeded_at is None:
        values["failure"] = failure[:80]
    else:
        values |= {"last_run_at": succeeded_at, "tries": 0, "tried_since": None, "failure": ""}
    with transaction():
        get_connection().execute(update(_LEASES).where(_ROW.name == name, _ROW.holder == holder).values(values))


def find_last_success(name: str) -> datetime | None:
    """Return when the job last ended without an error, on any process; None when it never did."""
    return db.session().scalar(select(JobLease.last_run_at).where(JobLease.name == name))
