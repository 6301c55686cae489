"""The token request upstream and everything an answer has to satisfy before its ID token is looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from app.demo.loopback import Answer, LoopbackHttp, Unreachable
from app.demo.standin.failures import LoginFailed
from app.demo.standin.tenant.upstream import UpstreamConnection

_JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True, slots=True)
class TokenSet:
    """What the token endpoint gave. The ID token is not verified yet."""

    access_token: str
    unverified_id_token: str


def exchange(
    http: LoopbackHttp,
    connection: UpstreamConnection,
    callback_url: str,
    code: str,
    code_verifier: str | None,
    now: datetime,
    random: Callable[[int], bytes],
) -> TokenSet:
    """Return the tokens for the code. Raises LoginFailed. Client authentication is in the body, never by Basic."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback_url}
    if code_verifier is not None:
        form["code_verifier"] = code_verifier
    form |= _client_authentication(connection, now, random)
    try:
        answer = http.request(
            "POST", connection.snapshot["token_endpoint"], headers={"Accept": "application/json"}, form=form
        )
    except Unreachable as error:
        raise LoginFailed(f"token endpoint: {error}", oauth_error="server_error") from error
    return check_token_response(answer)


def check_token_response(answer: Answer) -> TokenSet:
    """Return the tokens of a conforming answer. Raises LoginFailed with the engine's message.

    Spec: RFC 6749 5.1 and 5.2; OIDC Core 3.1.3.3.
    """
    if answer.status != 200:
        raise _refusal(answer)
    content_type = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    if content_type != "application/json":
        raise LoginFailed('"response" content-type must be application/json')
    try:
        body = answer.json()
    except ValueError as error:
        raise LoginFailed('failed to parse "response" body as JSON') from error
    if not isinstance(body, dict):
        raise LoginFailed('"response" body must be a top level object')
    for name in ("access_token", "token_type"):
        _check_text(body, name)
    if body["token_type"].lower() not in ("bearer", "dpop"):
        raise LoginFailed("unsupported `token_type` value")
    _check_expires_in(body.get("expires_in"))
    if "scope" in body and not isinstance(body["scope"], str):
        raise LoginFailed('"response" body "scope" property must be a string')
    if "refresh_token" in body:
        _check_text(body, "refresh_token")
    if "id_token" not in body:
        raise LoginFailed("id_token not present in TokenSet")
    _check_text(body, "id_token")
    return TokenSet(body["access_token"], body["id_token"])


def _client_authentication(
    connection: UpstreamConnection, now: datetime, random: Callable[[int], bytes]
) -> dict[str, str]:
    snapshot = connection.snapshot
    if connection.token_endpoint_auth_method == "client_secret_post":  # noqa: S105 -- a method's name
        return {"client_id": connection.client_id, "client_secret": connection.client_secret or ""}
    if connection.private_key_pem is None:
        raise LoginFailed("private_key_jwt needs a key", oauth_error="server_error")
    key = RSAKey.import_key(connection.private_key_pem)
    key.ensure_kid()
    claims = {
        "iss": connection.client_id,
        "sub": connection.client_id,
        "aud": snapshot.issuer if connection.assertion_audience == "issuer" else snapshot["token_endpoint"],
        "jti": random(16).hex(),
        "iat": int(now.timestamp()),
        "exp": int(now.timestamp()) + 60,
    }
    assertion = jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key, ["RS256"])
    return {
        "client_id": connection.client_id,
        "client_assertion_type": _JWT_BEARER,
        "client_assertion": assertion,
    }


def _refusal(answer: Answer) -> LoginFailed:
    if "www-authenticate" in answer.headers:  # the engine then reports the challenge alone, and hides the body
        message = "server responded with a challenge in the WWW-Authenticate HTTP Header"
        return LoginFailed(message, oauth_error="unauthorized")
    try:
        body = answer.json()
    except ValueError:
        body = None
    if isinstance(body, dict) and isinstance(body.get("error"), str):
        description = body.get("error_description")
        message = f"{body['error']} ({description})" if description else body["error"]
        return LoginFailed(message, oauth_error=body["error"], description=description, payload=body)
    return LoginFailed('"response" is not a conform Token Endpoint response (unexpected HTTP status code)')


def _check_text(body: dict[str, Any], name: str) -> None:
    if not isinstance(body.get(name), str):
        raise LoginFailed(f'"response" body "{name}" property must be a string')
    if not body[name]:
        raise LoginFailed(f'"response" body "{name}" property must not be empty')


def _check_expires_in(value: object) -> None:
    if value is None:
        return
    try:
        number = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
    except ValueError:
        number = None
    if number is None:
        raise LoginFailed('"response" body "expires_in" property must be a number')
    if number <= 0:
        raise LoginFailed('"response" body "expires_in" property must be a positive number')
