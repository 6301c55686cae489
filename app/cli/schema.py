"""`portico db`: the database's tables."""

from __future__ import annotations

import click

from app.cli.gateway import open_gateway
from app.cli.output import example, fails_politely, say, show, takes_json


@click.group()
def db() -> None:
    """The database's tables."""


@db.command(
    help=f"Bring the tables to what this version needs; does nothing when they are.{example('portico db upgrade')}"
)
@takes_json
@fails_politely
def upgrade(as_json: bool) -> None:
    from flask import current_app

    from app.migrations import is_at_head
    from app.migrations import upgrade as migrate

    with open_gateway():
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        before = is_at_head(app)
        if not before:
            migrate(app)
    say("The tables were up to date." if before else "The tables are up to date now.")
    show({"changed": not before} if as_json else None, as_json=as_json)
