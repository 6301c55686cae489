"""Periodic jobs, each in a thread of its own: a slow or failing job holds up nobody else."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

import structlog
from flask import Flask

from app.database import db
from app.jobs.leases import find_due, finish, take_lease

log = structlog.get_logger(__name__)
_SHORTEST_WAIT_S = 0.05
#: However long a job pauses, its lease is looked at so often: a clock may have been set, or a machine have slept.
_LONGEST_WAIT_S = 120.0
#: After a stop, what is running gets so long to end; what still runs then ends with the process.
GRACE_S = 10.0


@dataclass(frozen=True, slots=True)
class Periodic:
    """One job.

    Args:
        name: kebab-case, unique; its lease is kept under it.
        every_s: seconds from one start to the next, over all processes on the database.
        run: gets the time; inside an application context of its own.
        term_s: longer than `run` ever takes: after it another process may start it. When its process was killed, nobody
            runs the job for that long.
        everywhere: run in every process, without a lease (a heartbeat).
    """

    name: str
    every_s: float
    run: Callable[[datetime], object]
    term_s: float = 300.0
    everywhere: bool = False


class Worker:
    """Runs jobs until told to stop. `failures` counts, by job, the runs that raised.

    Args:
        holder: names this process in the leases: unique among all processes on the database.
    """

    def __init__(
        self, app: Flask, periodics: Sequence[Periodic], *, clock: Callable[[], datetime], holder: str
    ) -> None:
        self._app = app
        self._periodics = periodics
        self._clock = clock
        self._holder = holder
        self.failures: Counter[str] = Counter()

    def run(self, stop: threading.Event, *, grace_s: float = GRACE_S) -> None:
        """Run every job when it is due; returns after `stop`, once the jobs that are running have ended.

        Args:
            grace_s: for how long one is waited for that does not end. Its thread ends with the process; its lease does,
                with its term.
        """
        threads = [
            threading.Thread(target=self._loop, args=(periodic, stop), name=f"job-{periodic.name}", daemon=True)
            for periodic in self._periodics
        ]
        for thread in threads:
            thread.start()
        stop.wait()
        deadline = monotonic() + grace_s
        for thread in threads:
            thread.join(max(0.0, deadline - monotonic()))
            if thread.is_alive():
                log.warning("job_left_running", job=thread.name.removeprefix("job-"))

    def run_due(self, periodic: Periodic) -> float:
        """Run one job if it is due and ours; return after how many seconds to ask again. Never raises."""
        try:
            with self._app.app_context():
                return self._run_leased(periodic) if not periodic.everywhere else self._run_everywhere(periodic)
        except Exception:
            self.failures[periodic.name] += 1
            log.exception("job_failed", job=periodic.name)
            return periodic.every_s

    def _run_everywhere(self, periodic: Periodic) -> float:
        periodic.run(self._clock())
        return periodic.every_s

    def _run_leased(self, periodic: Periodic) -> float:
        name, started = periodic.name, self._clock()
        term, every = timedelta(seconds=periodic.term_s), timedelta(seconds=periodic.every_s)
        longest, again = max(term, every), started + every
        due = find_due(name, started, longest)
        if due is not None:
            return (due - started).total_seconds()
        if not take_lease(name, self._holder, started, term, longest):
            return min(periodic.every_s, periodic.term_s)  # another was faster; should it be killed, we come after it
        try:
            periodic.run(started)
        except BaseException as error:
            db.session.rollback()  # whatever the job left open, so that the lease can be handed back
            finish(name, self._holder, due=again, succeeded_at=None, failure=type(error).__name__)
            raise
        finish(name, self._holder, due=again, succeeded_at=self._clock())
        return (again - self._clock()).total_seconds()

    def _loop(self, periodic: Periodic, stop: threading.Event) -> None:
        wait_s = 0.0
        while not stop.wait(wait_s):
            wait_s = min(max(self.run_due(periodic), _SHORTEST_WAIT_S), periodic.every_s, _LONGEST_WAIT_S)


def run_worker(
    app: Flask,
    periodics: Sequence[Periodic],
    stop: threading.Event,
    *,
    clock: Callable[[], datetime],
    holder: str,
    grace_s: float = GRACE_S,
) -> None:
    """Run `periodics` until `stop` is set, then let the running ones end. For `portico worker`, or a thread of `serve`."""
    Worker(app, periodics, clock=clock, holder=holder).run(stop, grace_s=grace_s)
