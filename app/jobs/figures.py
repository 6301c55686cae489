"""Background work as figures for Prometheus: read from the database, so that any process tells of all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import structlog
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import select

from app.database import db
from app.jobs.models import JobLease

log = structlog.get_logger(__name__)


class JobFigures:
    """A collector. Without an answer of the database it has nothing to tell; the other figures are shown.

    Args:
        names: of the jobs it tells of. Other things are leased, too.
    """

    def __init__(self, names: Collection[str]) -> None:
        self._names = names

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield a figure for each job: its tries since it last succeeded, when that was, and when it is due."""
        try:
            rows = (
                db.session()
                .scalars(select(JobLease).where(JobLease.name.in_(self._names)).order_by(JobLease.name))
                .all()
            )
        except Exception:
            log.exception("job_figures_failed")
            return
        tries = GaugeMetricFamily(
            "portico_job_tries", "Starts since the last success: 1 while it runs, more is trouble.", labels=["job"]
        )
        succeeded = GaugeMetricFamily("portico_job_last_success_seconds", "When it last succeeded.", labels=["job"])
        due = GaugeMetricFamily(
            "portico_job_due_seconds", "When it is due, or its run should have ended.", labels=["job"]
        )
        for row in rows:
            tries.add_metric([row.name], row.tries)
            due.add_metric([row.name], row.until.timestamp())
            if row.last_run_at is not None:
                succeeded.add_metric([row.name], row.last_run_at.timestamp())
        yield from (tries, succeeded, due)
