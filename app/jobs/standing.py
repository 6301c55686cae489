"""How background work stands, for operators: which job fails, which was killed, which nobody runs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, select

from app.database import db, insert_once, transaction
from app.jobs.models import JobLease

#: A job that was due so long ago is run by nobody: each process asks at least once in a job's period.
LATE = timedelta(minutes=5)
_FORGOTTEN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One job that does not do its work.

    Args:
        kind: `failing`: its last run ended with an error; `unfinished`: its runs end with their process; `late`: it is
            due, and nobody runs it, or it hangs wherever it runs.
        since: of its first try since it last succeeded, or when it was due.
        tries: how often it was started since it last succeeded.
        failure: the kind of the last error.
    """

    job: str
    kind: Literal["failing", "unfinished", "late"]
    since: datetime
    tries: int
    failure: str

    def __str__(self) -> str:
        """One line in English, for operators."""
        since = f"since {self.since:%Y-%m-%d %H:%M} UTC"
        times = "once" if self.tries == 1 else f"{self.tries} times"
        match self.kind:
            case "failing":
                return f"{self.job} failed {times} {since}, with {self.failure}"
            case "unfinished":
                return f"{self.job} was started {times} {since} and never ended"
            case "late":
                return f"{self.job} is due {since} and nobody runs it, or it hangs"


def expect(names: Collection[str], now: datetime) -> None:
    """Say which jobs this installation has, so that one which nobody ever runs is seen; each is due at once."""
    with transaction() as session:
        for name in names:
            insert_once(JobLease, name=name, holder="", until=now, tries=0, failure="")
        # Not those of another version that runs beside this one: without its lease a job could run twice at a time.
        gone = JobLease.name.not_in(names), JobLease.until < now - _FORGOTTEN
        session.execute(delete(JobLease).where(*gone))


def list_troubles(names: Collection[str], now: datetime) -> Sequence[Trouble]:
    """Return what is wrong with the jobs `names`, by name; nothing while all goes well, or before `expect`."""
    rows = db.session().scalars(select(JobLease).where(JobLease.name.in_(names)).order_by(JobLease.name))
    found = (_find_trouble(row, now) for row in rows.all())
    return [trouble for trouble in found if trouble is not None]


def _find_trouble(row: JobLease, now: datetime) -> Trouble | None:
    if row.until < now - LATE:
        return Trouble(row.name, "late", row.until, row.tries, row.failure)
    since = row.tried_since or row.until
    if row.failure:
        return Trouble(row.name, "failing", since, row.tries, row.failure)
    if row.tries > 1:
        return Trouble(row.name, "unfinished", since, row.tries, "")
    return None
