"""The provider itself: discovery, authorization, token, userinfo and keys."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from portico_oidc.testing.context import CALLBACK, NOW
from portico_oidc.testing.http import SentRequest
from portico_oidc.testing.tokens import SigningKey, sign, signing_key
from portico_sdk import BeginResult, Callback, HttpResponse, Redirect


class FakeProvider:
    """A provider that checks what a good one checks. Its attributes are there to be changed.

    Attributes:
        discovery: members of its discovery document; None leaves one out.
        keys: published; `signer` signs.
        claims: members of the ID token that replace the usual ones; None leaves one out.
        header: the same for the ID token's header.
        userinfo: what the userinfo endpoint says; None: there is none.
        id_token: makes the ID token from its claims; replace it to forge.
        answers: URL -> the answer to give instead of the usual one.
        params: parameters of the answer to the browser that replace the usual ones; None leaves one out.
    """

    def __init__(self, issuer: str = "https://idp.test", *, client_id: str = "client-1", now: datetime = NOW) -> None:
        self.issuer, self.client_id, self.client_secret, self.now = issuer, client_id, "s3cret+/ %", now
        self.signer = signing_key("key-1")
        self.keys: list[dict[str, Any]] = [self.signer.public_jwk()]
        self.discovery: dict[str, Any] = self._discovery()
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.userinfo: dict[str, Any] | None = {"sub": "alice"}
        self.params: dict[str, str | None] = {}
        self.tokens: dict[str, Any] = {}
        self.answers: dict[str, HttpResponse] = {}
        self.id_token: Callable[[dict[str, Any]], str] = lambda claims: sign(claims, self.signer, self.header)
        self.requests: list[dict[str, str]] = []
        self._codes: dict[str, dict[str, str]] = {}

    def settings(self, **changes: Any) -> dict[str, Any]:
        """Return the settings a customer would type."""
        return {
            "issuer": self.issuer,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            **changes,
        }

    def publish(self, *keys: SigningKey) -> None:
        """Publish these keys and sign with the first."""
        self.signer = keys[0]
        self.keys = [key.public_jwk() for key in keys]

    def sign_in(self, begun: BeginResult, *, method: str = "GET", path: str = CALLBACK) -> Callback:
        """Return what the browser brings back after the person signed in."""
        assert isinstance(begun.action, Redirect)
        request = dict(parse_qsl(urlsplit(begun.action.url).query))
        self.requests.append(request)
        code = secrets.token_urlsafe(16)
        self._codes[code] = request
        usual: dict[str, str | None] = {"code": code, "state": request["state"], **self.params}
        params = tuple((name, value) for name, value in usual.items() if value is not None)
        return Callback(
            method="POST" if method == "POST" else "GET",
            url=path,
            raw_query="",
            unverified_params=params,
            state=begun.state,
        )

    def answer(self, request: SentRequest) -> HttpResponse:
        """Answer a request of the relying party."""
        if request.url in self.answers:
            return self.answers[request.url]
        endpoints: dict[str, Callable[[SentRequest], HttpResponse]] = {
            f"{self.issuer.rstrip('/')}/.well-known/openid-configuration": lambda _: json_answer(self._published()),
            f"{self.issuer}/jwks": lambda _: json_answer({"keys": self.keys}),
            f"{self.issuer}/token": self._token,
            f"{self.issuer}/userinfo": self._userinfo,
        }
        handler = endpoints.get(request.url)
        return handler(request) if handler else HttpResponse(404, {"content-type": "text/html"}, b"<html>404</html>")

    def usual_claims(self, request: dict[str, str]) -> dict[str, Any]:
        """Return the claims of an honest ID token for this authorization request."""
        issued = int(self.now.timestamp())
        return {
            "iss": self.issuer,
            "sub": "alice",
            "aud": self.client_id,
            "exp": issued + 300,
            "iat": issued,
            "auth_time": issued,
            "nonce": request.get("nonce"),
            "email": "alice@example.test",
            "email_verified": True,
        }

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def _published(self) -> dict[str, Any]:
        return {name: value for name, value in self.discovery.items() if value is not None}

    def _token(self, request: SentRequest) -> HttpResponse:
        form = dict(parse_qsl(request.body.decode()))
        asked = self._codes.pop(form.get("code", ""), None)
        if not self._knows(form, request.headers.get("authorization", "")):
            return json_answer({"error": "invalid_client", "error_description": "wrong secret"}, 401)
        if asked is None or form.get("redirect_uri") != asked["redirect_uri"] or not _proves(form, asked):
            return json_answer({"error": "invalid_grant"}, 400)
        claims = {**self.usual_claims(asked), **self.claims}
        id_token = self.id_token({name: value for name, value in claims.items() if value is not None})
        usual = {"access_token": "access-1", "token_type": "Bearer", "id_token": id_token, **self.tokens}
        return json_answer({name: value for name, value in usual.items() if value is not None})

    def _knows(self, form: dict[str, str], authorization: str) -> bool:
        if authorization.startswith("Basic "):
            user, _, password = base64.b64decode(authorization[6:]).decode().partition(":")
            return (unquote_plus(user), unquote_plus(password)) == (self.client_id, self.client_secret)
        return (form.get("client_id"), form.get("client_secret")) == (self.client_id, self.client_secret)

    def _userinfo(self, request: SentRequest) -> HttpResponse:
        if self.userinfo is None or request.headers.get("authorization") != "Bearer access-1":
            return json_answer({"error": "invalid_token"}, 401)
        return json_answer(self.userinfo)


def json_answer(value: Any, status: int = 200) -> HttpResponse:
    """Return a JSON response."""
    return HttpResponse(status, {"content-type": "application/json; charset=utf-8"}, json.dumps(value).encode())


def _proves(form: dict[str, str], asked: dict[str, str]) -> bool:
    """RFC 7636 4.6, S256 only."""
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return (asked.get("code_challenge_method"), asked.get("code_challenge")) == ("S256", challenge)
