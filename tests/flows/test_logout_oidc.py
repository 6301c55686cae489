"""Logout with OpenID providers, from both ends, and what Auth0 hears of it (RP-Initiated and Back-Channel Logout 1.0)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import KeySet
from werkzeug.test import TestResponse

from app.gateway import Gateway
from portico_oidc.testing import sign, signing_key
from portico_sdk import BeginResult, Redirect
from tests.support.clock import SettableClock
from tests.support.oidc_customer import TELL, LocalProvider, local_provider
from tests.support.whole_app import Api, whole_app

CALLBACK = "https://tenant.example/login/callback"
BACK = "https://tenant.example/v2/logged-out"
EVENT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass
class World:
    """One gateway with one customer at one provider, and a browser."""

    app: Flask
    api: Api
    clock: SettableClock
    local: LocalProvider
    client: dict[str, Any]
    connection: dict[str, Any]

    def __post_init__(self) -> None:
        self.gateway: Gateway = self.app.extensions["portico"]
        self.browser: FlaskClient = self.app.test_client()

    def authorize(self, **more: str) -> dict[str, str]:
        """Return the answer to the client, or where else the browser is sent."""
        query = {
            "client_id": self.client["client_id"],
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": "openid",
            "state": "s",
            "connection": self.connection["id"],
            **more,
        }
        location = self.browser.get(f"/oauth2/authorize?{urlencode(query)}").headers["Location"]
        return {**dict(parse_qsl(urlsplit(location).query)), "": location}

    def log_in(self) -> dict[str, Any]:
        """Log in through the provider, and return the tokens."""
        begun = BeginResult(Redirect(self.authorize(prompt="login")[""]), {})
        path = urlsplit(self.connection["service_provider"]["redirect_uri"]).path
        brought = self.local.provider.sign_in(begun)
        location = self.browser.get(f"{path}?{urlencode(brought.unverified_params)}").headers["Location"]
        form = {
            "grant_type": "authorization_code",
            "code": dict(parse_qsl(urlsplit(location).query))["code"],
            "redirect_uri": CALLBACK,
            "client_id": self.client["client_id"],
            "client_secret": self.client["client_secret"],
        }
        answer = self.browser.post("/oauth2/token", data=form)
        assert answer.status_code == 200, answer.text
        return dict(answer.get_json())

    @property
    def signed_in(self) -> bool:
        return "code" in self.authorize(prompt="none")

    def send_logout_token(self, **changes: Any) -> TestResponse:
        issued = int(self.clock().timestamp())
        usual = {
            "iss": self.local.provider.issuer,
            "aud": self.local.provider.client_id,
            "iat": issued,
            "exp": issued + 120,
            "jti": "once",
            "sub": "alice",
            "events": {EVENT: {}},
            **changes,
        }
        claims = {name: value for name, value in usual.items() if value is not None}
        return self.post_logout_token(sign(claims, self.local.provider.signer, {"typ": "logout+jwt"}))

    def post_logout_token(self, token: str) -> TestResponse:
        path = urlsplit(self.connection["service_provider"]["backchannel_logout_uri"]).path
        return self.app.test_client().post(path, data={"logout_token": token})


@pytest.fixture
def world(database_url: str, clock: SettableClock, tmp_path: Path) -> Iterator[World]:
    """Everything in this process but the provider, which has a port of its own."""
    with (
        local_provider() as local,
        whole_app(database_url, clock, tmp_path, outbound_allow=(local.origin,)) as app,
    ):
        with app.app_context():
            app.extensions["portico"].keys.ensure(clock())
        local.provider.now = clock()
        local.provider.discovery["end_session_endpoint"] = f"{local.origin}/logout"
        api = Api(app, clock)
        client = api.ok(
            "POST",
            "/clients",
            {
                "name": "Auth0",
                "redirect_uris": [CALLBACK],
                "require_pkce": False,
                "post_logout_redirect_uris": [BACK],
                "global_token_revocation_url": f"{local.origin}{TELL}",
            },
        )
        organization = api.ok("POST", "/organizations", {"name": "Halden"})
        settings = local.provider.settings()
        path = f"/organizations/{organization['id']}/connections"
        connection = api.ok("POST", path, {"adapter": "oidc", "settings": settings})
        api.ok("POST", f"/connections/{connection['id']}/activate", {"skip_test": True})
        yield World(app, api, clock, local, client, connection)


def test_the_person_is_signed_out_at_the_provider_too(world: World) -> None:
    """Its logout endpoint gets its own ID token, and gives the browser back to us, and we to the application."""
    tokens = world.log_in()
    assert world.signed_in
    query = urlencode({"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": BACK, "state": "s"})
    location = world.browser.get(f"/oauth2/logout?{query}").headers["Location"]
    assert location.startswith(f"{world.local.origin}/logout?")
    sent = dict(parse_qsl(urlsplit(location).query))
    assert sent["post_logout_redirect_uri"] == world.connection["service_provider"]["post_logout_redirect_uri"]
    assert sent["client_id"] == world.local.provider.client_id
    hinted = jwt.decode(sent["id_token_hint"], KeySet.import_key_set({"keys": world.local.provider.keys}), ["RS256"])
    assert hinted.claims["sub"] == "alice"
    assert not world.signed_in
    path = urlsplit(sent["post_logout_redirect_uri"]).path
    assert world.app.test_client().get(f"{path}?state={sent['state']}").status_code == 400, "another browser"
    assert world.browser.get(f"{path}?state={sent['state']}").headers["Location"] == f"{BACK}?state=s"
    assert world.browser.get(f"{path}?state={sent['state']}").status_code == 400, "a second time"
    assert world.browser.get(path).status_code == 400
    assert world.local.told == [], "the application knows what it asked for"


def test_a_logout_token_ends_the_sessions_and_auth0_is_told(world: World) -> None:
    """Back-Channel Logout 2.5 to 2.8, then Global Token Revocation by the job."""
    tokens = world.log_in()
    sub = jwt.decode(tokens["id_token"], _keys(world), ["RS256"]).claims["sub"]
    answer = world.send_logout_token()
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert not world.signed_in
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert world.browser.get("/oauth2/userinfo", headers=bearer).status_code == 401
    with world.app.app_context():
        assert world.gateway.telling.tell_due(world.clock()) == 1
    ((headers, body),) = world.local.told
    issuer = world.gateway.settings.base_url
    assert body == {"subject": {"format": "iss_sub", "iss": issuer, "sub": sub}}
    proof = jwt.decode(headers["authorization"].removeprefix("Bearer "), _keys(world), ["RS256"])
    assert proof.claims["aud"] == f"{world.local.origin}{TELL}"


def test_auth0_is_told_after_the_session_here_is_long_over(world: World) -> None:
    """Auth0's session may live longer than ours: whom the provider means is remembered."""
    world.log_in()
    world.clock.advance(days=5)
    assert not world.signed_in
    assert world.send_logout_token().status_code == 200
    with world.app.app_context():
        assert world.gateway.telling.tell_due(world.clock()) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"events": None},
        {"nonce": "n"},
        {"aud": "another"},
        {"iss": "https://other.example"},
        {"sub": None},
        {"jti": None},
        {"exp": 1},
        {"iat": 1},
    ],
)
def test_a_logout_token_that_does_not_fit_ends_nothing(world: World, changes: dict[str, Any]) -> None:
    """2.6 and 2.8: 400, with the reference under which the reason is kept."""
    world.log_in()
    answer = world.send_logout_token(**changes)
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_request")
    reference = answer.get_json()["error_description"].rpartition(" ")[2]
    assert world.api.ok("GET", f"/sign-ins/{reference}")["outcome"] == "denied"
    assert world.signed_in


