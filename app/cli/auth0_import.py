"""`portico auth0 import`: from a connection for each customer to one. The rest of it is made of operations."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from app.cli.auth0_sources import read_connections, read_users
from app.cli.gateway import cli_actor, open_gateway
from app.cli.operations import make_group
from app.cli.output import example, fails_politely, say, show, takes_json

import_group = make_group(
    "auth0-import",
    "Import the connections that an Auth0 tenant has today, and move customers over",
    called=("auth0", "import"),
)
import_group.add_command(
    make_group("auth0-move", "How far organizations have moved", called=("auth0", "import", "moves"))
)

_PLAN = "portico auth0 import plan --tenant acme.eu.auth0.com --custom-domain login.acme.example"


def _takes_credentials(command: Callable[..., Any]) -> Callable[..., Any]:
    command = click.option("--client-secret", default="", help="Its secret. Others on this machine can see options.")(
        command
    )
    return click.option("--client-id", default="", help="Of a machine-to-machine application of the tenant.")(command)


def _takes_source(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say what is imported, and how."""
    options = (
        click.option("--tenant", required=True, help="The tenant's own domain, such as acme.eu.auth0.com."),
        click.option("--deploy-cli", metavar="FOLDER|FILE", help="Read an export of the Auth0 deploy CLI instead."),
        click.option("--terraform", metavar="FILE", help="Read a Terraform state instead."),
        click.option("--custom-domain", multiple=True, help="Of the tenant; its /login/callback will lead to Portico."),
        click.option("--organization", multiple=True, metavar="NAME=ORG", help="Whose a connection is. Repeat it."),
        click.option("--vouch-domains", is_flag=True, help="Your word that its domains are the customer's."),
        click.option("--idp-initiated-client-id", default="", help="Where people go who start at their provider."),
        click.option("--legacy-prefix", multiple=True, metavar="NAME=PREFIX", help="How old ids begin. Repeat it."),
    )
    command = _takes_credentials(command)
    for option in reversed(options):
        command = option(command)
    return command


@import_group.command(
    "plan",
    help="Say what importing would do, and what each customer must change: nothing, one thing, or a new set-up. Stores "
    "nothing. Reads the tenant unless an export is named." + example(_PLAN),
    short_help="Say what importing would do; store nothing",
)
@_takes_source
@takes_json
@fails_politely
def plan(as_json: bool, **said: Any) -> None:
    _import(said, as_json=as_json, dry_run=True)


@import_group.command(
    "run",
    help="Import the connections as drafts, and report. What was imported before is left as it is."
    + example(_PLAN.replace(" plan ", " run ")),
    short_help="Import connections as drafts",
)
@_takes_source
@takes_json
@fails_politely
def run(as_json: bool, **said: Any) -> None:
    _import(said, as_json=as_json, dry_run=False)


@import_group.command(
    "record-users",
    help="Record the ids that people of an imported connection have in the tenant, as hashes: from an export of its users "
    "with one JSON object on each line, else by searching the tenant, which finds 1,000 at most."
    + example("portico auth0 import record-users imp-… --file users.ndjson"),
    short_help="Record the ids that people have in the tenant",
)
@click.argument("import_id")
@click.option("--file", metavar="FILE", help="An export of users, with `user_id` and `identities`.")
@_takes_credentials
@takes_json
@fails_politely
def record_users(import_id: str, file: str | None, client_id: str, client_secret: str, as_json: bool) -> None:
    from app.auth0.importing.suspending import get_import
    from app.auth0.importing.user_ids import record_user_ids

    with open_gateway() as gateway:
        row = get_import(import_id)
        users = read_users(gateway, row.name, row.tenant, file, (client_id, client_secret))
        done = record_user_ids(import_id, users, actor=cli_actor(), now=gateway.clock())
        answer = {"added": done.added, "known": done.known, "elsewhere": done.elsewhere, "refused": done.refused}
    show(answer, as_json=as_json)


@import_group.command(
    "link-action",
    help="Write the Action that links old users, for the organizations in their dual run now; with --deploy put it "
    "into the tenant that Portico is connected with, behind the login Action."
    + example("portico auth0 import link-action > link.js"),
    short_help="Write the Action that links old users",
)
@click.option("--deploy", is_flag=True, help="Create or update it in the tenant, and bind it.")
@click.option("--action-client-id", default="", help="With --deploy, the first time: in whose name it asks.")
@click.option("--action-client-secret", default="", help="Its secret.")
@takes_json
@fails_politely
def link_action(deploy: bool, action_client_id: str, action_client_secret: str, as_json: bool) -> None:
    from app.auth0.importing.deploying import deploy_link_action
    from app.auth0.importing.link_action import render_link_action
    from app.auth0.tenant import Credentials

    with open_gateway() as gateway:
        code, connections = render_link_action()
        if deploy:
            given = Credentials(action_client_id, action_client_secret) if action_client_id else None
            changed = deploy_link_action(gateway.auth0.open_tenant(), code, given)
            say("Deployed." if changed else "It is there as it should be.")
    if as_json:
        show({"code": code, "connections": connections}, as_json=True)
        return
    say(f"It links for {connections} connections. Write it anew whenever a dual run begins or ends.")
    if deploy:
        return
    sys.stdout.write(code)


def _import(said: dict[str, Any], *, as_json: bool, dry_run: bool) -> None:
    from app.auth0.importing.hosts import parse_host
    from app.auth0.importing.plan import ImportOptions, make_plan
    from app.auth0.importing.report import make_report, write_lines
    from app.auth0.importing.running import run_import, show_plan

    with open_gateway() as gateway:
        options = ImportOptions(
            tenant=parse_host(said["tenant"], "tenant"),
            custom_domains=tuple(parse_host(domain, "custom_domains") for domain in said["custom_domain"]),
            organizations=_pairs("--organization", said["organization"]),
            vouch_domains=said["vouch_domains"],
            idp_initiated_client_id=said["idp_initiated_client_id"],
            legacy_prefixes=_pairs("--legacy-prefix", said["legacy_prefix"]),
        )
        found = read_connections(
            gateway,
            tenant=said["tenant"],
            deploy_cli=said["deploy_cli"],
            terraform=said["terraform"],
            credentials=(said["client_id"], said["client_secret"]),
        )
        rooms, now = gateway.rooms, gateway.clock()
        planned = make_plan(found, options, rooms.registry, rooms.fetch, now=now, tell=say)
        if dry_run:
            rows = show_plan(planned, options, rooms.connections)
        else:
            rows = run_import(planned, options, rooms.connections, actor=cli_actor(), now=now, tell=say)
    report = make_report(options.tenant, rows, dry_run=dry_run)
    show(report if as_json else "\n".join(write_lines(report)), as_json=as_json)


def _pairs(flag: str, written: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for one in written:
        name, equals, value = one.partition("=")
        if not equals or not name or not value:
            raise click.BadParameter(f"{one!r} is not NAME=VALUE", param_hint=flag)
        found[name] = value
    return found
