"""The signature of HTTP-Redirect, over the raw query (SAML bindings 3.4.4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from urllib.parse import unquote

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm

from portico_saml.certificates import pem_to_der
from portico_saml.message import decode_base64
from portico_saml.names import SIGNATURE_METHODS
from portico_saml.reasons import Reason, refuse
from portico_saml.sending import Message
from portico_saml.trace import Compared
from portico_sdk import AdapterContext

#: What a signed query consists of; in this order it was signed, whatever the order it came in.
DETACHED = ("SAMLRequest", "SAMLResponse", "RelayState", "SigAlg", "Signature")
_HASHES: Mapping[str, HashAlgorithm] = {"256": SHA256(), "384": SHA384(), "512": SHA512()}
_PublicKey = RSAPublicKey | EllipticCurvePublicKey


def verify_query_signature(context: AdapterContext, query: Mapping[str, str], message: Message) -> Compared:
    """Return when a certificate of this connection signed exactly these bytes.

    Args:
        query: the pieces as sent, by name, not decoded.

    Raises:
        Refusal: no signature, an algorithm that is not on the list, or no certificate that fits.
    """
    if "Signature" not in query or "SigAlg" not in query:
        refuse(Reason.UNSIGNED, "the query is not signed", expected="SigAlg and Signature", received="nothing")
    algorithm = unquote(query["SigAlg"])
    if algorithm not in SIGNATURE_METHODS:
        refuse(Reason.ALGORITHM, "signature algorithm", expected="RSA or ECDSA with SHA-2", received=algorithm[:120])
    signature = decode_base64(unquote(query["Signature"]), reason=Reason.SIGNATURE_FORM)
    signed = "&".join(f"{name}={query[name]}" for name in (message, "RelayState", "SigAlg") if name in query)
    for fingerprint, key in _public_keys(context):
        with suppress(InvalidSignature, ValueError):
            _verify(key, algorithm, signature, signed.encode("utf-8", "surrogateescape"))
            return Compared("a certificate of this connection", f"SHA-256 {fingerprint}")
    return refuse(
        Reason.SIGNATURE,
        "the signature of the query fits no certificate of this connection",
        expected=f"a signature by one of {len(_public_keys(context))} certificates",
        received=algorithm,
        hint="The provider may have renewed its certificate: read its metadata again.",
    )


def _verify(key: _PublicKey, algorithm: str, signature: bytes, signed: bytes) -> None:
    """Raise InvalidSignature or ValueError unless it verifies. ECDSA's two numbers stand side by side (RFC 4051 2.3.6)."""
    hash_algorithm = _HASHES[algorithm[-3:]]
    if "#rsa-" in algorithm and isinstance(key, RSAPublicKey):
        key.verify(signature, signed, PKCS1v15(), hash_algorithm)
    elif "#ecdsa-" in algorithm and isinstance(key, EllipticCurvePublicKey):
        half = (key.curve.key_size + 7) // 8
        if len(signature) != 2 * half:
            raise ValueError("a signature of another curve")
        numbers = (int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))
        key.verify(encode_dss_signature(*numbers), signed, ECDSA(hash_algorithm))
    else:
        raise InvalidSignature


def _public_keys(context: AdapterContext) -> tuple[tuple[str, _PublicKey], ...]:
    def load() -> tuple[tuple[str, _PublicKey], ...]:
        found = []
        for pem in context.settings["certificates"] or ():
            der = pem_to_der(pem)
            key = x509.load_der_x509_certificate(der).public_key()
            if isinstance(key, RSAPublicKey | EllipticCurvePublicKey):
                found.append((sha256(der).hexdigest(), key))
        return tuple(found)

    return context.cache.get_or_make("saml-public-keys", load)
