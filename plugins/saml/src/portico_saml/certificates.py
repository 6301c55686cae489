"""Certificates as people paste them, in any of the usual forms, to one canonical PEM."""

from __future__ import annotations

import base64
import binascii
import re
import textwrap
import warnings
from collections.abc import Iterable
from hashlib import sha256

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, load_der_private_key
from cryptography.utils import CryptographyDeprecationWarning
from xmlsec import constants

from portico_sdk import CertificateInfo

MAX_CERTIFICATES = 20
_MAX_CHARACTERS = 65_536
_SMALLEST_RSA = 2048
_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \1-----")


class CertificateProblem(ValueError):
    """Why a pasted text is not a certificate. `message` never repeats any of the text."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def read_certificates(texts: Iterable[str]) -> tuple[CertificateInfo, ...]:
    """Return the certificates in `texts`, in order, each once.

    Args:
        texts: PEM (several blocks allowed), bare base64 of DER, or base64 of a PEM file; stray white space is ignored.
    Raises:
        CertificateProblem: a private key, no certificate, or a key too weak to trust.
    """
    found: dict[str, CertificateInfo] = {}
    for text in texts:
        for der in _ders(text):
            info = describe(der)
            found.setdefault(info.sha256, info)
    if len(found) > MAX_CERTIFICATES:
        raise CertificateProblem("too-many", f"There are more than {MAX_CERTIFICATES} certificates.")
    return tuple(found.values())


def describe(der: bytes) -> CertificateInfo:
    """Return the certificate as people compare it. Raises CertificateProblem."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", CryptographyDeprecationWarning)  # odd serial numbers of old providers
            certificate = x509.load_der_x509_certificate(der)
            key = certificate.public_key()
        xmlsec.Key.from_memory(der, constants.KeyDataFormatCertDer, None)  # what verifies must be able to read it too
    except Exception as error:
        _refuse_private_key(der)
        raise CertificateProblem("not-a-certificate", "This is not an X.509 certificate.") from error
    if isinstance(key, RSAPublicKey):
        if key.key_size < _SMALLEST_RSA:
            raise CertificateProblem("certificate-weak", f"Its RSA key has {key.key_size} bits; 2048 are needed.")
    elif not isinstance(key, EllipticCurvePublicKey):
        raise CertificateProblem("certificate-weak", "Its key is neither RSA nor elliptic curve.")
    canonical = certificate.public_bytes(Encoding.DER)
    return CertificateInfo(
        pem=_pem(canonical),
        subject=_subject(certificate),
        sha256=sha256(canonical).hexdigest(),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
    )


def pem_to_der(pem: str) -> bytes:
    """Return the bytes of one certificate in our canonical PEM."""
    return base64.b64decode("".join(pem.split("\n")[1:-2]), validate=True)


def _ders(text: str) -> list[bytes]:
    if not text.strip():
        raise CertificateProblem("not-a-certificate", "There is nothing here.")
    if len(text) > _MAX_CHARACTERS:
        raise CertificateProblem("not-a-certificate", "This is too long for certificates.")
    if "PRIVATE KEY" in text.upper():
        raise _private_key()
    if "-----BEGIN" in text:
        blocks = _BLOCK.findall(text)
        if not blocks or any(label not in ("CERTIFICATE", "X509 CERTIFICATE") for label, _ in blocks):
            raise CertificateProblem("not-a-certificate", "This PEM text is cut off or holds no certificate.")
        return [_decode(body) for _, body in blocks]
    decoded = _decode(text)
    if decoded.lstrip().startswith(b"-----BEGIN"):
        return _ders(decoded.decode("ascii", "replace"))
    return [decoded]


def _decode(body: str) -> bytes:
    try:
        return base64.b64decode(re.sub(r"\s+", "", body).encode("ascii"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise CertificateProblem("not-a-certificate", "This is neither PEM nor base64.") from error


def _refuse_private_key(der: bytes) -> None:
    try:
        load_der_private_key(der, None)
    except (ValueError, TypeError) as error:
        if isinstance(error, TypeError):  # encrypted, but a private key
            raise _private_key() from None
    except Exception:
        return
    else:
        raise _private_key()


def _private_key() -> CertificateProblem:
    message = "This is a private key. We threw it away and did not log it. Replace the key, then paste the certificate."
    return CertificateProblem("private-key", message)


def _subject(certificate: x509.Certificate) -> str:
    try:
        return certificate.subject.rfc4514_string()
    except ValueError:
        return ""


def _pem(der: bytes) -> str:
    body = "\n".join(textwrap.wrap(base64.b64encode(der).decode("ascii"), 64))
    return f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"
