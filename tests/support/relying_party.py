"""A strict relying party in Python: what Auth0 does with the gateway, one attempt at a time."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

import requests
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.support.management import Client

_TIMEOUT_S = 20


class Answer(Protocol):
    """What came back to the redirect URI: the parameters of a query or a form, each once."""

    @property
    def answer(self) -> dict[str, str]: ...


@dataclass(frozen=True, slots=True)
class Login:
    """A finished login: verified claims, and the same from userinfo."""

    claims: Mapping[str, Any]
    userinfo: Mapping[str, Any]
    tokens: Mapping[str, Any] = field(repr=False)

    @property
    def sub(self) -> str:
        return str(self.claims["sub"])


@dataclass(frozen=True, slots=True)
class Attempt:
    """One authorization request of a relying party, with what it remembers until the answer comes."""

    url: str
    relying_party: RelyingParty
    state: str
    nonce: str
    verifier: str

    def code(self, answer: Answer) -> str:
        """Return the code of a success. `state` is ours, `iss` is the gateway (RFC 9207), and nothing else is there."""
        got = answer.answer
        assert set(got) == {"code", "state", "iss"}, got
        assert got["state"] == self.state
        assert got["iss"] == self.relying_party.issuer
        return got["code"]

    def error(self, answer: Answer) -> str:
        """Return the error code of a refusal that was sent back to us, with our `state` and the right `iss`."""
        got = answer.answer
        assert "code" not in got, got
        assert got["state"] == self.state
        assert got["iss"] == self.relying_party.issuer
        return got["error"]

    def redeem(self, code: str, **instead: str) -> requests.Response:
        """Ask for the tokens; `instead` replaces parameters of the request."""
        client = self.relying_party.client
        body = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": client.redirect_uri,
            "client_id": client.client_id,
            "client_secret": client.client_secret,
            "code_verifier": self.verifier,
        }
        return self.relying_party.post("/oauth2/token", {**body, **instead})

    def finish(self, answer: Answer) -> Login:
        """Redeem the code, verify the ID token, fetch userinfo, and check that both say the same."""
        response = self.redeem(self.code(answer))
        assert response.status_code == 200, response.text
        tokens = response.json()
        claims = self.relying_party.verify(tokens["id_token"])
        assert claims["nonce"] == self.nonce
        userinfo = self.relying_party.userinfo(tokens["access_token"])
        assert userinfo.status_code == 200, userinfo.text
        of_token = {"iss", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "acr", "amr", "session_expiry"}
        assert {k: v for k, v in claims.items() if k not in of_token} == {
            k: v for k, v in userinfo.json().items() if k not in of_token
        }
        return Login(claims, userinfo.json(), tokens)


class RelyingParty:
    """One client of the gateway at `issuer`, by the clock `now` (seconds since 1970)."""

    def __init__(self, issuer: str, client: Client, now: Callable[[], float] = time.time) -> None:
        self.issuer = issuer
        self.client = client
        self._now = now
        self._session = requests.Session()
        self._session.trust_env = False

    def attempt(self, **parameters: str) -> Attempt:
        """Begin a login with PKCE, `state` and `nonce`; `parameters` are added, an empty value removes one."""
        state, nonce, verifier = secrets.token_urlsafe(16), secrets.token_urlsafe(16), secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": self.client.client_id,
            "redirect_uri": self.client.redirect_uri,
            "scope": "openid email profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **parameters,
        }
        query = {name: value for name, value in query.items() if value}
        return Attempt(f"{self.issuer}/oauth2/authorize?{urlencode(query)}", self, state, nonce, verifier)

    def post(self, path: str, body: Mapping[str, str]) -> requests.Response:
        return self._session.post(self.issuer + path, data=body, timeout=_TIMEOUT_S, allow_redirects=False)

    def userinfo(self, access_token: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {access_token}"}
        return self._session.get(f"{self.issuer}/oauth2/userinfo", headers=headers, timeout=_TIMEOUT_S)

    def verify(self, id_token: str) -> dict[str, Any]:
        """Return the claims of a token that the gateway's published keys signed, for us, now (OIDC Core 3.1.3.7)."""
        keys = self._session.get(f"{self.issuer}/oauth2/jwks", timeout=_TIMEOUT_S).json()
        token = jwt.decode(id_token, KeySet.import_key_set(keys), algorithms=["RS256", "ES256"])
        rules = jwt.JWTClaimsRegistry(
            now=int(self._now()),
            leeway=0,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            auth_time={"essential": True},
        )
        rules.validate(token.claims)
        return dict(token.claims)
