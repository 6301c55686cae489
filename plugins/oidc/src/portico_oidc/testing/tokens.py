"""Making ID tokens: good ones, and the forgeries that a relying party must refuse."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

_CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}


@dataclass(frozen=True)
class SigningKey:
    """A provider's key: what it signs with, and what it publishes."""

    kid: str
    alg: str
    private: RSAKey | ECKey

    def public_jwk(self, **changes: Any) -> dict[str, Any]:
        """Return the published form; a change to None leaves a member out."""
        jwk = {**self.private.as_dict(private=False), "kid": self.kid, "alg": self.alg, "use": "sig", **changes}
        return {name: value for name, value in jwk.items() if value is not None}


@cache
def signing_key(kid: str, alg: str = "RS256") -> SigningKey:
    """Return the key of this name, made once for the whole test run."""
    private = ECKey.generate_key(_CURVES[alg]) if alg in _CURVES else RSAKey.generate_key(2048)
    return SigningKey(kid, alg, private)


def sign(claims: Mapping[str, Any] | bytes, key: SigningKey, header: Mapping[str, Any] | None = None) -> str:
    """Return a compact token signed with `key`; members of `header` replace the usual ones, None leaves one out."""
    members = {"typ": "JWT", "alg": key.alg, "kid": key.kid, **(header or {})}
    members = {name: value for name, value in members.items() if value is not None}
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    signed = f"{encoded(members)}.{_b64(payload)}"
    registry = JWSRegistry(algorithms=[key.alg], strict_check_header=False)
    algorithm = registry.get_alg(key.alg)
    return f"{signed}.{_b64(algorithm.sign(signed.encode(), key.private))}"


def unsecured(claims: Mapping[str, Any], alg: str = "none") -> str:
    """Return a token without a signature."""
    return f"{encoded({'typ': 'JWT', 'alg': alg})}.{encoded(claims)}."


def with_symmetric_key(claims: Mapping[str, Any], secret: bytes, kid: str, alg: str = "HS256") -> str:
    """Return a token signed with a shared secret: the provider's public key as text, or the client secret."""
    signed = f"{encoded({'typ': 'JWT', 'alg': alg, 'kid': kid})}.{encoded(claims)}"
    digest = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}[alg]
    return f"{signed}.{_b64(hmac.new(secret, signed.encode(), digest).digest())}"


def encoded(value: Any) -> str:
    """Return JSON in base64url."""
    return _b64(json.dumps(value).encode())


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
