"""The proof of issue 4: certified and other clients log in across a rotation of our keys and of their own credentials.

openid-client 5 and 6, Authlib's client and the stand-in for Auth0, each with a secret and with a key of its own, each
through a SAML and an OpenID connection. Each on one kind of database; PORTICO_SOAK=1 runs both on both.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, jsonify

from app.crypto.models import StoredSigningKey
from app.database import transaction
from app.outbound.models import RemoteDocument
from tests.flows.node_peer import run_peer
from tests.flows.rotating_clients import AuthlibRelyingParty, Keys, NodeRelyingParty, RelyingParty, StandIn, serve
from tests.flows.test_login_oidc import connect
from tests.support.browser import Browser
from tests.support.databases import KINDS, running_app
from tests.support.gateway import Gateway, free_port
from tests.support.gateways import Ports
from tests.support.management import Client
from tests.support.saml_customer import SamlCustomer
from tests.support.simulator import Simulator
from tests.support.soak import SOAK


class Parties:
    """Every client software in two forms, with a secret and with keys, whose public halves are served here."""

    def __init__(self, gateway: Gateway, stack: ExitStack, ports: Ports, folder: Path) -> None:
        self._issuer, self._stack, self._folder = gateway.base_url, stack, folder
        self._jwks_base = f"http://127.0.0.1:{ports.relying_party}"
        self.named: dict[str, RelyingParty] = {}
        app = Flask("keys of clients")
        app.add_url_rule("/<name>", "jwks", lambda name: jsonify(self.named[name].jwks))
        stack.enter_context(serve(app, ports.relying_party))

    def add_openid_client(self, script: str, signs: bool) -> None:
        peer = self._stack.enter_context(run_peer(script, self._folder / "peer.log"))
        self._add(script.removesuffix(".mjs"), NodeRelyingParty(self._issuer, peer, signs))

    def add_authlib(self, signs: bool) -> None:
        self._add("authlib", AuthlibRelyingParty(self._issuer, Keys() if signs else None))

    def add_standin(self, signs: bool) -> None:
        port = free_port()
        party = StandIn(self._issuer, Keys() if signs else None, port)
        self._stack.enter_context(serve(party.app, port))
        self._add("standin", party)

    def _add(self, software: str, party: RelyingParty) -> None:
        self.named[f"{software}-{party.method}"] = party

    def register(self, gateway: Gateway) -> dict[str, Client]:
        """Make each a client of the gateway."""
        made = {}
        for name, party in self.named.items():
            more: dict[str, Any] = {"jwks_uri": f"{self._jwks_base}/{name}"} if party.jwks else {}
            made[name] = gateway.api.add_client(party.callback, token_endpoint_auth_method=party.method, **more)
            party.use(made[name])
        return made


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as entered:
        yield entered


@pytest.fixture
def parties(gateway: Gateway, stack: ExitStack, ports: Ports, tmp_path: Path) -> Parties:
    return Parties(gateway, stack, ports, tmp_path)


class Company:
    """Two customers of the gateway; a person of each logs in through a client."""

    def __init__(self, gateway: Gateway, simulator: Simulator) -> None:
        self._saml = SamlCustomer(gateway)
        self._simulator = simulator
        self._oidc = connect(gateway, simulator, "oidc")["id"]

    def log_in(self, party: RelyingParty) -> None:
        """Once by each protocol, each time in a browser that has been nowhere. Raises what the client's software says."""
        browser = Browser()
        asked = self._saml.receive(browser, party.begin(self._saml.id))
        party.finish(browser.reach(self._saml.respond(asked), party.landing))
        browser = Browser()
        page = browser.read(party.begin(self._oidc))
        step = self._simulator.sign_in(browser, page, f"ada@{self._simulator.domain('oidc')}")
        party.finish(browser.reach(step, party.landing))

    def fails(self, parties: Parties) -> dict[str, str]:
        """Who cannot log in, and what its software says."""
        found = {}
        for name, party in parties.named.items():
            try:
                self.log_in(party)
            except AssertionError as error:
                found[name] = str(error)[:300]
        return found


