"""`portico keys`: the provider's signing keys, and the encryption of stored secrets."""

from __future__ import annotations

from typing import Any

import click

from app.cli.gateway import cli_actor, open_gateway
from app.cli.output import example, fails_politely, show, takes_json


@click.group()
def keys() -> None:
    """Signing keys of the OpenID Provider, and encryption at rest."""


@keys.command("list", help=f"List signing keys, in the state that each is in.{example('portico keys list')}")
@takes_json
@fails_politely
def list_keys(as_json: bool) -> None:
    with open_gateway() as gateway:
        items = [_row(key) for key in gateway.keys.list(gateway.clock())]
    show({"items": items, "next": None}, as_json=as_json)


@keys.command(
    help="Publish the next key. It takes over by itself after 24 hours, so that nobody meets an unknown one; "
    f"the old one stays published after that.{example('portico keys rotate --alg RS256')}"
)
@click.option("--alg", type=click.Choice(["RS256", "ES256"]), default="RS256", show_default=True)
@click.option("--urgent", is_flag=True, help="The current key may have leaked: replace it within two minutes.")
@takes_json
@fails_politely
def rotate(alg: Any, urgent: bool, as_json: bool) -> None:
    with open_gateway() as gateway:
        key = gateway.keys.rotate(alg, gateway.clock(), cli_actor(), urgent=urgent)
    show(_row(key), as_json=as_json)


@keys.command(
    help="Encrypt every stored secret with the newest of PORTICO_ENCRYPTION_KEYS; afterwards the older ones can be "
    f"dropped. Restart every process with the new key first.{example('portico keys reseal')}"
)
@takes_json
@fails_politely
def reseal(as_json: bool) -> None:
    from app.crypto import seal_anew

    with open_gateway() as gateway:
        done = seal_anew(gateway.cipher)
    show({"sealed": dict(done)}, as_json=as_json)


def _row(key: Any) -> dict[str, str | None]:
    def time(name: str) -> str | None:
        value = getattr(key, name)
        return value.isoformat(timespec="seconds").replace("+00:00", "Z") if value else None

    return {
        "kid": key.kid,
        "alg": key.alg,
        "use": "sig",
        "state": key.state,
        **{name: time(name) for name in ("created_at", "active_from", "retired_at", "remove_at")},
    }
