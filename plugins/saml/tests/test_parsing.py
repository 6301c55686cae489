"""Rows S2 to S6: one parser, one tree, and a text that means one thing."""

from __future__ import annotations

import ast
import base64
import hashlib
from pathlib import Path

import pytest
from lxml import etree

import portico_saml
from portico_saml.names import DS, SAML, SAMLP
from portico_saml.testing import build_response, sign, to_bytes

PACKAGE = Path(portico_saml.__file__).parent
NAME = b"ada@example.com"


def _parser_calls(path: Path) -> set[str]:
    calls = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            calls.add(node.func.attr)
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
            calls |= {name for name in names if "xml" in name.lower()}
    return calls


def test_s2_there_is_one_xml_parser():
    """S2: only `document.py` parses XML; no other XML stack is imported anywhere in the SAML path."""
    parsing = {"fromstring", "XML", "HTML", "parse", "XMLParser", "iterparse", "HTMLParser", "fromstringlist", "feed"}
    other_stacks = {"xml", "xml.etree", "xml.dom", "xml.sax", "xml.etree.ElementTree", "xml.dom.minidom", "defusedxml"}
    for path in PACKAGE.glob("*.py"):  # not `testing`, which builds what is parsed
        calls = _parser_calls(path)
        assert not calls & other_stacks, path.name
        assert not calls & {"BeautifulSoup", "lxml.html", "html5lib", "xmltodict"}, path.name
        if path.name != "document.py":
            assert not calls & parsing, f"{path.name} parses XML"


def test_s2_only_the_library_modules_know_python3_saml():
    """S2: python3-saml is imported by the two modules that ask and prepare it; neither parses anything."""
    importers = {
        path.name
        for path in PACKAGE.rglob("*.py")
        if any(
            (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("onelogin"))
            or (isinstance(node, ast.Import) and any(alias.name.startswith("onelogin") for alias in node.names))
            for node in ast.walk(ast.parse(path.read_text()))
        )
    }
    assert importers == {"library.py", "library_functions.py"}


def test_s2_the_library_parses_nothing_during_a_sign_in(connection, idp, accept, monkeypatch):
    """S2: python3-saml sees the verified tree itself, never a text to parse again."""
    import onelogin.saml2.xmlparser
    from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

    def fail(*arguments, **options):
        raise AssertionError("a second parse")

    monkeypatch.setattr(onelogin.saml2.xmlparser, "fromstring", fail)
    monkeypatch.setattr(OneLogin_Saml2_XML, "_parse_etree", staticmethod(fail))
    for signed in ("assertion", "response"):
        assert accept(connection, idp.respond(connection.answer(), signed=signed)).subject == "ada@example.com"


def test_s2_the_identity_is_read_from_the_verified_node(connection, idp, accept, monkeypatch):
    """S2: the element that identity is read from is the one whose signature verified."""
    import portico_saml.response as reading
    import portico_saml.verification as verifying

    verified, read = [], []
    real_verify, real_read = verifying.verify_signature, reading.read_identity
    monkeypatch.setattr(
        verifying, "verify_signature", lambda form, keys: (verified.append(form.signed), real_verify(form, keys))[1]
    )
    monkeypatch.setattr(
        reading, "read_identity", lambda evidence: (read.append(evidence.assertion), real_read(evidence))[1]
    )
    accept(connection, idp.respond(connection.answer()))
    assert read[0] is verified[0]
    accept(connection, idp.respond(connection.answer(), signed="response"))
    assert read[1].getparent() is verified[1]


@pytest.mark.parametrize(
    "doctype",
    [
        b"<!DOCTYPE foo>",
        b'<!DOCTYPE foo [<!ENTITY x "y">]>',
        b'<!DOCTYPE foo SYSTEM "file:///etc/passwd">',
        b'<!DOCTYPE Response [<!ATTLIST Assertion xmlns CDATA "urn:x">]>',
        b"<!doctype foo>",
    ],
)
def test_s3_a_document_type_is_refused(connection, idp, refuse, doctype):
    """S3: DOCTYPE, entities, external subsets and ATTLIST defaults."""
    text = etree.tostring(idp.respond_tree(connection.answer()))
    assert refuse(connection, doctype + text) == "saml-doctype"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp037", "iso-8859-1"])
