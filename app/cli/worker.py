"""`portico worker`: background work alone, for installations that keep it out of the serving processes."""

from __future__ import annotations

import platform
import signal
import threading

import click

from app.cli.gateway import open_gateway
from app.cli.output import example, fails_politely, say, show, takes_json


@click.command(
    help="Run background work alone: seal the audit log, send mail, delete what has expired. `portico serve` does so "
    f"too, unless it is told --no-jobs; leases keep each job to one process at a time.{example('portico worker')}"
)
@takes_json
@fails_politely
def worker(as_json: bool) -> None:
    from flask import current_app

    from app.cli.server import name_holder
    from app.jobs import check_single_host, expect, run_worker
    from app.migrations import is_at_head
    from app.periodic import list_leased, list_periodics

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with open_gateway() as gateway:
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        if not is_at_head(app):
            raise click.ClickException("The tables are not those of this version. Run: portico db upgrade")
        if not gateway.settings.development:
            check_single_host(gateway.clock(), platform.node())
        expect(list_leased(gateway), gateway.clock())
        periodics = list_periodics(gateway)
        say(f"Running {len(periodics)} jobs. Stop with Ctrl-C.")
        show({"jobs": [job.name for job in periodics]} if as_json else None, as_json=as_json)
        run_worker(app, periodics, stop, clock=gateway.clock, holder=name_holder())
