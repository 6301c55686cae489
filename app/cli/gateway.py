"""The gateway without its HTTP: what a command works on."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from app.cli.output import say

if TYPE_CHECKING:
    from app.audit import Actor
    from app.gateway import Gateway
    from app.settings import Settings


@contextmanager
def open_gateway() -> Iterator[Gateway]:
    """Assemble the gateway from the environment's settings, inside an application context."""
    from app import create_app

    app = create_app(read_settings())
    with app.app_context():
        gateway: Gateway = app.extensions["portico"]
        yield gateway


def read_settings() -> Settings:
    """Return the environment's settings, with the log on stderr from here on.

    Raises:
        ClickException: after saying what each variable lacks.
    """
    from pydantic import ValidationError

    from app.settings import Settings
    from app.web.logs import configure_logging

    configure_logging()
    try:
        return Settings()
    except ValidationError as error:
        for found in error.errors(include_url=False, include_input=False):
            name = "_".join(str(part) for part in found["loc"]).upper()
            say(f"PORTICO_{name}: {found['msg']}" if name else str(found["msg"]))
        raise click.ClickException("The settings cannot work.") from None


def cli_actor() -> Actor:
    """Who the audit log names: the command line, and as a personal field the account that ran it."""
    from app.audit import Actor

    try:
        account = getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        account = ""
    return Actor("cli", "portico", account)
