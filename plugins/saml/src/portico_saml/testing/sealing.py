"""Encrypting assertions as providers do it, and as they should not."""

from __future__ import annotations

import base64
import os
from copy import deepcopy

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509 import load_pem_x509_certificate
from lxml import etree

from portico_saml.names import CONTENT_ENCRYPTION, DS, ENCRYPTED_KEY_TYPE, OAEP_MGF1P, SAML, XENC

AES256_GCM = "http://www.w3.org/2009/xmlenc11#aes256-gcm"
AES128_CBC = XENC + "aes128-cbc"


def encrypt_assertion(
    root: etree._Element,
    certificate_pem: str,
    *,
    method: str = AES256_GCM,
    transport: str = OAEP_MGF1P,
    plaintext: bytes | None = None,
    retrieval_method: bool = False,
    key_in_key_info: bool = True,
) -> etree._Element:
    """Return a copy of the Response whose Assertion is replaced by an EncryptedAssertion.

    Args:
        method, transport: algorithm identifiers, also ones that an adapter must refuse.
        plaintext: what is encrypted instead of the assertion as it stands.
        retrieval_method: point from KeyInfo to the key beside the data, as Okta does.
    """
    root = deepcopy(root)
    assertion = root.find(f"{{{SAML}}}Assertion")
    assert assertion is not None
    text = etree.tostring(assertion, with_tail=False) if plaintext is None else plaintext
    mode, length = CONTENT_ENCRYPTION.get(method, ("cbc", 16))
    content_key = os.urandom(length)
    encrypted = etree.Element(f"{{{SAML}}}EncryptedAssertion", nsmap={"saml": SAML, "xenc": XENC, "ds": DS})
    data = _add(encrypted, XENC, "EncryptedData", Type=XENC + "Element")
    _add(data, XENC, "EncryptionMethod", Algorithm=method)
    info = _add(data, DS, "KeyInfo")
    if retrieval_method:
        _add(info, DS, "RetrievalMethod", Type=ENCRYPTED_KEY_TYPE, URI="#_key")
    inside = key_in_key_info and not retrieval_method
    key = _add(info if inside else encrypted, XENC, "EncryptedKey", Id="_key")
    method_element = _add(key, XENC, "EncryptionMethod", Algorithm=transport)
    if transport == OAEP_MGF1P:
        _add(method_element, DS, "DigestMethod", Algorithm=DS + "sha1")
    _cipher_value(key, _wrap(content_key, certificate_pem, transport))
    _cipher_value(data, _seal(content_key, text, mode))
    if not len(info):
        data.remove(info)
    root.replace(assertion, encrypted)
    return root


def _wrap(content_key: bytes, certificate_pem: str, transport: str) -> bytes:
    public = load_pem_x509_certificate(certificate_pem.encode()).public_key()
    assert isinstance(public, RSAPublicKey)
    if transport.endswith("rsa-1_5"):
        return public.encrypt(content_key, padding.PKCS1v15())
    return public.encrypt(content_key, padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None))  # noqa: S303


def _seal(key: bytes, text: bytes, mode: str) -> bytes:
    if mode == "gcm":
        nonce = os.urandom(12)
        return nonce + AESGCM(key).encrypt(nonce, text, None)
    cipher = TripleDES(key) if mode == "3des" else algorithms.AES(key)
    block = cipher.block_size // 8
    length = block - len(text) % block
    vector = os.urandom(block)
    encryptor = Cipher(cipher, modes.CBC(vector)).encryptor()
    return vector + encryptor.update(text + bytes(length - 1) + bytes([length])) + encryptor.finalize()


def _cipher_value(parent: etree._Element, value: bytes) -> None:
    element = _add(_add(parent, XENC, "CipherData"), XENC, "CipherValue")
    element.text = base64.b64encode(value).decode()


def _add(parent: etree._Element, namespace: str, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{namespace}}}{name}", attributes)
