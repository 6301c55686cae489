"""Signing as providers do it, and as they should not."""

from __future__ import annotations

from dataclasses import dataclass

import xmlsec
from lxml import etree
from xmlsec import constants

from portico_saml.names import SAML
from portico_sdk import KeyPair


@dataclass(frozen=True, slots=True)
class Algorithms:
    """What a signature is made with; xmlsec's own constants."""

    signature: object = constants.TransformRsaSha256
    digest: object = constants.TransformSha256
    canonicalization: object = constants.TransformExclC14N
    reference_canonicalization: object | None = constants.TransformExclC14N


SHA256_ALGORITHMS = Algorithms()


def sign(
    element: etree._Element,
    key: KeyPair | bytes,
    algorithms: Algorithms = SHA256_ALGORITHMS,
    *,
    uri: str | None = None,
    with_certificate: bool = True,
) -> etree._Element:
    """Return the Signature that was put right behind the Issuer of `element` (a Response or an Assertion).

    Args:
        key: a key pair, or the raw secret of an HMAC.
        uri: of the Reference; by default "#" and the element's ID.
    """
    template = xmlsec.template.create(element, algorithms.canonicalization, algorithms.signature, ns="ds")  # type: ignore[arg-type]
    issuer = element.find(f"{{{SAML}}}Issuer")
    element.insert(0 if issuer is None else element.index(issuer) + 1, template)
    target = f"#{element.get('ID')}" if uri is None else uri
    reference = xmlsec.template.add_reference(template, algorithms.digest, uri=target)  # type: ignore[arg-type]
    xmlsec.template.add_transform(reference, constants.TransformEnveloped)
    if algorithms.reference_canonicalization is not None:
        xmlsec.template.add_transform(reference, algorithms.reference_canonicalization)  # type: ignore[arg-type]
    context = xmlsec.SignatureContext()
    if isinstance(key, bytes):
        context.key = xmlsec.Key.from_binary_data(constants.KeyDataHmac, key)
    else:
        context.key = xmlsec.Key.from_memory(key.private_key_pem, constants.KeyDataFormatPem, None)
        if with_certificate:
            context.key.load_cert_from_memory(key.certificate_pem, constants.KeyDataFormatPem)
            xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(template))
    if element.get("ID"):
        context.register_id(element, "ID")
    context.sign(template)
    return template


def reparsed(root: etree._Element) -> etree._Element:
    """Return the document read anew: elements that xmlsec made are not found by name before that."""
    return etree.fromstring(etree.tostring(root))


def to_bytes(root: etree._Element) -> bytes:
    """Return the document as a provider would send it."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
