"""The ID token: every claim in it, signed with the client's algorithm."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt

from app.crypto import SigningKey
from app.provider.grants import StoredGrant

BACKDATED = timedelta(seconds=5)  # clients that accept no clock difference at all do exist


def sign_id_token(
    grant: StoredGrant, *, issuer: str, access_token: str, key: SigningKey, lifetime: timedelta, now: datetime
) -> str:
    """Return the ID token of a redeemed grant. `nonce` is in it only when the client sent one.

    Spec: OIDC Core 2, 3.1.3.6. `aud` is a string: exactly one client.
    """
    issued_at = int((now - BACKDATED).timestamp())
    claims: dict[str, Any] = {
        "iss": issuer,
        "aud": grant.client_id,
        "iat": issued_at,
        "exp": int((now + lifetime).timestamp()),
        "at_hash": make_at_hash(access_token),
        **_own(grant.claims),
    }
    if grant.nonce is not None:
        claims["nonce"] = grant.nonce
    header = {"alg": key.alg, "kid": key.kid, "typ": "JWT"}
    return jwt.encode(header, claims, key.key, algorithms=[key.alg])


def make_at_hash(access_token: str) -> str:
    """Return `at_hash` for algorithms that end in 256 (OIDC Core 3.1.3.6)."""
    digest = hashlib.sha256(access_token.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def _own(claims: Mapping[str, Any]) -> Mapping[str, Any]:
    reserved = {"iss", "aud", "iat", "exp", "nonce", "at_hash"} & claims.keys()
    if reserved:
        raise ValueError(f"a grant's claims hold {reserved}")
    return claims
