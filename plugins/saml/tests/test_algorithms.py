"""Rows S7 to S9: which algorithms, whose key, and what a Reference may say."""

from __future__ import annotations

import subprocess
import sys

import pytest
import xmlsec
from lxml import etree
from xmlsec import constants

from portico_saml.names import DS, SAML
from portico_saml.testing import Algorithms, Connection, build_response, sign, to_bytes


def _ds(root, name):
    return root.find(f".//{{{DS}}}{name}")


WEAK = [
    Algorithms(constants.TransformRsaSha1, constants.TransformSha256),
    Algorithms(constants.TransformRsaSha256, constants.TransformSha1),
    Algorithms(constants.TransformRsaSha1, constants.TransformSha1),
    Algorithms(constants.TransformRsaSha224, constants.TransformSha256),
]


@pytest.mark.parametrize("algorithms", WEAK)
@pytest.mark.parametrize("signed", ["assertion", "response"])
def test_s7_weak_algorithms_are_refused_although_the_signature_is_right(connection, idp, refuse, algorithms, signed):
    """S7: SHA-1 and SHA-224, for the signature or the digest."""
    assert (
        refuse(connection, idp.respond(connection.answer(), signed=signed, algorithms=algorithms)) == "saml-algorithm"
    )


@pytest.mark.parametrize(
    "algorithm",
    [
        "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
        "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
        "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#RSA-SHA256",
        "urn:example:unknown",
        "",
    ],
)
def test_s7_an_unlisted_signature_algorithm_is_refused(connection, idp, refuse, algorithm):
    """S7: MD5, DSA, HMAC, unknown, empty, another case."""
    root = idp.respond_tree(connection.answer())
    _ds(root, "SignatureMethod").set("Algorithm", algorithm)
    assert refuse(connection, root) == "saml-algorithm"


@pytest.mark.parametrize("algorithm", ["http://www.w3.org/2001/04/xmldsig-more#md5", DS + "sha1", "", "urn:x"])
def test_s7_an_unlisted_digest_algorithm_is_refused(connection, idp, refuse, algorithm):
    """S7: the same for digests."""
    root = idp.respond_tree(connection.answer())
    _ds(root, "DigestMethod").set("Algorithm", algorithm)
    assert refuse(connection, root) == "saml-algorithm"


@pytest.mark.parametrize("transform", [constants.TransformHmacSha1, constants.TransformHmacSha256])
def test_s7_an_hmac_with_the_certificate_as_key_is_refused(connection, idp, refuse, transform):
    """S7: the certificate is public, so that anybody could make this HMAC."""
    root = build_response(connection.answer())
    certificate = idp.key.certificate_pem.encode()
    sign(root.find(f"{{{SAML}}}Assertion"), certificate, Algorithms(transform))
    assert refuse(connection, root) == "saml-algorithm"


@pytest.mark.parametrize("length", ["0", "8", "256"])
def test_s7_an_hmac_output_length_is_refused(connection, idp, refuse, length):
    """S7: CVE-2009-0217."""
    root = idp.respond_tree(connection.answer())
    etree.SubElement(_ds(root, "SignatureMethod"), f"{{{DS}}}HMACOutputLength").text = length
    assert refuse(connection, root) == "saml-signature-form"


@pytest.mark.parametrize("signed", ["assertion", "response", "both"])
def test_s8_the_attackers_certificate_in_key_info_does_not_count(connection, attacker, refuse, signed):
    """S8: only the connection's own certificates verify; KeyInfo is never read."""
    assert refuse(connection, attacker.respond(connection.answer(), signed=signed)) == "saml-signature"


def test_s8_a_key_value_in_key_info_does_not_count(connection, attacker, refuse):
    """S8: neither does a bare KeyValue."""
    root = build_response(connection.answer())
    sign(root.find(f"{{{SAML}}}Assertion"), attacker.key, with_certificate=False)
    info = etree.SubElement(_ds(root, "Signature"), f"{{{DS}}}KeyInfo")
    xmlsec.template.add_key_value(info)
    value = etree.SubElement(info.find(f"{{{DS}}}KeyValue"), f"{{{DS}}}RSAKeyValue")
    etree.SubElement(value, f"{{{DS}}}Modulus").text = "AQAB"
    etree.SubElement(value, f"{{{DS}}}Exponent").text = "AQAB"
    assert refuse(connection, root) == "saml-signature"


@pytest.mark.parametrize("uri", ["#_assertion", "file:///etc/passwd", "http://169.254.169.254/"])
def test_s8_a_retrieval_method_is_ignored(connection, idp, accept, uri):
    """S8: an honest signature verifies whatever KeyInfo says, because KeyInfo is outside it and never read."""
    root = idp.respond_tree(connection.answer())
    info = _ds(root, "KeyInfo")
    info.clear()
    etree.SubElement(info, f"{{{DS}}}RetrievalMethod", {"URI": uri})
    assert accept(connection, root).subject == "ada@example.com"


@pytest.mark.parametrize(
    "uri",
    [
        None,
        "",
        "#",
        "#_response",
        "#xpointer(/)",
        "#xpointer(id('_assertion'))",
        "_assertion",
        "file:///etc/passwd",
        "file:///dev/zero",
        "http://127.0.0.1:1/",
        "#_assertion ",
        "#_ASSERTION",
    ],
)
def test_s9_a_reference_to_anything_but_its_parent_is_refused(connection, idp, refuse, uri):
    """S9: SAML core 5.4.2; nothing is fetched, whatever the URI."""
    root = idp.respond_tree(connection.answer())
    reference = _ds(root, "Reference")
    if uri is None:
        del reference.attrib["URI"]
    else:
        reference.set("URI", uri)
    assert refuse(connection, root) == "saml-signature-form"