def test_s3_another_encoding_than_utf_8_is_refused(connection, idp, refuse, encoding):
    """S3: a document type cannot hide in an encoding that the checks do not see."""
    text = etree.tostring(idp.respond_tree(connection.answer())).decode()
    document = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE foo>{text}'
    assert refuse(connection, document.encode(encoding)) in {"saml-document", "saml-doctype"}


def test_s3_a_declared_encoding_never_changes_how_bytes_are_read(connection, idp, refuse):
    """S3: a declaration that names UTF-7 while the bytes are ASCII is refused."""
    text = etree.tostring(idp.respond_tree(connection.answer()))
    assert refuse(connection, b'<?xml version="1.0" encoding="UTF-7"?>' + text) == "saml-document"


def test_s3_an_entity_as_id_is_refused(connection, idp, refuse):
    """S3: an ID that is made of an undeclared entity is not well-formed; a declared one needs a DOCTYPE."""
    text = to_bytes(idp.respond_tree(connection.answer())).replace(b'ID="_assertion"', b'ID="&x;"')
    assert refuse(connection, text) == "saml-document"


SPLITTERS = [b"<!---->", b"<!-- x -->", b"<?x y?>", b"<![CDATA[]]>", b"<![CDATA[@example.com]]>"]


@pytest.mark.parametrize("splitter", SPLITTERS)
@pytest.mark.parametrize("signed", ["assertion", "response"])
def test_s4_a_split_name_is_refused_never_read_as_a_prefix(connection, idp, refuse, splitter, signed):
    """S4: comments, processing instructions and CDATA put into the NameID after signing (CVE-2017-11427 family)."""
    text = idp.respond(connection.answer(name_id="ada@example.com.evil.example"), signed=signed)
    split = text.replace(b"ada@example.com.evil", b"ada@example.com" + splitter + b".evil")
    assert split != text
    assert refuse(connection, split) == "saml-document"


@pytest.mark.parametrize("splitter", [b"<!-- x -->", b"<?x y?>", b"<![CDATA[x]]>"])
def test_s4_a_split_name_is_refused_when_signed_that_way(connection, idp, refuse, splitter):
    """S4: also when the provider itself signed the comment into the name."""
    text = to_bytes(build_response(connection.answer())).replace(NAME, b"ada@example.com" + splitter + b".evil")
    root = etree.fromstring(text, etree.XMLParser(strip_cdata=False))
    sign(root.find(f"{{{SAML}}}Assertion"), idp.key)
    assert refuse(connection, root) == "saml-document"


@pytest.mark.parametrize("splitter", [b"<!-- x -->", b"<?x y?>", b"<![CDATA[x]]>"])
def test_s4_a_split_name_is_refused_inside_an_encrypted_assertion(connection, idp, own_key, refuse, splitter):
    """S4: the plaintext of an encrypted assertion goes through the same door."""
    from portico_saml.testing import encrypt_assertion

    root = idp.respond_tree(connection.answer())
    plaintext = etree.tostring(root.find(f"{{{SAML}}}Assertion")).replace(
        NAME, b"ada@example.com" + splitter + b".evil"
    )
    sealed = encrypt_assertion(root, own_key.certificate_pem, plaintext=plaintext)
    assert refuse(connection, sealed) == "saml-decryption"


@pytest.mark.parametrize("name", ["NameID", "Issuer", "Audience"])
def test_s4_an_element_inside_a_compared_value_is_refused(connection, idp, refuse, name):
    """S4: a value with an element in it has no text, not the text before the element."""
    root = build_response(connection.answer())
    element = root.find(f".//{{{SAML}}}Assertion//{{{SAML}}}{name}")
    etree.SubElement(element, f"{{{SAML}}}NameID").tail = ".evil"
    sign(root.find(f"{{{SAML}}}Assertion"), idp.key)
    assert refuse(connection, root) in {"saml-structure", "saml-library"}


def _ds(root, name):
    return root.find(f".//{{{DS}}}{name}")


