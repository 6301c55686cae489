"""What the gateway sends to end a person's sessions at Auth0, at the stand-in's endpoint (facts about Auth0, section 5)."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask, jsonify
from werkzeug.serving import make_server

from app.access import NewClient, add_client
from app.cipher import Cipher
from app.crypto import SigningKeys
from app.database import transaction
from app.demo.loopback import LoopbackHttp
from app.demo.standin.profile import User
from app.demo.standin.sessions import Session
from app.provider.logout.telling import Telling, note_ended
from portico_sdk import HttpResponse
from tests.support.auth0_tenant import Auth0Tenant, run_auth0_tenant
from tests.support.clock import SettableClock
from tests.support.customers import OPERATOR
from tests.support.gateway import free_port

ISSUER = "https://sso.portico.example"


@dataclass(frozen=True)
class Ended:
    """A session that its provider ended."""

    client_id: str
    organization_id: str = "org-a"
    connection_id: str = "con-a"
    sub: str = "usr-jane"


class Loopback:
    """The way out, without the guard."""

    def request(self, method: str, url: str, *, headers: dict[str, str], data: bytes) -> HttpResponse:
        answer = LoopbackHttp().request(method, url, headers=headers, body=json.loads(data))
        return HttpResponse(answer.status, dict(answer.headers), answer.body)


@pytest.fixture
def keys(app_context: Flask, cipher: Cipher, clock: SettableClock) -> SigningKeys:
    made = SigningKeys(cipher)
    made.ensure(clock())
    return made


@pytest.fixture
def jwks_uri(keys: SigningKeys, clock: SettableClock) -> Iterator[str]:
    published, port = keys.public_jwks(clock()), free_port()
    provider = Flask("jwks")
    provider.add_url_rule("/jwks", "jwks", lambda: jsonify(published))
    server = make_server("127.0.0.1", port, provider)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{port}/jwks"
    server.shutdown()
    server.server_close()


@pytest.fixture
def tenant(clock: SettableClock) -> Iterator[Auth0Tenant]:
    with run_auth0_tenant(clock=clock) as running:
        yield running


def test_the_tenant_takes_what_the_gateway_sends(
    tenant: Auth0Tenant, keys: SigningKeys, jwks_uri: str, clock: SettableClock
) -> None:
    """Typ, issuer, client, endpoint, one use, five minutes: the sender and the stand-in's checks agree."""
    url = f"{tenant.origin}/oauth/global-token-revocation/connection/portico"
    new = NewClient("Auth0", [f"{tenant.origin}/login/callback"], [], global_token_revocation_url=url)
    client_id = add_client(new, actor=OPERATOR, now=clock())[0].id
    tenant.add_connection("oidc", "portico", {"client_id": client_id, "issuer": ISSUER, "jwks_uri": jwks_uri})
    tenant.add_user("oidc|portico|usr-jane", "portico")
    session = Session(User("oidc|portico|usr-jane", {}, (), clock()), "con_1", "oidc|portico|usr-jane")
    handle = tenant.standin.sessions.put(session)
    telling = Telling(ISSUER, keys, Loopback(), os.urandom)
    with transaction():
        note_ended([Ended(client_id)], True, clock())
    assert telling.tell_due(clock()) == 1
    assert tenant.standin.sessions.find(handle) is None
    assert [entry["user_id"] for entry in tenant.logs("universal_logout_succeeded")] == ["oidc|portico|usr-jane"]
