"""The only shapes of an encrypted assertion that are looked at, judged before any key is touched.

Spec: SAML core 2.3.4 and 6; XML Encryption 1.1, 3 and 5.5.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from portico_saml.document import text_of
from portico_saml.message import decode_base64
from portico_saml.names import CONTENT_ENCRYPTION, DS, ENCRYPTED_KEY_TYPE, OAEP, OAEP_MGF1P, XENC, XENC11
from portico_saml.reasons import Reason, refuse

_MAX_ENCRYPTED_KEYS = 4

#: OAEP hashes. SHA-1 is the default of `rsa-oaep-mgf1p` and no weakness here: OAEP needs no collision resistance.
_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    DS + "sha1": hashes.SHA1,
    XENC + "sha256": hashes.SHA256,
    "http://www.w3.org/2001/04/xmldsig-more#sha384": hashes.SHA384,
    XENC + "sha512": hashes.SHA512,
}
_MGF_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    XENC11 + "mgf1sha1": hashes.SHA1,
    XENC11 + "mgf1sha256": hashes.SHA256,
    XENC11 + "mgf1sha384": hashes.SHA384,
    XENC11 + "mgf1sha512": hashes.SHA512,
}


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A content key, wrapped for somebody by RSA-OAEP."""

    scheme: padding.OAEP
    value: bytes


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted assertion of an allowed shape."""

    mode: str
    key_length: int
    value: bytes
    wrapped: tuple[WrappedKey, ...]


def read_sealed(encrypted_assertion: etree._Element) -> Sealed:
    """Return the parts of an EncryptedAssertion. Raises Refusal for any shape or algorithm that is not on the list.

    Spec: SAML core 2.3.4 and 6; XML Encryption 1.1, 3 and 5.5.
    """
    children = list(encrypted_assertion)
    data = [child for child in children if child.tag == f"{{{XENC}}}EncryptedData"]
    siblings = [child for child in children if child.tag == f"{{{XENC}}}EncryptedKey"]
    if len(data) != 1 or len(data) + len(siblings) != len(children):
        refuse(Reason.ENCRYPTION_FORM, "content of EncryptedAssertion")
    method = _only(data[0], f"{{{XENC}}}EncryptionMethod").get("Algorithm", "")
    if method not in CONTENT_ENCRYPTION:
        refuse(
            Reason.ENCRYPTION_FORM, "content encryption", expected="AES-CBC, AES-GCM or 3DES-CBC", received=method[:120]
        )
    mode, key_length = CONTENT_ENCRYPTION[method]
    keys = _encrypted_keys(data[0], siblings)
    if not 1 <= len(keys) <= _MAX_ENCRYPTED_KEYS:
        refuse(Reason.ENCRYPTION_FORM, "number of encrypted keys", expected="1 to 4", received=str(len(keys)))
    return Sealed(mode, key_length, _cipher_value(data[0]), tuple(_wrapped(key) for key in keys))


def _encrypted_keys(data: etree._Element, siblings: list[etree._Element]) -> list[etree._Element]:
    """The keys in KeyInfo, those it points to in the same EncryptedAssertion, else all that stand beside it."""
    inside: list[etree._Element] = []
    info = data.find(f"{{{DS}}}KeyInfo")
    for child in info if info is not None else ():
        if child.tag == f"{{{XENC}}}EncryptedKey":
            inside.append(child)
        elif child.tag == f"{{{DS}}}RetrievalMethod":
            if child.get("Type") != ENCRYPTED_KEY_TYPE or len(child):
                refuse(Reason.ENCRYPTION_FORM, "a RetrievalMethod for something else than an encrypted key")
            uri = child.get("URI", "")
            named = [key for key in siblings if key.get("Id") and "#" + key.get("Id", "") == uri]
            if len(named) != 1:
                refuse(Reason.ENCRYPTION_FORM, "a RetrievalMethod that leads elsewhere", received=uri[:120])
            inside.extend(named)
    return inside or siblings


def _wrapped(key: etree._Element) -> WrappedKey:
    method = _only(key, f"{{{XENC}}}EncryptionMethod")
    algorithm = method.get("Algorithm", "")
    if algorithm not in (OAEP_MGF1P, OAEP):
        refuse(Reason.ENCRYPTION_FORM, "key transport", expected="RSA-OAEP", received=algorithm[:120])
    digest, mgf, label = hashes.SHA1, hashes.SHA1, None
    for child in method:
        name = child.get("Algorithm", "")
        if child.tag == f"{{{DS}}}DigestMethod" and name in _HASHES:
            digest = _HASHES[name]  # type: ignore[assignment]
        elif child.tag == f"{{{XENC11}}}MGF" and algorithm == OAEP and name in _MGF_HASHES:
            mgf = _MGF_HASHES[name]  # type: ignore[assignment]
        elif child.tag == f"{{{XENC}}}OAEPparams":
            label = decode_base64(text_of(child), reason=Reason.ENCRYPTION_FORM)
        else:
            refuse(Reason.ENCRYPTION_FORM, "parameters of the key transport", received=name[:120])
    return WrappedKey(padding.OAEP(padding.MGF1(mgf()), digest(), label), _cipher_value(key))


def _cipher_value(element: etree._Element) -> bytes:
    value = _only(_only(element, f"{{{XENC}}}CipherData"), f"{{{XENC}}}CipherValue")
    return decode_base64(text_of(value), reason=Reason.ENCRYPTION_FORM)


def _only(parent: etree._Element, tag: str) -> etree._Element:
    found = parent.findall(tag)
    if len(found) != 1:
        refuse(Reason.ENCRYPTION_FORM, f"{etree.QName(tag).localname} must stand there once")
    return found[0]
