"""XML Signature as the vendors write and verify it: enveloped, exclusive C14N, RSA-SHA256 unless somebody chose SHA-1."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote

import xmlsec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from portico_simulator.keys import SigningKey
from portico_simulator.saml.names import DS, RSA_SHA256, element


class NotSigned(Exception):
    """A message is not signed as it has to be; `cause` is one of errors.PLAIN."""

    def __init__(self, cause: str = "signature") -> None:
        super().__init__(cause)
        self.cause = cause


def sign(
    node: etree._Element,
    key: SigningKey,
    *,
    position: int = 1,
    sha1: bool = False,
    beside: Iterable[str] = (),
) -> None:
    """Sign `node`, which has an ID, with a signature inside it at `position` (after Issuer: core 5.4.1).

    Args:
        beside: what KeyInfo has beside the certificate: `key_value`, `subject_name`, `key_name`.
    """
    method = xmlsec.constants.TransformRsaSha1 if sha1 else xmlsec.constants.TransformRsaSha256
    digest = xmlsec.constants.TransformSha1 if sha1 else xmlsec.constants.TransformSha256
    signature = xmlsec.template.create(node, xmlsec.constants.TransformExclC14N, method, ns="ds")
    node.insert(position, signature)
    reference = xmlsec.template.add_reference(signature, digest, uri=f"#{node.get('ID')}")
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformEnveloped)
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformExclC14N)
    _describe_key(xmlsec.template.ensure_key_info(signature), key, frozenset(beside))
    xmlsec.tree.add_ids(node, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(key.private_pem, xmlsec.constants.KeyDataFormatPem)
    context.sign(signature)


def _describe_key(key_info: etree._Element, key: SigningKey, beside: frozenset[str]) -> None:
    data = element(key_info, DS, "X509Data")
    if "subject_name" in beside:
        element(data, DS, "X509SubjectName", key.certificate.subject.rfc4514_string())
    element(data, DS, "X509Certificate", key.certificate_base64)
    if "key_value" in beside:
        numbers = key.private.public_key().public_numbers()
        value = element(element(key_info, DS, "KeyValue"), DS, "RSAKeyValue")
        for name, number in (("Modulus", numbers.n), ("Exponent", numbers.e)):
            content = number.to_bytes((number.bit_length() + 7) // 8)
            element(value, DS, name, base64.b64encode(content).decode())


def verify_enveloped(root: etree._Element, certificate_pem: str) -> None:
    """Accept a message only if the certificate's key signed the whole of it (POST binding). Raises NotSigned."""
    signature = root.find(f"{{{DS}}}Signature")
    references = root.findall(f".//{{{DS}}}Reference")
    if signature is None or len(references) != 1 or references[0].get("URI") != f"#{root.get('ID')}":
        raise NotSigned
    method = signature.find(f"{{{DS}}}SignedInfo/{{{DS}}}SignatureMethod")
    if method is None or method.get("Algorithm") != RSA_SHA256:
        raise NotSigned("signature_algorithm")
    xmlsec.tree.add_ids(root, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(certificate_pem.encode(), xmlsec.constants.KeyDataFormatCertPem)
    try:
        context.verify(signature)
    except xmlsec.Error as error:
        raise NotSigned from error


def verify_query(raw_query: str, certificate_pem: str) -> None:
    """Accept a message only if the certificate's key signed these bytes (bindings 3.4.4.1). Raises NotSigned."""
    parts = dict(piece.split("=", 1) for piece in raw_query.split("&") if "=" in piece)
    if len(parse_qsl(raw_query, keep_blank_values=True)) != len(parts) or "Signature" not in parts:
        raise NotSigned
    if unquote(parts.get("SigAlg", "")) != RSA_SHA256:
        raise NotSigned("signature_algorithm")
    covered = ("SAMLRequest", "SAMLResponse", "RelayState", "SigAlg")
    signed = "&".join(f"{name}={parts[name]}" for name in covered if name in parts)
    key = x509.load_pem_x509_certificate(certificate_pem.encode()).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    try:
        signature = base64.b64decode(unquote(parts["Signature"]), validate=True)
        key.verify(signature, signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise NotSigned from error
