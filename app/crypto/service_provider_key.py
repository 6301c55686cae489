"""The key pair of one connection's service provider: signs requests, decrypts assertions."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from portico_sdk import KeyPair

_YEARS = 10
_LONGEST_COMMON_NAME = 64  # X.520 upper bound


def make_service_provider_key(common_name: str, now: datetime) -> KeyPair:
    """Return a new RSA 2048 key and its self-signed certificate, SHA-256, valid for ten years.

    Valid since yesterday: an identity provider whose clock is behind ours takes it too.

    Args:
        common_name: what the provider's administrator sees; cut to 64 characters.
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name[:_LONGEST_COMMON_NAME])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * _YEARS + 2))
        .sign(key, hashes.SHA256())
    )
    return KeyPair(
        private_key_pem=key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        certificate_pem=certificate.public_bytes(Encoding.PEM).decode(),
    )