def test_s5_a_comment_in_the_digest_value_is_refused(connection, idp, refuse):
    """S5: CVE-2025-29775, a DigestValue whose text depends on who reads it."""
    root = idp.respond_tree(connection.answer())
    digest = _ds(root, "DigestValue").text.encode()
    text = to_bytes(root).replace(digest, b"<!--" + digest + b"-->" + digest)
    assert refuse(connection, text) == "saml-document"


@pytest.mark.parametrize(
    "name", ["DigestValue", "SignedInfo", "SignatureValue", "Reference", "DigestMethod", "Transforms"]
)
@pytest.mark.parametrize("place", ["before", "after"])
def test_s5_a_second_part_of_a_signature_is_refused(connection, idp, refuse, name, place):
    """S5: two DigestValue, two SignedInfo and their like (CVE-2025-29774)."""
    root = idp.respond_tree(connection.answer())
    part = _ds(root, name)
    copy = etree.fromstring(etree.tostring(part))
    part.addprevious(copy) if place == "before" else part.addnext(copy)
    assert refuse(connection, root) == "saml-signature-form"


def test_s5_signed_info_moved_to_an_object_is_refused(connection, idp, refuse):
    """S5: ds:Object has no place in a SAML signature."""
    root = idp.respond_tree(connection.answer())
    signature, info = _ds(root, "Signature"), _ds(root, "SignedInfo")
    holder = etree.SubElement(signature, f"{{{DS}}}Object")
    holder.append(info)
    assert refuse(connection, root) == "saml-signature-form"


def test_s5_a_digest_value_in_the_status_detail_is_refused(connection, idp, refuse):
    """S5: CVE-2024-45409, a DigestValue that a document-wide search would find first."""
    root = idp.respond_tree(connection.answer())
    detail = etree.SubElement(root.find(f"{{{SAMLP}}}Status"), f"{{{SAMLP}}}StatusDetail")
    etree.SubElement(detail, f"{{{DS}}}DigestValue").text = "AAAA"
    assert refuse(connection, root) == "saml-structure"


@pytest.mark.parametrize("place", ["Response", "Assertion", "NameID", "SignedInfo"])
@pytest.mark.parametrize("namespace", [b"1", b"./x", b"//host/x", b"x y", b"#x"])
def test_s6_void_canonicalization_is_refused(connection, idp, refuse, place, namespace):
    """S6: a relative namespace makes canonicalization yield nothing, whose digest everybody knows."""
    root = idp.respond_tree(connection.answer())
    _ds(root, "DigestValue").text = base64.b64encode(hashlib.sha256(b"").digest()).decode()
    text = to_bytes(root)
    index = text.index(f":{place}".encode()) + len(place) + 1
    voided = text[:index] + b' xmlns:v="' + namespace + b'"' + text[index:]
    assert refuse(connection, voided) == "saml-document"


def test_s6_a_namespace_cannot_hide_behind_quotes_or_references(connection, idp, refuse):
    """S6: other quotes, blanks around the sign, character references."""
    text = to_bytes(idp.respond_tree(connection.answer()))
    for declaration in (
        b" xmlns:v = '1'",
        b" xmlns:v='&#46;'",
        b' a=\'xmlns:v="urn:x\' xmlns:v="1"',
        b"\txmlns:v='&amp;'",
    ):
        voided = text.replace(b":Assertion ", b":Assertion" + declaration + b" ", 1)
        assert refuse(connection, voided) == "saml-document"


@pytest.mark.parametrize(
    "document", [b"", b" ", b"<", b"<a", b"<a/><b/>", b"plain", b"\xff\xfe<\x00", b"<a:b/>", b"\x00"]
)
def test_what_is_no_xml_is_refused_with_a_reason(connection, refuse, document):
    """Nothing but SignInRefused leaves `complete`, however broken the document."""
    assert refuse(connection, document) in {"saml-document", "saml-binding"}


@pytest.mark.parametrize("value", ["", "!!!!", "A", "PHhtbA=", "=PHhtbD4=", "PHhtbD4=PHhtbD4=", "ä", "PHht%2B"])
def test_what_is_no_base64_is_refused(connection, refuse, value):
    """Base64 is decoded strictly (RFC 4648 3.3)."""
    assert refuse(connection, value) in {"saml-encoding", "saml-binding"}
