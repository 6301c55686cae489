"""`portico plugins`: which adapter plug-ins are there, and what became of each."""

from __future__ import annotations

import click

from app.cli.gateway import open_gateway
from app.cli.output import example, fails_politely, show, takes_json


@click.group()
def plugins() -> None:
    """Adapter plug-ins."""


@plugins.command(
    "list",
    help="List plug-ins: those that work, those that failed with the reason, and those that are installed but not "
    f"named in PORTICO_ADAPTERS.{example('portico plugins list')}",
)
@takes_json
@fails_politely
def list_plugins(as_json: bool) -> None:
    with open_gateway() as gateway:
        registry = gateway.registry
        ready = [(a.spec.key, a.distribution, a.version, "ready", "") for a in registry.specs()]
        failed = [(p.name, p.distribution, p.version, "failed", p.reason) for p in registry.failed()]
        skipped = [("", name, "", "skipped", "not named in PORTICO_ADAPTERS") for name in registry.skipped()]
    names = ("key", "distribution", "version", "state", "reason")
    items = [dict(zip(names, row, strict=True)) for row in (*ready, *failed, *skipped)]
    show({"items": items, "next": None}, as_json=as_json)
