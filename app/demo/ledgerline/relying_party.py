"""The application as a relying party of Auth0: code flow with state, nonce and PKCE, and nothing taken on trust."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.demo.ledgerline.settings import Ledgerline
from app.demo.loopback import LoopbackHttp, Unreachable


class SignInFailed(Exception):
    """Nobody is signed in. Its text is for the person."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in on its way; kept on the server, found by `state`, bound to the browser."""

    choice: str
    browser: str
    nonce: str
    code_verifier: str


def begin(choice: str, browser: str, random: Callable[[int], bytes]) -> Begun:
    """Return a new sign-in with a nonce and verifier of its own."""
    return Begun(choice, browser, random(16).hex(), random(32).hex())


def authorize_url(app: Ledgerline, begun: Begun, state: str, parameters: Mapping[str, str]) -> str:
    """Return where to send the browser."""
    digest = hashlib.sha256(begun.code_verifier.encode()).digest()
    values = {
        "client_id": app.client_id,
        "redirect_uri": app.callback,
        "response_type": "code",
        "scope": "openid profile email",
        "state": state,
        "nonce": begun.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    return f"{app.auth0}/authorize?{urlencode(values | dict(parameters))}"


def finish(app: Ledgerline, http: LoopbackHttp, begun: Begun, code: str, now: Callable[[], datetime]) -> dict[str, Any]:
    """Return the claims of the verified ID token. Raises SignInFailed.

    Args:
        now: asked once the token is here: an earlier time would call it issued in the future.
    """
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": app.callback,
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "code_verifier": begun.code_verifier,
    }
    try:
        answer = http.request("POST", f"{app.auth0}/oauth/token", form=form)
        if answer.status != 200:
            raise SignInFailed(f"Auth0 did not redeem the code: it answered {answer.status}.")
        keys = KeySet.import_key_set(http.request("GET", f"{app.auth0}/.well-known/jwks.json").json())
        token = jwt.decode(answer.json()["id_token"], keys, ["RS256"])
        registry = jwt.JWTClaimsRegistry(
            now=int(now().timestamp()),
            iss={"essential": True, "value": f"{app.auth0}/"},
            aud={"essential": True, "value": app.client_id},
            exp={"essential": True},
            nonce={"essential": True, "value": begun.nonce},
        )
        registry.validate(token.claims)
    except (Unreachable, JoseError, ValueError, KeyError) as error:
        raise SignInFailed(f"What Auth0 sent does not verify: {type(error).__name__}.") from error
    return dict(token.claims)
