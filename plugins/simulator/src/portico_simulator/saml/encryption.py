"""XML Encryption as the vendors write it: AES-256-CBC or AES-128-GCM, the key by RSA-OAEP inside or beside."""

from __future__ import annotations

import xmlsec
from lxml import etree

from portico_simulator.profiles import EncryptionHabits
from portico_simulator.saml.names import DS, SAML, XENC, element

_CONTENT = {
    "aes256-cbc": (xmlsec.constants.TransformAes256Cbc, 256),
    "aes128-gcm": (xmlsec.constants.TransformAes128Gcm, 128),
}


def encrypt_assertion(assertion: etree._Element, certificate_pem: str, habits: EncryptionHabits, key_id: str) -> None:
    """Put an EncryptedAssertion for the certificate's owner in the assertion's place."""
    transform, bits = _CONTENT[habits.content]
    parent = assertion.getparent()
    assert parent is not None
    holder = etree.Element(f"{{{SAML}}}EncryptedAssertion")
    parent.replace(assertion, holder)
    holder.append(assertion)
    template = xmlsec.template.encrypted_data_create(holder, transform, type=xmlsec.constants.TypeEncElement, ns="xenc")
    xmlsec.template.encrypted_data_ensure_cipher_value(template)
    key_info = xmlsec.template.encrypted_data_ensure_key_info(template, ns="ds")
    encrypted_key = xmlsec.template.add_encrypted_key(key_info, xmlsec.constants.TransformRsaOaep)
    xmlsec.template.encrypted_data_ensure_cipher_value(encrypted_key)
    keys = xmlsec.KeysManager()
    keys.add_key(xmlsec.Key.from_memory(certificate_pem.encode(), xmlsec.constants.KeyDataFormatCertPem))
    context = xmlsec.EncryptionContext(keys)
    context.key = xmlsec.Key.generate(xmlsec.constants.KeyDataAes, bits, xmlsec.constants.KeyDataTypeSession)
    context.encrypt_xml(template, assertion)
    if habits.beside:
        _move_key_beside(holder, key_id)


def _move_key_beside(holder: etree._Element, key_id: str) -> None:
    # by comparing names: the elements are xmlsec's, which lxml's own search does not find
    key_info = next(node for node in holder.iter() if node.tag == f"{{{DS}}}KeyInfo")
    encrypted_key = next(node for node in key_info if node.tag == f"{{{XENC}}}EncryptedKey")
    encrypted_key.set("Id", key_id)
    holder.append(encrypted_key)
    element(key_info, DS, "RetrievalMethod", None, {"Type": XENC + "EncryptedKey", "URI": f"#{key_id}"})
