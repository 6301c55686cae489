"""`portico audit`: prove that the log is whole, and take it elsewhere."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, TextIO

import click

from app.cli.gateway import open_gateway
from app.cli.output import example, fails_politely, say, show, takes_json

if TYPE_CHECKING:
    from app.audit import Head


@click.group()
def audit() -> None:
    """Verify and export the audit log."""


@audit.command(
    help="Recompute every chain of the log. Exit status 1 when anything is not as it was sealed. Keep the printed heads "
    "elsewhere and give them back with --heads later: only they show that the end of a chain was not cut off."
    f"{example('portico audit verify --json > heads.json')}"
)
@click.option("--heads", type=click.File(), help="Output of an earlier `audit verify --json`.")
@takes_json
@fails_politely
def verify(heads: TextIO | None, as_json: bool) -> None:
    from app.audit import verify as recompute

    with open_gateway():
        report = recompute(_read_heads(heads))
    said = {
        "holds": report.holds,
        "checked": report.checked,
        "erased": report.erased,
        "unsealed": report.unsealed,
        "oldest_unsealed": report.oldest_unsealed.isoformat() if report.oldest_unsealed else None,
        "findings": [asdict(finding) for finding in report.findings],
        "heads": [asdict(head) for head in report.heads],
    }
    say(
        "The log is as it was sealed."
        if report.holds
        else f"{len(report.findings)} things are not as they were sealed."
    )
    show(said, as_json=as_json)
    if not report.holds:
        sys.exit(1)


@audit.command(
    help="Print the log as JSON lines, oldest first, for an archive or another system. The lines are ASCII, one event "
    f"each.{example('portico audit export --organization org-… > audit.jsonl')}"
)
@click.option("--organization", help="Only events of this organization.")
@takes_json
@fails_politely
def export(organization: str | None, as_json: bool) -> None:
    from app.audit import EventFilter
    from app.audit import export as lines

    with open_gateway():
        for line in lines(EventFilter(organization_id=organization)):
            click.echo(line)


def _read_heads(heads: TextIO | None) -> list[Head]:
    from app.audit import Head

    if heads is None:
        return []
    try:
        return [Head(**head) for head in json.load(heads)["heads"]]
    except (ValueError, KeyError, TypeError) as error:
        raise click.BadParameter(f"not the output of `audit verify --json`: {error}") from None
