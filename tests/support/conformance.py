"""What the OpenID Foundation's conformance suite does with a provider, black box: static clients, one person, a browser.

The suite's own client is written again here from the specifications; the checks of a whole login are those that its test
modules share.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import requests
from joserfc import jwt
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact

from tests.support.browser import Browser, Page, Step
from tests.support.gateway import Gateway
from tests.support.management import Client
from tests.support.simulator import Simulator

CALLBACK = "https://suite.example/test/a/portico/callback"
POST_LOGOUT = "https://suite.example/test/a/portico/post_logout_redirect"
_TIMEOUT_S = 20


@dataclass(frozen=True, slots=True)
class Clients:
    """The three static clients of the plan's configuration, each allowed the one organization."""

    client: Client
    client2: Client
    client_secret_post: Client


@dataclass(frozen=True, slots=True)
class Begun:
    """An authorization request under way."""

    url: str
    client: Client
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Done:
    """A login that passed every check that the modules share."""

    tokens: Mapping[str, Any]
    claims: Mapping[str, Any]
    userinfo: Mapping[str, Any]
    code: str
    begun: Begun

    @property
    def access_token(self) -> str:
        return str(self.tokens["access_token"])


class Suite:
    """One plan against one gateway.

    Args:
        response_mode: sent with every request; None sends none.
    """

    def __init__(self, gateway: Gateway, simulator: Simulator, clients: Clients, response_mode: str | None) -> None:
        self.gateway, self.simulator, self.clients = gateway, simulator, clients
        self.response_mode = response_mode
        self.username = f"ada@{simulator.domain('oidc')}"
        self.http = requests.Session()
        self.http.trust_env = False
        self.discovery = self.http.get(
            f"{gateway.base_url}/.well-known/openid-configuration", timeout=_TIMEOUT_S
        ).json()

    def begin(self, client: Client | None = None, **parameters: str) -> Begun:
        """Make an authorization request; an empty value removes a parameter."""
        client = client or self.clients.client
        asked = {
            "client_id": client.client_id,
            "redirect_uri": CALLBACK,
            "scope": "openid",
            "state": secrets.token_urlsafe(12),
            "nonce": secrets.token_urlsafe(12),
            "response_type": "code",
            **({"response_mode": self.response_mode} if self.response_mode else {}),
            **parameters,
        }
        asked = {name: value for name, value in asked.items() if value}
        return Begun(f"{self.discovery['authorization_endpoint']}?{urlencode(asked)}", client, asked)

    def arrive(self, browser: Browser, start: str | Step) -> Step | Page:
        """Walk on, signing in where the provider asks; return the callback, or the page where it ended."""
        end = browser.walk(start, stop=CALLBACK)
        if isinstance(end, Page) and "/sign-in/" in end.url:
            end = browser.walk(self.simulator.sign_in(browser, end, self.username), stop=CALLBACK)
        return end

    def asks_for_login(self, browser: Browser, begun: Begun) -> Page:
        """Walk to the sign-in page, which must be shown (the screenshot that the suite wants)."""
        page = browser.walk(begun.url, stop=CALLBACK)
        assert isinstance(page, Page), f"nobody was asked: {page.url}"
        assert "/sign-in/" in page.url, page.text[:400]
        return page

    def silent(self, browser: Browser, begun: Begun) -> Step:
        """Walk to the callback, with no page on the way that a person has to act on."""
        return browser.reach(begun.url, CALLBACK)

    def log_in(self, browser: Browser, client: Client | None = None, **parameters: str) -> Done:
        """A whole login."""
        begun = self.begin(client, **parameters)
        end = self.arrive(browser, begun.url)
        assert isinstance(end, Step), end.text[:800]
        return self.finish(begun, end)

    def answer(self, begun: Begun, step: Step) -> dict[str, str]:
        """Return what came to the callback, by the mode that was asked for, with `state` and `iss` as they must be."""
        assert step.method == ("POST" if self.response_mode == "form_post" else "GET")
        got = step.answer
        assert got.get("state") == begun.parameters.get("state")
        assert got["iss"] == self.discovery["issuer"]
        return got

    def error(self, begun: Begun, step: Step) -> str:
        """Return the error that came to the callback."""
        got = self.answer(begun, step)
        assert "code" not in got
        return got["error"]

    def finish(self, begun: Begun, step: Step, **more: str) -> Done:
        """Redeem the code and check everything that OIDC Core 3.1.3.5, 3.1.3.7 and 5.3.4 say."""
        code = self.answer(begun, step)["code"]
        response = self.redeem(begun, code, **more)
        assert response.status_code == 200, response.text
        assert response.headers["Content-Type"].split(";")[0] == "application/json"
        assert response.headers["Cache-Control"] == "no-store"
        tokens = response.json()
        assert tokens["token_type"].lower() == "bearer"
        assert tokens["expires_in"] > 0
        claims = self.verify(tokens, begun)
        info = self.userinfo(tokens["access_token"])
        assert info.status_code == 200
        assert info.headers["Content-Type"].split(";")[0] == "application/json"
        assert info.json()["sub"] == claims["sub"]
        return Done(tokens, claims, info.json(), code, begun)

    def redeem(self, begun: Begun, code: str, **more: str) -> requests.Response:
        """Send the token request, with the client's own way of authenticating."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, **more}
        client = begun.client
        basic = None
        if client is self.clients.client_secret_post:
            form |= {"client_id": client.client_id, "client_secret": client.client_secret}
        else:
            basic = (client.client_id, client.client_secret)
        return self.http.post(self.discovery["token_endpoint"], data=form, auth=basic, timeout=_TIMEOUT_S)

    def userinfo(self, access_token: str, how: str = "GET") -> requests.Response:
        """Ask by GET, by POST with a header, or by POST with a body (RFC 6750 2.1, 2.2)."""
        url, headers = self.discovery["userinfo_endpoint"], {"Authorization": f"Bearer {access_token}"}
        if how == "POST body":
            return self.http.post(url, data={"access_token": access_token}, timeout=_TIMEOUT_S)
        return self.http.request(how.split()[0], url, headers=headers, timeout=_TIMEOUT_S)

    def verify(self, tokens: Mapping[str, Any], begun: Begun) -> dict[str, Any]:
        """Return the claims of the ID token (OIDC Core 2, 3.1.3.7): RS256, by the one key that `kid` names."""
        keys = self.http.get(self.discovery["jwks_uri"], timeout=_TIMEOUT_S).json()
        header = extract_compact(tokens["id_token"].encode()).headers()
        named = [key for key in keys["keys"] if key["kid"] == header["kid"]]
        assert len(named) == 1
        token = jwt.decode(tokens["id_token"], KeySet.import_key_set({"keys": named}), algorithms=["RS256"])
        rules = jwt.JWTClaimsRegistry(
            leeway=0,
            iss={"essential": True, "value": self.discovery["issuer"]},
            aud={"essential": True, "value": begun.client.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
        )
        rules.validate(token.claims)
        assert token.claims.get("nonce") == begun.parameters.get("nonce")
        half = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]
        assert token.claims["at_hash"] == base64.urlsafe_b64encode(half).rstrip(b"=").decode()
        return dict(token.claims)
