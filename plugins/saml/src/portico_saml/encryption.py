"""Decryption of encrypted assertions: AES-CBC, AES-GCM or 3DES-CBC, keys wrapped with RSA-OAEP, to bytes.

What depends on a secret takes one path: a key that does not unwrap is replaced by a random one, wrong padding goes on as
an empty plaintext, and a plaintext that is no assertion is replaced by a decoy whose signature then fails, as a forged
one's does (RFC 3218 has the idea). What does not depend on a secret is judged before, by `sealed.py`.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

from portico_saml.keys import OwnKey
from portico_saml.names import DS, ENVELOPED, EXCLUSIVE_C14N, RSA_SHA256, SAML, XENC
from portico_saml.sealed import Sealed

_MAX_TRIES = 12  # private key operations for one response
_ZERO = base64.b64encode(bytes(32)).decode()
#: An assertion whose signature has the right shape and verifies with no key.
DECOY = (
    f'<a:Assertion xmlns:a="{SAML}" xmlns:d="{DS}" ID="_decoy" Version="2.0"><a:Issuer>decoy</a:Issuer><d:Signature>'
    f'<d:SignedInfo><d:CanonicalizationMethod Algorithm="{EXCLUSIVE_C14N}"/><d:SignatureMethod Algorithm="{RSA_SHA256}"/>'
    f'<d:Reference URI="#_decoy"><d:Transforms><d:Transform Algorithm="{ENVELOPED}"/></d:Transforms>'
    f'<d:DigestMethod Algorithm="{XENC}sha256"/><d:DigestValue>{_ZERO}</d:DigestValue></d:Reference></d:SignedInfo>'
    f"<d:SignatureValue>{_ZERO}</d:SignatureValue></d:Signature></a:Assertion>"
).encode()


def decrypt(sealed: Sealed, keys: Sequence[OwnKey], random: Callable[[int], bytes]) -> bytes:
    """Return the plaintext under the first of our keys that fits; bytes that are no XML when none does.

    Does not say whether a key or a padding was wrong: the caller's parser refuses, as it does for any garbage.
    """
    content_key = random(sealed.key_length)
    tries = 0
    for own in keys:
        for wrapped in sealed.wrapped:
            tries += 1
            if tries > _MAX_TRIES:
                break
            try:
                unwrapped = own.private.decrypt(wrapped.value, wrapped.scheme)
            except ValueError:
                continue
            if len(unwrapped) == sealed.key_length:
                content_key = unwrapped
    if sealed.mode == "gcm":
        return _decrypt_gcm(content_key, sealed.value)
    return _decrypt_cbc(TripleDES(content_key) if sealed.mode == "3des" else algorithms.AES(content_key), sealed.value)


def _decrypt_gcm(key: bytes, value: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(value[:12], value[12:], None)
    except (InvalidTag, ValueError):
        return b""


def _decrypt_cbc(cipher: algorithms.AES | TripleDES, value: bytes) -> bytes:
    block = cipher.block_size // 8
    if len(value) < 2 * block or len(value) % block:
        return b""
    decryptor = Cipher(cipher, modes.CBC(value[:block])).decryptor()
    padded = decryptor.update(value[block:]) + decryptor.finalize()
    length = padded[-1]
    return padded[:-length] if 1 <= length <= block else b""


def unseal(
    response: etree._Element, encrypted_assertion: etree._Element, plaintext: bytes, random: Callable[[int], bytes]
) -> bytes:
    """Return the text of the response with `plaintext` standing where the encrypted assertion stood.

    The assertion keeps every prefix and byte it was signed with: it is not moved between trees, which would rename
    prefixes, but parsed where it stands, with the namespaces in scope there. The result is as unverified as any message.
    """
    marker = random(16).hex()
    nsmap = cast(dict[str, str], encrypted_assertion.nsmap)  # the default namespace has no prefix: None
    scope = etree.Element(response.tag, nsmap=nsmap)
    for name, value in response.items():
        scope.set(name, value)
    last: etree._Element | None = None
    for child in response:
        if child is encrypted_assertion:
            if last is None:
                scope.text = marker
            else:
                last.tail = marker
        else:  # a signature of the response came along; it counts where it was verified, over the encrypted form
            last = deepcopy(child)
            last.tail = None
            scope.append(last)
    return etree.tostring(scope, encoding="utf-8").replace(marker.encode(), plaintext)