def test_s9_an_id_that_is_an_xpointer_is_refused(connection, idp, refuse):
    """S9: `#` and the parent's ID must not add up to an expression."""
    root = build_response(connection.answer(assertion_id="xpointer(/)"))
    assert refuse(connection, root) == "saml-identifier"


def test_s9_a_signature_over_the_whole_document_is_refused(connection, idp, refuse):
    """S9: an empty URI, correctly signed, still says nothing about one element."""
    root = build_response(connection.answer())
    sign(root, idp.key, uri="")
    assert refuse(connection, root) == "saml-signature-form"


def test_s9_two_references_are_refused(connection, idp, refuse):
    """S9: exactly one Reference (SAML core 5.4.2)."""
    root = idp.respond_tree(connection.answer())
    info = _ds(root, "SignedInfo")
    info.append(etree.fromstring(etree.tostring(_ds(root, "Reference"))))
    assert refuse(connection, root) == "saml-signature-form"


TRANSFORMS = [
    "http://www.w3.org/TR/1999/REC-xpath-19991116",
    "http://www.w3.org/2002/06/xmldsig-filter2",
    "http://www.w3.org/TR/1999/REC-xslt-19991116",
    "http://www.w3.org/2000/09/xmldsig#base64",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/2006/12/xml-c14n11",
    "urn:example:none",
]


@pytest.mark.parametrize("algorithm", TRANSFORMS)
@pytest.mark.parametrize("position", [0, 1])
def test_s9_another_transform_is_refused(connection, idp, refuse, algorithm, position):
    """S9: XPath, XSLT, base64 and inclusive canonicalization have no place in a Reference (SAML core 5.4.4)."""
    root = idp.respond_tree(connection.answer())
    _ds(root, "Transforms")[position].set("Algorithm", algorithm)
    assert refuse(connection, root) in {"saml-signature-form", "saml-algorithm"}


@pytest.mark.parametrize("count", [0, 3, 1000])
def test_s9_any_number_of_transforms_but_one_or_two_is_refused(connection, idp, refuse, count):
    """S9: a thousand transforms would be a thousand canonicalizations."""
    root = idp.respond_tree(connection.answer())
    transforms = _ds(root, "Transforms")
    step = etree.tostring(transforms[1])
    for child in list(transforms):
        transforms.remove(child)
    for _ in range(count):
        transforms.append(etree.fromstring(step))
    assert refuse(connection, root) == "saml-signature-form"


def test_s9_parameters_of_transforms_are_refused(connection, idp, refuse):
    """S9: an XPath element below an allowed transform."""
    root = idp.respond_tree(connection.answer())
    for transform in _ds(root, "Transforms"):
        child = etree.SubElement(transform, f"{{{DS}}}XPath")
        assert refuse(connection, root) == "saml-signature-form"
        transform.remove(child)


FOLLOW = """
import sys, xmlsec
from lxml import etree
from xmlsec import constants
if sys.argv[2] == "off":
    from portico_saml import SamlAdapter
    SamlAdapter(), SamlAdapter()
root = etree.fromstring(b"<root/>")
template = xmlsec.template.create(root, constants.TransformExclC14N, constants.TransformHmacSha256)
root.append(template)
xmlsec.template.add_reference(template, constants.TransformSha256, uri=sys.argv[1])
context = xmlsec.SignatureContext()
context.key = xmlsec.Key.from_binary_data(constants.KeyDataHmac, b"x" * 32)
try:
    context.sign(template)
    print("followed")
except xmlsec.Error:
    print("refused")
"""


@pytest.mark.parametrize(("input_callbacks", "outcome"), [("on", "followed"), ("off", "refused")])
def test_s9_xmlsec_itself_can_read_nothing_once_there_is_an_adapter(tmp_path, input_callbacks, outcome):
    """S9: the second lock: no reference is followed, even by xmlsec alone; without the lock it is."""
    document = tmp_path / "outside.xml"
    document.write_text("<a/>")
    command = [sys.executable, "-c", FOLLOW, document.as_uri(), input_callbacks]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == outcome


def test_an_ecdsa_key_verifies_and_only_with_its_own_algorithm(accept, refuse):
    """ECDSA with SHA-2 is on the list; an RSA signature never verifies with an EC key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import NameOID

    from portico_saml.testing import IdentityProvider
    from portico_saml.testing.connections import NOW
    from portico_sdk import KeyPair

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ec")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(NOW).not_valid_after(NOW.replace(year=2036))
    certificate = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    idp = IdentityProvider("https://ec.example.com", "https://ec.example.com/sso", KeyPair(pem, certificate))
    connection = Connection.to(idp)
    ecdsa = Algorithms(constants.TransformEcdsaSha256)
    root = idp.respond_tree(connection.answer(), algorithms=ecdsa)
    assert accept(connection, to_bytes(root)).subject == "ada@example.com"
    _ds(root, "SignatureMethod").set("Algorithm", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256")
    assert refuse(connection, root) == "saml-signature"
