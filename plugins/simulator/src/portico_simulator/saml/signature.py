"""XML Signature and Encryption as the vendors write them: enveloped, exclusive C14N, RSA-SHA256, AES-256, RSA-OAEP."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import parse_qsl, unquote

import xmlsec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from portico_simulator.keys import SigningKey
from portico_simulator.pages import ShownToPerson
from portico_simulator.saml.names import DS, SAML, element

_RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"


def sign(node: etree._Element, key: SigningKey, *, position: int = 1) -> None:
    """Sign `node`, which has an ID, with a signature inside it at `position` (after Issuer: core 5.4.1)."""
    signature = xmlsec.template.create(
        node, xmlsec.constants.TransformExclC14N, xmlsec.constants.TransformRsaSha256, ns="ds"
    )
    node.insert(position, signature)
    reference = xmlsec.template.add_reference(signature, xmlsec.constants.TransformSha256, uri=f"#{node.get('ID')}")
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformEnveloped)
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformExclC14N)
    key_info = xmlsec.template.ensure_key_info(signature)
    data = element(key_info, DS, "X509Data")
    element(data, DS, "X509Certificate", key.certificate_base64)
    xmlsec.tree.add_ids(node, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(key.private_pem, xmlsec.constants.KeyDataFormatPem)
    context.sign(signature)


def encrypt_assertion(assertion: etree._Element, certificate_pem: str) -> None:
    """Put an EncryptedAssertion in the assertion's place: AES-256-CBC, its key by RSA-OAEP for the certificate."""
    parent = assertion.getparent()
    assert parent is not None
    holder = etree.Element(f"{{{SAML}}}EncryptedAssertion")
    parent.replace(assertion, holder)
    holder.append(assertion)
    template = xmlsec.template.encrypted_data_create(
        holder, xmlsec.constants.TransformAes256Cbc, type=xmlsec.constants.TypeEncElement, ns="xenc"
    )
    xmlsec.template.encrypted_data_ensure_cipher_value(template)
    key_info = xmlsec.template.encrypted_data_ensure_key_info(template, ns="ds")
    encrypted_key = xmlsec.template.add_encrypted_key(key_info, xmlsec.constants.TransformRsaOaep)
    xmlsec.template.encrypted_data_ensure_cipher_value(encrypted_key)
    keys = xmlsec.KeysManager()
    keys.add_key(xmlsec.Key.from_memory(certificate_pem.encode(), xmlsec.constants.KeyDataFormatCertPem))
    context = xmlsec.EncryptionContext(keys)
    context.key = xmlsec.Key.generate(xmlsec.constants.KeyDataAes, 256, xmlsec.constants.KeyDataTypeSession)
    context.encrypt_xml(template, assertion)


def verify_enveloped(root: etree._Element, certificate_pem: str) -> None:
    """Accept a request only if the certificate's key signed the whole of it (POST binding). Raises ShownToPerson."""
    signature = root.find(f"{{{DS}}}Signature")
    references = root.findall(f".//{{{DS}}}Reference")
    if signature is None or len(references) != 1 or references[0].get("URI") != f"#{root.get('ID')}":
        raise ShownToPerson("The request is not signed.")
    xmlsec.tree.add_ids(root, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(certificate_pem.encode(), xmlsec.constants.KeyDataFormatCertPem)
    try:
        context.verify(signature)
    except xmlsec.Error as error:
        raise ShownToPerson("The signature of the request does not verify.") from error


def verify_query(raw_query: str, certificate_pem: str) -> None:
    """Accept a request only if the certificate's key signed these bytes (bindings 3.4.4.1). Raises ShownToPerson."""
    parts = dict(piece.split("=", 1) for piece in raw_query.split("&") if "=" in piece)
    if len(parse_qsl(raw_query, keep_blank_values=True)) != len(parts) or "Signature" not in parts:
        raise ShownToPerson("The request is not signed.")
    if unquote(parts.get("SigAlg", "")) != _RSA_SHA256:
        raise ShownToPerson("The request is not signed with RSA-SHA256.")
    signed = "&".join(f"{name}={parts[name]}" for name in ("SAMLRequest", "RelayState", "SigAlg") if name in parts)
    key = x509.load_pem_x509_certificate(certificate_pem.encode()).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    try:
        signature = base64.b64decode(unquote(parts["Signature"]), validate=True)
        key.verify(signature, signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise ShownToPerson("The signature of the request does not verify.") from error
