"""Keys, parsed once per version of a connection's configuration and never on the way of a single sign-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import xmlsec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from xmlsec import constants

from portico_saml.certificates import pem_to_der
from portico_saml.reasons import Reason, refuse
from portico_sdk import AdapterContext, KeyPair


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """The public key of one certificate that the connection trusts. The certificate's dates do not matter: pinned."""

    fingerprint: str  # SHA-256 of the certificate, lower-case hex
    key: xmlsec.Key = field(repr=False)


@dataclass(frozen=True, slots=True)
class OwnKey:
    """One of our key pairs: as xmlsec signs with it, and as `cryptography` signs and decrypts with it."""

    signing: xmlsec.Key = field(repr=False)
    private: RSAPrivateKey = field(repr=False)
    certificate_pem: str


def trusted_keys(context: AdapterContext) -> tuple[TrustedKey, ...]:
    """Return the keys that may sign for this connection. Raises Refusal when there is none: nothing can be verified."""
    keys = context.cache.get_or_make("saml-trusted-keys", lambda: _load_trusted(context.settings["certificates"] or []))
    if not keys:
        refuse(Reason.CONFIGURATION, "the connection has no certificate of its identity provider")
    return keys


def own_keys(context: AdapterContext) -> tuple[OwnKey, ...]:
    """Return our key pairs, newest first. Raises Refusal when one cannot be used."""
    pairs = context.service_provider.keys
    name = f"saml-own-keys {hash(tuple(pair.certificate_pem for pair in pairs))}"  # a rotation takes effect at once
    return context.cache.get_or_make(name, lambda: _load_own(pairs))


def _load_trusted(certificates: list[str]) -> tuple[TrustedKey, ...]:
    keys = []
    for pem in certificates:
        der = pem_to_der(pem)
        key = xmlsec.Key.from_memory(der, constants.KeyDataFormatCertDer, None)
        keys.append(TrustedKey(sha256(der).hexdigest(), key))
    return tuple(keys)


def _load_own(pairs: Sequence[KeyPair]) -> tuple[OwnKey, ...]:
    keys = []
    for pair in pairs:
        private = load_pem_private_key(pair.private_key_pem.encode(), None)
        if not isinstance(private, RSAPrivateKey):
            refuse(Reason.CONFIGURATION, "our own key is not an RSA key")
        signing = xmlsec.Key.from_memory(pair.private_key_pem, constants.KeyDataFormatPem, None)
        signing.load_cert_from_memory(pair.certificate_pem, constants.KeyDataFormatPem)
        keys.append(OwnKey(signing, private, pair.certificate_pem))
    return tuple(keys)