def test_a_logout_token_counts_once(world: World) -> None:
    """2.4 jti: shown again after the person signed in anew, it ends nothing."""
    world.log_in()
    assert world.send_logout_token().status_code == 200
    world.log_in()
    assert world.send_logout_token().status_code == 400
    assert world.signed_in
    assert world.send_logout_token(jti="twice").status_code == 200
    assert not world.signed_in


def test_forged_and_missing_tokens_end_nothing(world: World) -> None:
    """R1: another key; nothing; an ID token."""
    tokens = world.log_in()
    for token in ("", "x", tokens["id_token"], sign({"sub": "alice"}, signing_key("stranger"), {"kid": "key-1"})):
        assert world.post_logout_token(token).status_code == 400
    assert world.signed_in


def test_a_session_of_the_provider_is_one_session(world: World) -> None:
    """2.6: `sid` alone."""
    world.local.provider.claims["sid"] = "first"
    world.log_in()
    assert world.send_logout_token(sub=None, sid="second").status_code == 200
    assert world.signed_in
    assert world.send_logout_token(sub=None, sid="first", jti="2").status_code == 200
    assert not world.signed_in


def _keys(world: World) -> KeySet:
    return KeySet.import_key_set(world.app.test_client().get("/oauth2/jwks").get_json())
