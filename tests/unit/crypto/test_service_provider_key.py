"""The key pair of a connection's service provider."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from app.crypto import make_service_provider_key


def test_it_is_rsa_2048_self_signed_with_sha256_for_ten_years(now: datetime) -> None:
    pair = make_service_provider_key("con-abc", now)
    certificate = x509.load_pem_x509_certificate(pair.certificate_pem.encode())
    key = load_pem_private_key(pair.private_key_pem.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.key_size == 2048
    assert key.public_key() == certificate.public_key()
    certificate.verify_directly_issued_by(certificate)
    assert isinstance(certificate.signature_hash_algorithm, SHA256)
    assert certificate.subject.rfc4514_string() == certificate.issuer.rfc4514_string() == "CN=con-abc"
    assert certificate.not_valid_before_utc < now
    assert certificate.not_valid_after_utc >= now + timedelta(days=3652)


def test_two_connections_never_share_a_key(now: datetime) -> None:
    assert make_service_provider_key("a", now).private_key_pem != make_service_provider_key("a", now).private_key_pem


def test_a_long_name_is_cut_to_what_a_certificate_holds(now: datetime) -> None:
    """X.520: a common name has at most 64 characters."""
    certificate = x509.load_pem_x509_certificate(make_service_provider_key("n" * 200, now).certificate_pem.encode())
    assert certificate.subject.rfc4514_string() == f"CN={'n' * 64}"


def test_the_private_key_is_not_in_the_repr(now: datetime) -> None:
    assert "PRIVATE" not in repr(make_service_provider_key("a", now))
