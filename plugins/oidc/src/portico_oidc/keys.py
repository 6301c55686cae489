"""The provider's signing keys. Only public keys that fit the algorithm come into question.

Spec: RFC 7517 4 and 5, OpenID Connect Core 10.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from portico_oidc.json_object import parse_json_object
from portico_oidc.reasons import CheckFailed, unreachable

_MAX_KEYS = 200
_MIN_RSA_BITS = 2048
_MAX_RSA_BITS = 8192
_CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}
_PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """One published key: `alg` is what the provider bound it to, None when it did not."""

    kid: str | None
    alg: str | None
    key: RSAKey | ECKey

    def fits(self, alg: str) -> bool:
        """Return whether a signature with `alg` could be this key's."""
        if self.alg is not None and self.alg != alg:
            return False
        if isinstance(self.key, RSAKey):
            return alg[:2] in ("RS", "PS")
        return _CURVES.get(alg) == self.key.curve_name


def parse_jwks(body: bytes) -> tuple[VerificationKey, ...]:
    """Return the usable keys of a JSON Web Key Set; unknown and broken entries are left out (RFC 7517 5).

    Raises ProviderUnreachable: it is not a key set at all.
    """
    try:
        entries = parse_json_object(body).get("keys")
    except ValueError as error:
        raise unreachable("jwks-malformed", f"the key document is not a JSON object: {error}") from error
    if not isinstance(entries, list) or len(entries) > _MAX_KEYS:
        raise unreachable("jwks-malformed", "the key document has no usable list of keys")
    found = (_parse_key(entry) for entry in entries if isinstance(entry, Mapping))
    return tuple(key for key in found if key is not None)


def select_key(keys: tuple[VerificationKey, ...], kid: str | None, alg: str) -> VerificationKey:
    """Return the one key that a token with this header was signed with, if any.

    Without `kid` there must be exactly one key that fits (Core 10.1). Raises CheckFailed.
    """
    fitting = [key for key in keys if key.fits(alg) and (kid is None or key.kid == kid)]
    distinct = {key.key.thumbprint(): key for key in fitting}
    if not distinct:
        published = " ".join(key.kid or "-" for key in keys[:10])
        raise CheckFailed("key-unknown", expected=f"one of {published}", received=f"kid {kid}, alg {alg}")
    if len(distinct) > 1:
        raise CheckFailed(
            "key-ambiguous", expected="one key", received=f"{len(distinct)} keys for kid {kid}, alg {alg}"
        )
    return next(iter(distinct.values()))


def _parse_key(entry: Mapping[str, Any]) -> VerificationKey | None:
    """Return None for keys of another kind or use; what looks private or too small is never a key to trust."""
    if entry.get("use", "sig") != "sig" or "verify" not in entry.get("key_ops", ("verify",)):
        return None
    if _PRIVATE_MEMBERS & entry.keys():
        return None
    kid, alg = entry.get("kid"), entry.get("alg")
    if not isinstance(kid, str | None) or not isinstance(alg, str | None):
        return None
    try:
        key = _public_key(entry)
    except (JoseError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return None
    return VerificationKey(kid, alg, key) if key is not None else None


def _public_key(entry: Mapping[str, Any]) -> RSAKey | ECKey | None:
    """Take the numbers only: certificates and URLs beside them (x5c, x5u) prove nothing here."""
    kty = entry.get("kty")
    if kty == "RSA":
        bits = len(entry["n"]) * 6
        if not _MIN_RSA_BITS - 8 <= bits <= _MAX_RSA_BITS + 16 or len(entry["e"]) > 8:
            return None
        key = RSAKey.import_key({"kty": "RSA", "n": entry["n"], "e": entry["e"]})
        return key if _MIN_RSA_BITS <= key.public_key.key_size <= _MAX_RSA_BITS else None
    if kty == "EC":
        return ECKey.import_key({"kty": "EC", "crv": entry["crv"], "x": entry["x"], "y": entry["y"]})
    return None
