"""`portico doctor`: one line for each thing that must be right, and one sentence that says how to make it so."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from app.cli.checks import Check, check_installation
from app.cli.output import example, fails_politely, show, takes_json

_STATUS = {"ok": 0, "warn": 1, "fail": 2}


@click.command(
    help="Check this installation: settings, libraries, database, keys, plug-ins, background work. Exit status 0: all "
    f"well; 1: something to look at; 2: something does not work.{example('portico doctor --json')}"
)
@takes_json
@fails_politely
def doctor(as_json: bool) -> None:
    checks = list(check_installation())
    status = max((_STATUS[check.state] for check in checks), default=0)
    if as_json:
        state = next(name for name, number in _STATUS.items() if number == status)
        show({"state": state, "checks": [asdict(check) for check in checks]}, as_json=True)
    else:
        for check in checks:
            _print(check)
    sys.exit(status)


def _print(check: Check) -> None:
    color = {"ok": "green", "warn": "yellow", "fail": "red"}[check.state]
    click.echo(f"{click.style(f'{check.state:4}', fg=color)}  {check.name}: {check.found}")
    if check.fix:
        click.echo(f"      {check.fix}")
