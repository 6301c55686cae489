"""A running gateway to measure, on either database, with customers in it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from app.settings import ROOT
from bench.login import REDIRECT_URI, Target
from bench.processes import Watched
from tests.support.certificates import make_certified
from tests.support.gateway import Gateway
from tests.support.peers import find_program
from tests.support.postgresql import run_server
from tests.support.signing_idp import SigningIdp

ENTITY_ID = "https://idp.bench.example/metadata"
SSO_URL = "https://idp.bench.example/sso"


class MissingPeer(Exception):
    """A program that this measurement needs is not here."""


@dataclass(slots=True)
class Installation:
    """What is measured: the server, its database where that is a process of its own, and the way in."""

    gateway: Gateway
    watched: Watched
    target: Target

    def grow(self, connections: int) -> None:
        """Seed copies of the first connection until there are so many."""
        missing = connections - len(self.target.connections)
        if missing <= 0:
            return
        done = subprocess.run(
            [sys.executable, "-m", "bench.seed", self.target.connections[0], str(missing)],
            env=self.gateway.environment,
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        self.target = replace(self.target, connections=(*self.target.connections, *done.stdout.split()))


@contextmanager
def run_installation(database: str, workers: int) -> Iterator[Installation]:
    """Start a gateway on `sqlite` or `postgresql` with one customer; everything goes away at the end.

    Raises:
        MissingPeer: there is no PostgreSQL on this machine.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portico-bench-")))
        roots: dict[str, int] = {}
        url = f"sqlite:///{folder / 'portico.sqlite3'}"
        if database == "postgresql":
            program = find_program("postgresql")
            if program is None:
                raise MissingPeer("postgresql is not installed")
            server = stack.enter_context(run_server(program, durable=True))
            server.create("bench")
            url = server.url("bench")
            roots["database"] = server.pid
        gateway = Gateway(folder, url, workers=workers)
        stack.callback(gateway.stop)
        gateway.start()
        yield Installation(gateway, Watched({"server": gateway.pid, **roots}), _first_customer(gateway))


def _first_customer(gateway: Gateway) -> Target:
    key = make_certified("bench")
    client = gateway.api.add_client(REDIRECT_URI)
    organization = gateway.api.add_organization()  # no domain: the copies share the persons
    settings = {"idp_entity_id": ENTITY_ID, "sso_url": SSO_URL, "certificates": [key.certificate_pem]}
    connection = gateway.api.add_connection(organization["id"], "saml", settings)
    return Target(
        issuer=gateway.base_url,
        client_id=client.client_id,
        client_secret=client.client_secret,
        connections=(connection["id"],),
        idp=SigningIdp(key.key_pem, key.certificate_pem),
        idp_entity_id=ENTITY_ID,
    )
