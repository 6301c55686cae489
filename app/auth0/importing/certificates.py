"""Certificates as Auth0 keeps them (PEM, base64 of PEM, DER in base64), brought into one form, with their dates."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from app.auth0.importing.options import Options
from portico_sdk import KeyPair

_MAX_CERTIFICATES = 20
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----[^-]{1,20000}-----END CERTIFICATE-----")


@dataclass(frozen=True, slots=True)
class Certificate:
    """One that the provider signs with."""

    pem: str
    subject: str
    sha256: str
    not_before: datetime
    not_after: datetime


def read_certificates(texts: Iterable[str]) -> tuple[Certificate, ...]:
    """Return the certificates in these texts, each once, in their order. What cannot be read is left out."""
    found: dict[str, Certificate] = {}
    for text in texts:
        for parsed in _parse(text):
            one = _describe(parsed)
            found.setdefault(one.sha256, one)
    return tuple(found.values())[:_MAX_CERTIFICATES]


def read_key_pair(private_key: str, certificate: str) -> KeyPair | None:
    """Return a key of ours with its certificate, or None unless both can be read and belong together.

    Only RSA of 2048 bits and more: what signs here has to be worth something.
    """
    certificates = read_certificates([certificate])
    try:
        key = serialization.load_pem_private_key(_as_pem(private_key), None)
    except (ValueError, TypeError):
        return None
    if len(certificates) != 1 or not isinstance(key, rsa.RSAPrivateKey) or key.key_size < 2048:
        return None
    theirs = x509.load_pem_x509_certificate(certificates[0].pem.encode()).public_key()
    if theirs != key.public_key():
        return None
    written = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return KeyPair(written.decode(), certificates[0].pem)


def list_signing_texts(options: Options) -> tuple[str, ...]:
    """Return whatever an options object calls a signing certificate."""
    return (*options.texts("signingCert"), *options.texts("cert"), *options.texts("certs"))


def _parse(text: str) -> list[x509.Certificate]:
    loaded = []
    for written in _PEM.findall(_as_pem(text).decode("ascii", "replace")):
        try:
            loaded.append(x509.load_pem_x509_certificate(written.encode()))
        except ValueError:
            continue
    if loaded:
        return loaded
    try:
        return [x509.load_der_x509_certificate(base64.b64decode("".join(text.split()), validate=True))]
    except (ValueError, binascii.Error):
        return []


def _as_pem(text: str) -> bytes:
    """PEM as it is, also when it was put into base64 once more."""
    if "-----BEGIN" in text:
        return text.encode("ascii", "replace")
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (ValueError, binascii.Error):
        return b""


def _describe(certificate: x509.Certificate) -> Certificate:
    return Certificate(
        pem=certificate.public_bytes(serialization.Encoding.PEM).decode(),
        subject=certificate.subject.rfc4514_string()[:200],
        sha256=certificate.fingerprint(hashes.SHA256()).hex(),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
    )