def let_pass(gateway: Gateway, hours: int) -> None:
    """Move what is stored about keys and documents back, and start the processes again, which have memories."""
    gateway.stop()
    past = timedelta(hours=hours)
    with running_app(gateway.database_url) as app, app.app_context(), transaction() as session:
        for key in session.query(StoredSigningKey):
            for name in ("created_at", "active_from", "retired_at", "remove_at"):
                at = getattr(key, name)
                setattr(key, name, at and at - past)
        for document in session.query(RemoteDocument):
            document.fetched_at = document.fetched_at and document.fetched_at - past
            document.attempted_at -= past
    gateway.start()


def current_kid(gateway: Gateway) -> str:
    keys = gateway.command("keys", "list")["items"]
    return str(next(key["kid"] for key in keys if (key["alg"], key["state"]) == ("RS256", "current")))


def add_secrets(gateway: Gateway, clients: dict[str, Client]) -> dict[str, Client]:
    """A second secret beside the first; a client with keys has published its next one long since."""
    following = dict(clients)
    for name, client in clients.items():
        if client.client_secret:
            made = gateway.api.post(f"/clients/{client.client_id}/secrets")
            following[name] = Client(client.client_id, made["client_secret"], client.redirect_uri)
    return following


def revoke_oldest_secrets(gateway: Gateway, clients: dict[str, Client]) -> None:
    """Every secret was used by then, and says so."""
    for client in clients.values():
        path = f"/clients/{client.client_id}/secrets"
        secrets = gateway.api.get(path)["items"]
        assert all(secret["last_used_at"] for secret in secrets)
        if secrets:
            gateway.api.delete(f"{path}/{min(secrets, key=lambda secret: secret['created_at'])['id']}")


def rotate_everything(gateway: Gateway, simulator: Simulator, parties: Parties) -> None:
    """Everybody logs in before; with the next key published; when it signs; with new credentials; without the old."""
    company = Company(gateway, simulator)
    clients = parties.register(gateway)
    assert company.fails(parties) == {}

    before = current_kid(gateway)
    gateway.command("keys", "rotate", "--alg", "RS256")
    following = add_secrets(gateway, clients)
    let_pass(gateway, hours=1)
    for party in parties.named.values():
        party.forget_keys()  # what it keeps is older than an hour by now
    assert company.fails(parties) == {}

    let_pass(gateway, hours=24)
    assert current_kid(gateway) != before
    assert company.fails(parties) == {}

    for name, party in parties.named.items():
        party.use(following[name])
    assert company.fails(parties) == {}
    revoke_oldest_secrets(gateway, clients)
    assert company.fails(parties) == {}

    for name, party in parties.named.items():
        party.use(clients[name])
    with_old_secrets = company.fails(parties)
    assert with_old_secrets.keys() == {name for name, party in parties.named.items() if not party.jwks}


@pytest.mark.peer("node")
@pytest.mark.databases(*(KINDS if SOAK else ("postgresql",)))
def test_openid_client_goes_on_across_a_rotation(gateway: Gateway, simulator: Simulator, parties: Parties) -> None:
    """Both lines that Auth0's engine is made of, with `client_secret_post` and `private_key_jwt`."""
    for script in ("rp5.mjs", "rp6.mjs"):
        for signs in (False, True):
            parties.add_openid_client(script, signs)
    rotate_everything(gateway, simulator, parties)


@pytest.mark.databases(*(KINDS if SOAK else ("sqlite",)))
def test_authlib_and_the_standin_go_on_across_a_rotation(
    gateway: Gateway, simulator: Simulator, parties: Parties
) -> None:
    """Authlib's Flask client, and the demo's stand-in for Auth0 with an application behind it."""
    for signs in (False, True):
        parties.add_authlib(signs)
        parties.add_standin(signs)
    rotate_everything(gateway, simulator, parties)
