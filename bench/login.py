"""One whole login as four steps, each a request to the measured server: authorize, acs, token, userinfo.

The identity provider's part, signing included, is done in this process and never counts for the server.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from bench.wire import Wire
from tests.support.signing_idp import AuthnRequest, SigningIdp, Subject, parse_redirect, post_fields

STEPS = ("authorize", "acs", "token", "userinfo")
REDIRECT_URI = "https://tenant.example/login/callback"


class LoginFailed(Exception):
    """A step did not end as it must."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a login needs to know. All `connections` trust the same identity provider."""

    issuer: str
    client_id: str
    client_secret: str
    connections: tuple[str, ...]
    idp: SigningIdp = field(repr=False)
    idp_entity_id: str


class Login:
    """One login through one connection; call the steps in their order."""

    def __init__(self, target: Target, wire: Wire, connection: str, user: int) -> None:
        self._target = target
        self._wire = wire
        self._connection = connection
        self._user = f"user{user}@bench.example"
        self._cookies: dict[str, str] = {}
        self._state, self._nonce, self._verifier = (os.urandom(16).hex(), os.urandom(16).hex(), os.urandom(32).hex())
        self._asked: AuthnRequest | None = None
        self._posted: dict[str, str] = {}
        self._code = ""
        self._tokens: dict[str, Any] = {}

    def authorize(self) -> None:
        """Ask for a login; the answer sends the browser to the identity provider."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self._verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": self._target.client_id,
            "redirect_uri": REDIRECT_URI,
            "scope": "openid email profile",
            "state": self._state,
            "nonce": self._nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "acr_values": f"urn:portico:connection:{self._connection}",
        }
        url = f"{self._target.issuer}/oauth2/authorize?{urlencode(query)}"
        answer = self._wire.send("GET", url, cookies=self._cookies)
        if "SAMLRequest=" not in answer.location:
            raise LoginFailed(f"authorize: {answer.status} {answer.location[:200]} {answer.body[:300]!r}")
        self._asked = parse_redirect(answer.location)

    def sign_in(self) -> None:
        """The identity provider's part."""
        assert self._asked is not None
        attributes = {"email": [self._user], "firstName": ["Ada"], "lastName": ["Lovelace"]}
        subject = Subject(self._user, attributes)
        xml = self._target.idp.respond(self._asked, self._target.idp_entity_id, subject, datetime.now(UTC))
        self._posted = post_fields(xml, self._asked.relay_state)

    def acs(self) -> None:
        """Post the response; the answer carries a code."""
        assert self._asked is not None
        answer = self._wire.send("POST", self._asked.acs_url, self._posted, cookies=self._cookies)
        parameters = parse_qs(urlsplit(answer.location).query)
        if parameters.get("state") != [self._state] or "code" not in parameters:
            raise LoginFailed(f"acs: {answer.status} {answer.location[:200]} {answer.body[:300]!r}")
        self._code = parameters["code"][0]

    def token(self) -> None:
        """Redeem the code."""
        form = {
            "grant_type": "authorization_code",
            "code": self._code,
            "redirect_uri": REDIRECT_URI,
            "client_id": self._target.client_id,
            "client_secret": self._target.client_secret,
            "code_verifier": self._verifier,
        }
        answer = self._wire.send("POST", f"{self._target.issuer}/oauth2/token", form)
        if answer.status != 200:
            raise LoginFailed(f"token: {answer.status} {answer.body[:300]!r}")
        self._tokens = json.loads(answer.body)
        payload = self._tokens["id_token"].split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        if claims["nonce"] != self._nonce or claims["portico_connection"] != self._connection:
            raise LoginFailed("token: another login's ID token")

    def userinfo(self) -> None:
        """Fetch the profile."""
        headers = {"Authorization": f"Bearer {self._tokens['access_token']}"}
        answer = self._wire.send("GET", f"{self._target.issuer}/oauth2/userinfo", headers=headers)
        if answer.status != 200 or json.loads(answer.body)["email"] != self._user:
            raise LoginFailed(f"userinfo: {answer.status} {answer.body[:300]!r}")
