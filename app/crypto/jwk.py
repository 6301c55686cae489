"""Making and loading the private keys that sign our tokens."""

from __future__ import annotations

import json
from typing import Literal, assert_never

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from joserfc.jwk import ECKey, RSAKey
from joserfc.util import base64_to_int

Algorithm = Literal["RS256", "ES256"]
ALGORITHMS: tuple[Algorithm, ...] = ("RS256", "ES256")
PrivateKey = RSAKey | ECKey


def make_key(alg: Algorithm) -> PrivateKey:
    """Return a new private key for `alg`: RSA 2048 or P-256, with `kid` (RFC 7638), `alg` and `use` set."""
    if alg == "RS256":
        return _name(rsa.generate_private_key(public_exponent=65537, key_size=2048), alg)
    if alg == "ES256":
        return _name(ec.generate_private_key(ec.SECP256R1()), alg)
    assert_never(alg)


def dump_private_jwk(key: PrivateKey) -> bytes:
    """Return the private JWK as JSON, ready to be encrypted."""
    return json.dumps(key.as_dict(private=True), sort_keys=True).encode()


def load_private_jwk(document: bytes) -> PrivateKey:
    """Return the key that `dump_private_jwk` wrote, without testing its primes again.

    That test costs 50 ms for RSA and would tell nothing: the document comes out of our own authenticated encryption.
    """
    jwk = json.loads(document)
    if jwk["kty"] == "EC":
        return ECKey.import_key(jwk)
    number = {name: base64_to_int(jwk[name]) for name in ("n", "e", "d", "p", "q", "dp", "dq", "qi")}
    numbers = rsa.RSAPrivateNumbers(
        p=number["p"],
        q=number["q"],
        d=number["d"],
        dmp1=number["dp"],
        dmq1=number["dq"],
        iqmp=number["qi"],
        public_numbers=rsa.RSAPublicNumbers(e=number["e"], n=number["n"]),
    )
    return _name(numbers.private_key(unsafe_skip_rsa_key_validation=True), jwk["alg"])


def _name(raw: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, alg: str) -> PrivateKey:
    kind = RSAKey if isinstance(raw, rsa.RSAPrivateKey) else ECKey
    bare = kind.import_key(raw)  # type: ignore[arg-type]
    return kind.import_key(raw, {"alg": alg, "use": "sig", "kid": bare.thumbprint()})  # type: ignore[arg-type]
