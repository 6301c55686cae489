"""Global token revocation: clients are told of people whom their provider signed out, again until they take it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import select

from app.access import NewClient, add_client, change_client
from app.audit import EventFilter, EventName, list_events
from app.cipher import Cipher
from app.crypto import SigningKeys
from app.database import db, transaction
from app.provider.grants import NewGrant, add_grant, consume_code, find_grant_by_code, find_grant_by_token
from app.provider.logout.telling import GIVE_UP, Telling, note_ended
from app.provider.models import TokenRevocation
from portico_sdk import HttpResponse, ProviderUnreachable
from tests.support.customers import OPERATOR

ISSUER = "https://sso.portico.example"
ADDRESS = "https://tenant.eu.auth0.com/oauth/global-token-revocation/connection/portico"


@dataclass
class Auth0:
    """The client's endpoint: notes what it is told, and answers with `status` (0: not at all)."""

    status: int = 200
    told: list[tuple[str, str, dict[str, str], dict[str, Any]]] = field(default_factory=list)

    def request(self, method: str, url: str, *, headers: dict[str, str], data: bytes) -> HttpResponse:
        if not self.status:
            raise ProviderUnreachable("outbound-timeout", "nobody answers")
        self.told.append((method, url, headers, json.loads(data)))
        return HttpResponse(self.status, {}, b"")


@dataclass(frozen=True)
class Ended:
    client_id: str
    organization_id: str = "org-a"
    connection_id: str = "con-a"
    sub: str = "usr-jane"


@pytest.fixture
def auth0() -> Auth0:
    return Auth0()


@pytest.fixture
def keys(app_context: Flask, cipher: Cipher, now: datetime) -> SigningKeys:
    made = SigningKeys(cipher)
    made.ensure(now)
    return made


@pytest.fixture
def telling(keys: SigningKeys, auth0: Auth0) -> Telling:
    return Telling(ISSUER, keys, auth0, os.urandom)


@pytest.fixture
def client_id(app_context: Flask, now: datetime) -> str:
    new = NewClient("Auth0", ["https://tenant.example/cb"], [], global_token_revocation_url=ADDRESS)
    return add_client(new, actor=OPERATOR, now=now)[0].id


def end(client_id: str, now: datetime, *, by_provider: bool = True) -> None:
    with transaction():
        note_ended([Ended(client_id)], by_provider, now)


def waiting() -> int:
    db.session().commit()
    return len(db.session.scalars(select(TokenRevocation)).all())


def test_auth0_is_told_by_a_token_of_our_own(
    telling: Telling, keys: SigningKeys, auth0: Auth0, client_id: str, now: datetime
) -> None:
    """iss_sub, a JWT by the keys of our ID tokens, for this endpoint, good for five minutes at most."""
    end(client_id, now)
    assert telling.tell_due(now) == 1
    ((method, url, headers, body),) = auth0.told
    assert (method, url) == ("POST", ADDRESS)
    assert body == {"subject": {"format": "iss_sub", "iss": ISSUER, "sub": "usr-jane"}}
    assert headers["Content-Type"] == "application/json"
    token = jwt.decode(
        headers["Authorization"].removeprefix("Bearer "), KeySet.import_key_set(keys.public_jwks(now)), ["RS256"]
    )
    assert token.header["typ"] == "global-token-revocation+jwt"
    claims = token.claims
    assert (claims["iss"], claims["sub"], claims["aud"]) == (ISSUER, client_id, ADDRESS)
    assert 0 < claims["exp"] - claims["iat"] <= 300
    assert len(claims["jti"]) == 32
    assert waiting() == 0
    events = list_events(EventFilter(target=client_id), limit=9, after=None).items
    assert events[0].name == EventName.CLIENT_TOLD


@pytest.mark.parametrize("status", [0, 401, 429, 500])
def test_it_is_told_again_until_it_takes_it(
    telling: Telling, auth0: Auth0, client_id: str, now: datetime, status: int
) -> None:
    """With growing pauses."""
    auth0.status = status
    end(client_id, now)
    assert telling.tell_due(now) == 0
    assert waiting() == 1
    said = len(auth0.told)
    assert telling.tell_due(now + timedelta(seconds=10)) == 0
    assert len(auth0.told) == said, "asked again at once"
    auth0.status = 204
    assert telling.tell_due(now + timedelta(seconds=31)) == 1
    assert waiting() == 0


def test_after_a_day_it_is_given_up_and_said_so(telling: Telling, auth0: Auth0, client_id: str, now: datetime) -> None:
    auth0.status = 500
    end(client_id, now)
    telling.tell_due(now)
    telling.tell_due(now + GIVE_UP + timedelta(seconds=1))
    assert waiting() == 0
    events = list_events(EventFilter(target=client_id), limit=9, after=None).items
    assert events[0].name == EventName.CLIENT_NOT_TOLD


def test_nobody_is_told_what_the_application_did_itself(
    telling: Telling, auth0: Auth0, client_id: str, now: datetime
) -> None:
    """Nor a client without an address, or a disabled one."""
    end(client_id, now, by_provider=False)
    assert waiting() == 0
    end(client_id, now)
    change_client(client_id, {"global_token_revocation_url": None}, actor=OPERATOR, now=now)
    assert telling.tell_due(now) == 0
    end(client_id, now)
    end("cli-unknown", now)
    assert (waiting(), auth0.told) == (0, [])


@pytest.mark.parametrize("by_provider", [True, False])
def test_what_the_client_holds_of_the_person_ends(
    app_context: Flask, client_id: str, now: datetime, by_provider: bool
) -> None:
    """Codes and access tokens, of this client and person alone."""
    codes = {}
    for sub in ("usr-jane", "usr-bob"):
        new = NewGrant(client_id, "org-a", "con-a", sub, "https://a", "openid", None, None, {}, "t" * 32)
        codes[sub] = [add_grant(new, now=now, random=os.urandom) for _ in range(2)]
        grant = find_grant_by_code(codes[sub][0], client_id)
        assert grant is not None
        assert consume_code(grant, f"token {sub}", now=now, lifetime=timedelta(minutes=5))
    end(client_id, now, by_provider=by_provider)
    assert find_grant_by_token("token usr-jane", now) is None
    assert find_grant_by_token("token usr-bob", now) is not None
    unredeemed = find_grant_by_code(codes["usr-jane"][1], client_id)
    assert unredeemed is not None
    assert not consume_code(unredeemed, "late", now=now, lifetime=timedelta(minutes=5))
