"""Signing and decryption keys, made when the process starts and never stored."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from joserfc.jwk import RSAKey


@dataclass(frozen=True)
class SigningKey:
    """An RSA key with its self-signed certificate."""

    private: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @cached_property
    def private_pem(self) -> bytes:
        """PKCS #8, unencrypted."""
        return self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    @cached_property
    def certificate_pem(self) -> str:
        """The certificate as PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @cached_property
    def certificate_base64(self) -> str:
        """The certificate as it stands in XML Signature and in `x5c`."""
        return base64.b64encode(self.certificate.public_bytes(serialization.Encoding.DER)).decode()

    @cached_property
    def jwk(self) -> RSAKey:
        """The private key for JOSE. Its `kid` is the SHA-256 thumbprint."""
        key = RSAKey.import_key(self.private_pem)
        key.ensure_kid()
        return key


#: Makes a key with the common name of its certificate, at this time, for so many years.
MakeKey = Callable[[str, datetime, int], SigningKey]


def make_signing_key(common_name: str, now: datetime, years: int = 10) -> SigningKey:
    """Return a new 2048-bit key whose certificate is valid from yesterday on."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * years))
        .sign(private, hashes.SHA256())
    )
    return SigningKey(private, certificate)
