"""The checks of an ID token from upstream, in the engine's order and words."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError

from app.demo.standin.failures import LoginFailed
from app.demo.standin.jwks import UpstreamKeys

_REQUIRED = ("iss", "sub", "aud", "exp", "iat")


@dataclass(frozen=True, slots=True)
class Expected:
    """What this token has to say. `nonce` is None when none was sent; then none may come back.

    Args:
        tolerance_s: of the clocks: 0 in one of the engines, 30 in the other.
    """

    issuer: str
    client_id: str
    algorithms: tuple[str, ...]
    nonce: str | None
    now: datetime
    access_token: str
    tolerance_s: int = 0


def verify_id_token(token: str, keys: UpstreamKeys, expected: Expected) -> dict[str, Any]:
    """Return the claims of a token that passed every check. Raises LoginFailed.

    Spec: OIDC Core 3.1.3.7 and 3.1.3.8.
    """
    header, claims = _decode(token)
    if header.get("alg") not in expected.algorithms:
        wanted = " or ".join(expected.algorithms)
        raise LoginFailed(f"unexpected JWT alg received, expected {wanted}, got: {header.get('alg')}")
    for name in _REQUIRED:
        if claims.get(name) is None:
            raise LoginFailed(f"missing required JWT property {name}", payload=claims)
    if claims["iss"] != expected.issuer:
        raise LoginFailed(f"unexpected iss value, expected {expected.issuer}, got: {claims['iss']}")
    _check_times(claims, int(expected.now.timestamp()), expected.tolerance_s)
    _check_audience(claims, expected.client_id)
    _check_signature(token, keys, header)
    _check_nonce(claims, expected.nonce)
    _check_at_hash(claims, header["alg"], expected.access_token)
    if not isinstance(claims["sub"], str) or not claims["sub"]:
        raise LoginFailed('JWT "sub" (subject) claim must be a string')
    return claims


def _decode(token: str) -> tuple[Mapping[str, Any], dict[str, Any]]:
    parts = token.split(".")
    if len(parts) != 3:
        raise LoginFailed("failed to decode JWT (Error: Invalid JWT)")
    try:
        header, claims = (json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in parts[:2])
    except ValueError as error:
        raise LoginFailed(f"failed to decode JWT ({type(error).__name__}: {error})") from error
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise LoginFailed("failed to decode JWT (Error: not an object)")
    return header, claims


def _check_times(claims: Mapping[str, Any], now: int, tolerance_s: int) -> None:
    for name in ("iat", "nbf", "exp", "auth_time"):
        if name in claims and (not isinstance(claims[name], int | float) or isinstance(claims[name], bool)):
            raise LoginFailed(f"JWT {name} claim must be a JSON numeric value")
    if claims.get("nbf", now) > now + tolerance_s:
        raise LoginFailed(f"JWT not active yet, now {now}, nbf {claims['nbf']}")
    if claims["exp"] <= now - tolerance_s:
        raise LoginFailed(f"JWT expired, now {now}, exp {claims['exp']}")


def _check_audience(claims: Mapping[str, Any], client_id: str) -> None:
    audience = claims["aud"]
    if isinstance(audience, list):
        if len(audience) > 1 and not claims.get("azp"):
            raise LoginFailed("missing required JWT property azp")
        if client_id not in audience:
            wanted = f"aud is missing the client_id, expected {client_id} to be included in {json.dumps(audience)}"
            raise LoginFailed(wanted)
    elif audience != client_id:
        raise LoginFailed(f"aud mismatch, expected {client_id}, got: {audience}")
    if "azp" in claims and claims["azp"] != client_id:
        raise LoginFailed(f"azp mismatch, got: {claims['azp']}")


def _check_signature(token: str, keys: UpstreamKeys, header: Mapping[str, Any]) -> None:
    key = keys.find(header)
    try:
        jws.deserialize_compact(token, key, [header["alg"]])
    except (JoseError, ValueError) as error:
        raise LoginFailed("failed to validate JWT signature") from error


def _check_nonce(claims: Mapping[str, Any], nonce: str | None) -> None:
    """A nonce that nobody sent is a failure, too: it belongs to another login."""
    if claims.get("nonce") != nonce:
        shown = "undefined" if nonce is None else nonce
        raise LoginFailed(f"nonce mismatch, expected {shown}, got: {claims.get('nonce', 'undefined')}")


def _check_at_hash(claims: Mapping[str, Any], alg: str, access_token: str) -> None:
    if "at_hash" not in claims:
        return
    digest = hashlib.new(f"sha{alg[2:]}", access_token.encode()).digest()
    wanted = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    if not hmac.compare_digest(str(claims["at_hash"]), wanted):
        raise LoginFailed(f"at_hash mismatch, expected {wanted}, got: {claims['at_hash']}")


def check_session_expiry(claims: Mapping[str, Any], supported: bool) -> int | None:
    """Return the bound of the upstream session in Unix seconds. Raises LoginFailed where a supported claim is missing."""
    value = claims.get("session_expiry")
    if value is None and supported:
        raise LoginFailed("The upstream Identity Provider did not return a session_expiry claim")
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise LoginFailed("session_expiry must be a number of seconds")
    return value
