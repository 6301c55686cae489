"""`portico operator`: who may use the console."""

from __future__ import annotations

from typing import Any

import click

from app.cli.gateway import cli_actor, open_gateway
from app.cli.output import example, fails_politely, show, takes_json


@click.group()
def operator() -> None:
    """Operators of the console."""


@operator.command(
    help="Make a one-time link, good for 24 hours, with which EMAIL chooses a password and a second factor. For an "
    f"operator who lost either, it replaces both.{example('portico operator create vera@yourcompany.example')}"
)
@click.argument("email")
@takes_json
@fails_politely
def create(email: str, as_json: bool) -> None:
    from app.access.operators import Invitations

    with open_gateway() as gateway:
        invitations = Invitations(gateway.cipher, gateway.settings.base_url)
        url = invitations.invite(email, actor=cli_actor(), now=gateway.clock())
    show({"email": email, "url": url}, as_json=as_json)


@operator.command("list", help=f"List operators.{example('portico operator list')}")
@takes_json
@fails_politely
def list_all(as_json: bool) -> None:
    from app.access.operators import list_operators

    with open_gateway():
        items = [_row(row) for row in list_operators()]
    show({"items": items, "next": None}, as_json=as_json)


@operator.command(help=f"Shut an operator out at once.{example('portico operator disable vera@yourcompany.example')}")
@click.argument("email")
@takes_json
@fails_politely
def disable(email: str, as_json: bool) -> None:
    from app.access.operators import disable_operator

    with open_gateway() as gateway:
        row = _row(disable_operator(email, actor=cli_actor(), now=gateway.clock()))
    show(row, as_json=as_json)


def _row(row: Any) -> dict[str, str | None]:
    seen = row.last_signed_in_at
    return {
        "id": row.id,
        "email": row.email,
        "name": row.name,
        "status": row.status,
        "last_signed_in_at": seen.isoformat(timespec="seconds").replace("+00:00", "Z") if seen else None,
    }
