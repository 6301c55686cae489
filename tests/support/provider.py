"""The provider's endpoints in this process, on a clock that is turned by hand: a customer, clients, and codes for them.

A code is given as the end of a sign-in gives one, so that tests of what follows need no identity provider.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import KeySet
from werkzeug.test import TestResponse

from app.gateway import Gateway
from app.provider.grants import NewGrant, add_grant
from app.signin.trace import Trace, add_trace
from tests.support.certificates import Certified, make_certified
from tests.support.clock import SettableClock
from tests.support.whole_app import Api, whole_app

REDIRECT_URI = "https://tenant.example/login/callback"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636 appendix B
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
_KEY: list[Certified] = []


@dataclass(frozen=True, slots=True)
class Code:
    """A code that a client may redeem, and the reference of the login it stands for."""

    code: str
    client: Mapping[str, Any]
    trace_id: str


@pytest.fixture
def provider(database_url: str, clock: SettableClock, tmp_path: Path) -> Iterator[Provider]:
    """The provider in this process. tests/conftest.py imports it."""
    with whole_app(database_url, clock, tmp_path) as app:
        yield Provider(app, clock)


class Provider:
    """One gateway with one customer, driven through its routes."""

    def __init__(self, app: Flask, clock: SettableClock) -> None:
        self.app, self.clock = app, clock
        self.gateway: Gateway = app.extensions["portico"]
        self.issuer = self.gateway.settings.base_url
        self.browser = app.test_client()
        with app.app_context():
            self.gateway.keys.ensure(clock())
        self.api = Api(app, clock)
        self.organization: str = self.api.ok("POST", "/organizations", {"name": "Halden"})["id"]
        self.connection = self._connect()

    def _connect(self) -> str:
        if not _KEY:
            _KEY.append(make_certified("idp"))
        settings = {
            "idp_entity_id": "https://idp.halden.example/metadata",
            "sso_url": "https://idp.halden.example/sso",
            "certificates": [_KEY[0].certificate_pem],
        }
        path = f"/organizations/{self.organization}/connections"
        made = self.api.ok("POST", path, {"adapter": "saml", "settings": settings})["id"]
        self.api.ok("POST", f"/connections/{made}/activate", {"skip_test": True})
        return str(made)

    def client(self, **more: Any) -> dict[str, Any]:
        """Register a client; `client_secret_post` unless told otherwise."""
        made: dict[str, Any] = self.api.ok("POST", "/clients", {"name": "C", "redirect_uris": [REDIRECT_URI], **more})
        return made

    def code(self, client: Mapping[str, Any], **instead: Any) -> Code:
        """Give the client a code, as a finished sign-in does."""
        trace_id = os.urandom(16).hex()
        new = {
            "client_id": client["client_id"],
            "organization_id": self.organization,
            "connection_id": self.connection,
            "sub": "usr-ada",
            "redirect_uri": REDIRECT_URI,
            "scope": "openid",
            "nonce": "n-1",
            "code_challenge": CHALLENGE,
            "claims": {"sub": "usr-ada", "name": "Ada Lovelace", "portico_org": self.organization},
            "trace_id": trace_id,
            **instead,
        }
        with self.app.app_context():
            add_trace(Trace(trace_id, "authorize"), now=self.clock(), purpose="authorize")
            return Code(add_grant(NewGrant(**new), now=self.clock(), random=os.urandom), client, trace_id)

    def redeem(self, given: Code, /, **instead: str | None) -> TestResponse:
        """Send the token request; `instead` replaces parameters, None leaves one out."""
        return self.post("/oauth2/token", self.form(given, **instead))

    def form(self, given: Code, /, **instead: str | None) -> dict[str, str]:
        """Return the parameters of a token request."""
        form: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": given.code,
            "redirect_uri": REDIRECT_URI,
            "client_id": given.client["client_id"],
            "client_secret": given.client.get("client_secret"),
            "code_verifier": VERIFIER,
            **instead,
        }
        return {name: value for name, value in form.items() if value is not None}

    def tokens(self, given: Code, /, **instead: str | None) -> dict[str, Any]:
        """Redeem a code that must be good."""
        response = self.redeem(given, **instead)
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.get_json()
        return body

    def post(self, path: str, form: Any, **headers: str) -> TestResponse:
        """Send a form."""
        return self.browser.post(path, data=form, headers=headers)

    def userinfo(self, access_token: str) -> TestResponse:
        """Ask with the token in the header."""
        return self.browser.get("/oauth2/userinfo", headers={"Authorization": f"Bearer {access_token}"})

    def jwks(self) -> KeySet:
        """Fetch the published keys."""
        return KeySet.import_key_set(self.browser.get("/oauth2/jwks").get_json())

    def verify(self, id_token: str, client: Mapping[str, Any], keys: KeySet | None = None) -> dict[str, Any]:
        """Return the claims as a client does that knows `keys`, and the algorithm it is registered for (Core 3.1.3.7)."""
        alg = str(client["id_token_signed_response_alg"])
        token = jwt.decode(id_token, keys or self.jwks(), algorithms=[alg])
        rules = jwt.JWTClaimsRegistry(
            now=int(self.clock().timestamp()),
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": client["client_id"]},
            exp={"essential": True},
            iat={"essential": True},
        )
        rules.validate(token.claims)
        return dict(token.claims)

    def trace(self, reference: str) -> dict[str, Any]:
        """Return what an operator finds under a reference."""
        found: dict[str, Any] = self.api.ok("GET", f"/sign-ins/{reference}")
        return found
