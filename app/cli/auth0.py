"""`portico auth0`: the trust with Auth0, made, proven and kept in step. The rest of it is made of operations."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from app.cli.auth0_import import import_group
from app.cli.auth0_output import Lines, say_plan, say_report, show_progress
from app.cli.gateway import cli_actor, open_gateway
from app.cli.operations import make_group
from app.cli.output import example, fails_politely, say, show, takes_json
from app.errors import PorticoError

auth0 = make_group("auth0", "The trust with Auth0: one connection, however many customers")
auth0.add_command(import_group, "import")


class CannotTell(click.ClickException):
    """The tenant could not be asked: whether there is drift is not known."""

    exit_code = 2


@contextmanager
def telling_apart() -> Iterator[None]:
    """Exit with 2 where nothing could be found out: 1 says that something is not as it should be."""
    try:
        yield
    except PorticoError as error:
        raise CannotTell(" ".join(filter(None, (error.public, error.hint or error.detail)))) from None


@auth0.command(
    "connect",
    help="Set up the trust, or put right what is not as it should be. Shows the plan first; running it again does what is "
    "left, or nothing. Credentials of a machine-to-machine application of the tenant come from the options, else from "
    "PORTICO_AUTH0_CLIENT_ID and PORTICO_AUTH0_CLIENT_SECRET (or the files that ..._FILE name), else they are those that "
    "were stored. With --print nothing is changed, and no credentials are needed."
    + example("portico auth0 connect --domain acme.eu.auth0.com --application Ledgerline --yes"),
    short_help="Set up the trust with Auth0, or repair it",
)
@click.option("--domain", help="The tenant's own domain, such as acme.eu.auth0.com; not a custom one.")
@click.option("--client-id", help="Of a machine-to-machine application that may use the Management API.")
@click.option("--client-secret", help="Its secret. Others on this machine can see options: a file is safer.")
@click.option(
    "--application",
    "--applications",
    "applications",
    multiple=True,
    help="Client id or name. Repeat it: names all of them.",
)
@click.option(
    "--organization",
    "--organizations",
    "organizations",
    multiple=True,
    metavar="ORG[=CUSTOMER]",
    help="An Auth0 organization (org_…), and the customer that it stands for: id, slug or external id. Repeat it.",
)
@click.option(
    "--custom-domain",
    "--custom-domains",
    "custom_domains",
    multiple=True,
    help="Of the tenant; looked up where the credentials may. Repeat it.",
)
@click.option("--connection-name", help="Part of every user's id in Auth0, for ever.  [default: portico]")
@click.option("--auth-method", type=click.Choice(["client_secret_post", "private_key_jwt"]))
@click.option("--claims-namespace", help="Begins the names of claims in Auth0's tokens.  [default: Portico's address]")
@click.option(
    "--discovery-domains/--no-discovery-domains", default=None, help="Let Auth0 find organizations by domain."
)
@click.option("--dry-run", is_flag=True, help="Show the plan, and change and store nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--print", "form", type=click.Choice(["json", "curl", "terraform"]), help="Print it instead.")
@click.option("--with-secret", is_flag=True, help="With --print: make the client in Portico and print a secret of it.")
@takes_json
@fails_politely
def connect(
    client_id: str | None,
    client_secret: str | None,
    dry_run: bool,
    yes: bool,
    form: str | None,
    with_secret: bool,
    as_json: bool,
    **said: Any,
) -> None:
    from app.auth0.pace import Patience
    from app.auth0.plan import describe
    from app.management import auth0 as shapes

    with open_gateway() as gateway:
        said["domain"] = said["domain"] or gateway.settings.auth0_domain or None
        said |= {"client_id": client_id, "client_secret": client_secret}
        given = {name: list(one) if isinstance(one, tuple) else one for name, one in said.items() if one}
        asked = shapes.ConnectIn.model_validate(given)
        typed, credentials = shapes.read_typed(asked), shapes.read_credentials(asked)
        if form is not None:
            who: Any = {"actor": cli_actor(), "now": gateway.clock()} if with_secret else {}
            text = gateway.auth0.print(typed, form, **who)
            show({"format": form, "text": text} if as_json else text, as_json=as_json)
            return
        planned = gateway.auth0.plan(typed, credentials, actor=cli_actor())
        say_plan(planned)
        if dry_run:
            answer = shapes.show_connected(describe(planned, {}), done=False, login_url=None)
        else:
            _ask(yes, changes=any(one.differences for one in planned))
            with show_progress() as progress:
                patience = Patience(tell=progress.wait)
                made = gateway.auth0.connect(
                    typed, credentials, actor=cli_actor(), progress=progress.step, patience=patience
                )
            steps = describe(made.steps, {})
            answer = shapes.show_connected(steps, done=True, login_url=made.login_url)
        if as_json:
            show(answer.model_dump(mode="json"), as_json=True)
        elif answer.login_url:
            say("Done. Try the whole way in a private window:")
            show(answer.login_url, as_json=False)
        elif answer.done:
            say("Done. Name an application (--application) to get an address that tries the whole way.")


@auth0.command(
    "verify",
    help="Prove that the trust is what it should be, and that onboarding customers made no connection. Exit status 0: all "
    "is as it should be; 1: something is not, or is not proven; 2: the tenant could not be asked."
    + example("portico auth0 verify --json"),
    short_help="Prove that the trust is what it should be",
)
@click.option(
    "--new-baseline", is_flag=True, help="Take the tenant's connections of now as those that were there before."
)
@takes_json
@fails_politely
def verify(new_baseline: bool, as_json: bool) -> None:
    from app.auth0.pace import Patience

    with open_gateway() as gateway, telling_apart():
        tenant = gateway.auth0.open_tenant(patience=Patience(tell=Lines().wait))
        report = gateway.auth0.verify(tenant, actor=cli_actor(), new_baseline=new_baseline)
    if as_json:
        show(report, as_json=True)
    else:
        say_report(report)
    if not report["ok"]:
        sys.exit(1)


def _ask(yes: bool, *, changes: bool) -> None:
    if yes or not changes:
        return
    if not sys.stdin.isatty():
        raise click.ClickException("Nothing was changed. Say --yes where nobody can be asked.")
    click.confirm("Go on?", abort=True, err=True)
