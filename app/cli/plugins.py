"""`portico plugins`: which adapter plug-ins are there and what became of each; writing a new one, and checking it."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from app.cli.gateway import open_gateway
from app.cli.output import example, fails_politely, say, show, takes_json


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
        ready = [(a.spec.key, a.distribution, a.version, a.spec.contract, "ready", "") for a in registry.specs()]
        failed = [(p.name, p.distribution, p.version, "", "failed", p.reason) for p in registry.failed()]
        skipped = [("", name, "", "", "skipped", "not named in PORTICO_ADAPTERS") for name in registry.skipped()]
    names = ("key", "distribution", "version", "contract", "state", "reason")
    items = [dict(zip(names, row, strict=True)) for row in (*ready, *failed, *skipped)]
    show({"items": items, "next": None}, as_json=as_json)


@plugins.command(
    help="Write a new adapter, portico-adapter-NAME, into a folder of that name below this one. Its tests pass at once; "
    "docs/tutorials/adapter-in-fifteen-minutes.md goes on from there."
    + example("portico plugins new acme --protocol saml"),
)
@click.argument("name")
@click.option("--protocol", type=click.Choice(["saml", "oidc"]), required=True, help="What the provider speaks.")
@takes_json
@fails_politely
def new(name: str, protocol: str, as_json: bool) -> None:
    from app.cli.new_plugin import write_plugin

    files = [str(path) for path in write_plugin(name, protocol, Path())]
    folder = f"portico-adapter-{name}"
    say(f"Wrote {folder}. Next: portico plugins check {folder}")
    show({"folder": folder, "files": files}, as_json=as_json)


@plugins.command(
    help="Check a plug-in in its folder: whether the gateway would load it, its settings, its set-up steps, and its tests "
    "with the conformance kit. Every failure says what is required. Exit status 1 when anything fails."
    f"{example('portico plugins check portico-adapter-acme')}",
)
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@takes_json
@fails_politely
def check(path: Path, as_json: bool) -> None:
    from app.cli.plugin_check import check_plugin

    findings = check_plugin(path)
    failed = [finding for finding in findings if finding.state == "fail"]
    if as_json:
        show({"ok": not failed, "findings": [asdict(finding) for finding in findings]}, as_json=True)
    else:
        for finding in findings:
            state = click.style(f"{finding.state:4}", fg="red" if finding.state == "fail" else "green")
            click.echo(f"{state}  {finding.part:8}  {finding.subject}")
            if finding.reason:
                click.echo(f"      {finding.reason}")
    say("It keeps the contract." if not failed else f"{len(failed)} to mend.")
    if failed:
        sys.exit(1)
