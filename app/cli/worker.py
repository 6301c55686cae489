"""`portico worker`: background work alone, for installations that keep it out of the serving processes."""

from __future__ import annotations

import signal
import threading

import click

from app.cli.gateway import open_gateway
from app.cli.output import example, fails_politely, say, show, takes_json


@click.command(
    help="Run background work: seal the audit log, delete what has expired. `portico serve` does so too; leases keep "
    f"each job to one process at a time.{example('portico worker')}"
)
@takes_json
@fails_politely
def worker(as_json: bool) -> None:
    from flask import current_app

    from app.cli.server import name_holder
    from app.jobs import run_worker
    from app.periodic import list_periodics

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with open_gateway() as gateway:
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        periodics = list_periodics(gateway)
        say(f"Running {len(periodics)} jobs. Stop with Ctrl-C.")
        show({"jobs": [job.name for job in periodics]} if as_json else None, as_json=as_json)
        run_worker(app, periodics, stop, clock=gateway.clock, holder=name_holder())
