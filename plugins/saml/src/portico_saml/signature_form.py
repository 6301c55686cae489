"""The only shape of an XML signature that is looked at: one Reference, to the element that holds the signature."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from portico_saml.document import text_of
from portico_saml.message import decode_base64
from portico_saml.names import (
    DIGEST_METHODS,
    DS,
    ENVELOPED,
    EXCLUSIVE_C14N,
    REFERENCE_C14N,
    SIGNATURE_METHODS,
    SIGNED_INFO_C14N,
)
from portico_saml.reasons import Reason, refuse

_MAX_SIGNATURE_BYTES = 1024  # RSA of 8192 bits
_INCLUSIVE_NAMESPACES = f"{{{EXCLUSIVE_C14N}}}InclusiveNamespaces"


@dataclass(frozen=True, slots=True)
class SignatureForm:
    """A Signature of the allowed shape, not yet verified, and the element it is about (its parent).

    Args:
        method: the signature algorithm.
        info_algorithms, reference_algorithms: all that SignedInfo and its Reference name, each from its list.
        parts: the elements with trust-bearing names that rightly belong to it.
    """

    element: etree._Element
    signed: etree._Element
    method: str
    info_algorithms: tuple[str, ...]
    reference_algorithms: tuple[str, ...]
    parts: tuple[etree._Element, ...]


def read_signature_form(signature: etree._Element, signed: etree._Element) -> SignatureForm:
    """Return the form of a signature that can only mean "the whole of `signed`, as it stands here".

    Raises:
        Refusal: any other child, attribute, reference, transform or algorithm.
    Does not: verify. KeyInfo may hold whatever it likes, because nothing ever reads it.
    Spec: SAML core 5.4.1 to 5.4.4; XMLDSig 4.
    """
    info, value, *_key_info = _exact(signature, "SignedInfo", "SignatureValue", optional="KeyInfo")
    if len(decode_base64(text_of(value), reason=Reason.SIGNATURE_FORM)) > _MAX_SIGNATURE_BYTES:
        refuse(Reason.SIGNATURE_FORM, "a signature value longer than any key")
    canonicalization, method, reference = _exact(info, "CanonicalizationMethod", "SignatureMethod", "Reference")
    _check_c14n(canonicalization, SIGNED_INFO_C14N)
    algorithm = _algorithm(method)
    if algorithm not in SIGNATURE_METHODS:
        refuse(Reason.ALGORITHM, "signature algorithm", expected="RSA or ECDSA with SHA-2", received=algorithm[:120])
    if len(method):
        refuse(Reason.SIGNATURE_FORM, "parameters of the signature algorithm")
    digest_value, named = _check_reference(reference, signed)
    parts = (signature, info, value, reference, digest_value)
    return SignatureForm(signature, signed, algorithm, (_algorithm(canonicalization), algorithm), named, parts)


def _check_reference(reference: etree._Element, signed: etree._Element) -> tuple[etree._Element, tuple[str, ...]]:
    """Return the DigestValue and the algorithms of the Reference."""
    expected = "#" + signed.get("ID", "")
    if expected == "#" or reference.get("URI") != expected:
        received = reference.get("URI", "nothing")[:120]
        refuse(Reason.SIGNATURE_FORM, "refers to another element", expected=expected, received=received)
    if set(reference.attrib) - {"URI", "Id"}:
        refuse(Reason.SIGNATURE_FORM, "attributes of Reference")
    transforms, digest_method, digest_value = _exact(reference, "Transforms", "DigestMethod", "DigestValue")
    _check_transforms(transforms)
    algorithm = _algorithm(digest_method)
    length = DIGEST_METHODS.get(algorithm)
    if length is None:
        refuse(Reason.ALGORITHM, "digest algorithm", expected="SHA-256, SHA-384 or SHA-512", received=algorithm[:120])
    if len(digest_method):
        refuse(Reason.SIGNATURE_FORM, "parameters of the digest algorithm")
    if len(decode_base64(text_of(digest_value), reason=Reason.SIGNATURE_FORM)) != length:
        refuse(Reason.SIGNATURE_FORM, "a digest of another length than its algorithm gives")
    return digest_value, (*(_algorithm(step) for step in transforms), algorithm)


def _check_transforms(transforms: etree._Element) -> None:
    """Exactly the enveloped signature, then at most one exclusive canonicalization."""
    steps = list(transforms)
    if not 1 <= len(steps) <= 2 or any(step.tag != f"{{{DS}}}Transform" for step in steps):
        refuse(Reason.SIGNATURE_FORM, "transforms", expected="one or two", received=str(len(steps)))
    if steps[0].get("Algorithm") != ENVELOPED or len(steps[0]):
        received = steps[0].get("Algorithm", "nothing")[:120]
        refuse(Reason.SIGNATURE_FORM, "first transform", expected="enveloped-signature", received=received)
    for step in steps[1:]:
        _check_c14n(step, REFERENCE_C14N)


def _check_c14n(element: etree._Element, allowed: frozenset[str]) -> None:
    algorithm = _algorithm(element)
    if algorithm not in allowed:
        refuse(Reason.ALGORITHM, "canonicalization", expected="exclusive C14N", received=algorithm[:120])
    if any(child.tag != _INCLUSIVE_NAMESPACES or len(child) for child in element) or len(element) > 1:
        refuse(Reason.SIGNATURE_FORM, "parameters of the canonicalization")


def _algorithm(element: etree._Element) -> str:
    return element.get("Algorithm", "")


def _exact(parent: etree._Element, *names: str, optional: str = "") -> list[etree._Element]:
    """Return the children, which are exactly `names` in this order, `optional` perhaps at the end, all of XMLDSig."""
    children = list(parent)
    expected = [f"{{{DS}}}{name}" for name in names]
    if optional and len(children) == len(expected) + 1:
        expected.append(f"{{{DS}}}{optional}")
    if [child.tag for child in children] != expected:
        received = " ".join(str(etree.QName(child).localname) for child in children[:6])
        refuse(
            Reason.SIGNATURE_FORM,
            f"content of {etree.QName(parent).localname}",
            expected=" ".join(names),
            received=received[:120],
        )
    return children
