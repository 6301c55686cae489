"""`portico serve`: gunicorn around the gateway, tables and keys prepared, background work included."""

from __future__ import annotations

import atexit
import os
import platform
import shutil
import tempfile
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from app.cli.output import example, fails_politely, say, show, takes_json

if TYPE_CHECKING:
    from flask import Flask

    from app.gateway import Gateway
    from app.settings import Settings


@click.command(
    help="Serve the gateway. Brings the tables up to date, makes missing signing keys, and runs background work too. "
    f"In development it listens on loopback only.{example('portico serve --port 8000 --workers 2')}"
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on.  [default: the base URL's]")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes.")
@click.option("--threads", type=click.IntRange(1, 64), default=8, show_default=True, help="Threads of each.")
@click.option(
    "--jobs/--no-jobs", default=True, help="Run background work too. Without it, run portico worker.  [default: jobs]"
)
@takes_json
@fails_politely
def serve(host: str, port: int | None, workers: int, threads: int, jobs: bool, as_json: bool) -> None:
    share_metrics()
    from app.cli.gateway import read_settings
    from app.cli.server import Server

    settings = read_settings()
    check_bind(settings, host)
    app, gateway = prepare(settings)
    port = port if port is not None else urlsplit(settings.base_url).port or 8000
    if as_json:
        show({"base_url": settings.base_url, "host": host, "port": port, "workers": workers}, as_json=True)
    else:
        greet(app, settings, host, port)
        greet_first_operator(app, gateway)
    server = Server(app, gateway, host=host, port=port, workers=workers, threads=threads, jobs=jobs)
    server.run()  # type: ignore[no-untyped-call]


def check_bind(settings: Settings, host: str) -> None:
    """Raise UsageError unless `host` may be listened on: in development only loopback may."""
    from app.settings import is_loopback_host

    if settings.development and not is_loopback_host(host):
        raise click.UsageError(
            f"In development {host} would be open to others. Listen on 127.0.0.1, or set PORTICO_ENV=production."
        )


def prepare(settings: Settings) -> tuple[Flask, Gateway]:
    """Return the application on a database that is ready for it. Raises AnotherHost."""
    from app import create_app
    from app.database import db
    from app.jobs import check_single_host, expect
    from app.migrations import upgrade
    from app.periodic import list_leased

    app = create_app(settings)
    gateway: Gateway = app.extensions["portico"]
    upgrade(app)
    with app.app_context():
        if not settings.development:
            check_single_host(gateway.clock(), platform.node())
        gateway.keys.ensure(gateway.clock())
        expect(list_leased(gateway), gateway.clock())
        db.session.remove()
        db.engine.dispose()  # no connection may be shared with the processes that are forked next
    return app, gateway


def greet(app: Flask, settings: Settings, host: str, port: int) -> None:
    """Say where it is, and on an empty database what comes first."""
    from app.access import list_api_keys

    say(f"Portico listens on {host}:{port} and is known as {settings.base_url}")
    say(f"  Console          {settings.base_url}/console/")
    say(f"  API reference    {settings.base_url}/api/docs")
    say(f"  Discovery        {settings.base_url}/.well-known/openid-configuration")
    with app.app_context():
        empty = not list_api_keys(limit=1)
    if empty:
        say("There is no API key yet. Make the first one in another terminal:")
        say('  .venv/bin/portico api-key create --name "First"')


def greet_first_operator(app: Flask, gateway: Gateway) -> None:
    """Print a one-time link for the first operator while there is none."""
    from app.access.operators import Invitations
    from app.audit import Actor
    from app.database import db

    with app.app_context():
        invitations = Invitations(gateway.cipher, gateway.settings.base_url)
        url = invitations.invite_first(actor=Actor("cli", "serve"), now=gateway.clock())
        db.session.remove()
        db.engine.dispose()  # as in `prepare`: processes are forked next
    if url is not None:
        say("There is no operator yet. Become the first one by this link; it works once, and for 24 hours:")
        say(f"  {url}")


def share_metrics() -> None:
    """Give the processes a folder for their common figures, before anything imports prometheus_client."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        folder = tempfile.mkdtemp(prefix="portico-metrics-")
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        owner = os.getpid()
        atexit.register(lambda: shutil.rmtree(folder, ignore_errors=True) if os.getpid() == owner else None)
