"""Row S1: signature wrapping. Whatever is moved where, nobody signs in as the forged name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from portico_saml.names import SAML
from portico_saml.testing import WRAPPINGS, Wrapping, build_response

FORGED = "root@example.com"


@pytest.mark.parametrize("wrapping", WRAPPINGS, ids=lambda wrapping: wrapping.name)
def test_s1_wrapping_never_signs_in_anybody(connection, idp, refuse, wrapping: Wrapping):
    """S1: the document is refused, not even accepted as the person who was really signed."""
    answer = connection.answer()
    original = idp.respond_tree(answer, signed=wrapping.signed)
    forged = build_response(replace(answer, name_id=FORGED, assertion_id="_forged")).find(f"{{{SAML}}}Assertion")
    assert refuse(connection, wrapping.wrap(original, forged)).startswith("saml-")


@pytest.mark.parametrize("wrapping", WRAPPINGS, ids=lambda wrapping: wrapping.name)
def test_s1_wrapping_fails_with_both_parts_signed(connection, idp, refuse, wrapping: Wrapping):
    """S1: a second, honest signature on the other part helps no wrapping."""
    answer = connection.answer()
    original = idp.respond_tree(answer, signed="both")
    forged = build_response(replace(answer, name_id=FORGED, assertion_id="_forged")).find(f"{{{SAML}}}Assertion")
    assert refuse(connection, wrapping.wrap(original, forged)).startswith("saml-")


def test_s1_a_signed_assertion_around_a_forged_response_covers_nothing(connection, idp, refuse):
    """S1: a Response is never looked for below the root."""
    original = idp.respond_tree(connection.answer())
    assertion = original.find(f"{{{SAML}}}Assertion")
    assertion.append(build_response(connection.answer(name_id=FORGED, response_id="_other", assertion_id="_x")))
    assert refuse(connection, assertion) == "saml-structure"


def test_s1_a_signature_by_another_element_of_the_same_key_does_not_count(connection, idp, refuse):
    """S1: an honest signature from another response of the same provider covers only that response."""
    first = idp.respond_tree(connection.answer())
    second = build_response(connection.answer(name_id=FORGED, assertion_id="_second"))
    signature = first.find(".//{http://www.w3.org/2000/09/xmldsig#}Signature")
    second.find(f"{{{SAML}}}Assertion").insert(1, signature)
    assert refuse(connection, second) == "saml-signature-form"


def test_s1_only_prefixes_differ_and_the_identity_is_the_signed_one(connection, idp, accept):
    """S1: the same names under other prefixes are the same elements, so an honest response may use any."""
    text = (
        etree.tostring(build_response(connection.answer()))
        .replace(b"samlp:", b"p:")
        .replace(b"xmlns:samlp", b"xmlns:p")
    )
    root = etree.fromstring(text.replace(b"saml:", b"a:").replace(b"xmlns:saml", b"xmlns:a"))
    from portico_saml.testing import sign

    sign(root.find(f"{{{SAML}}}Assertion"), idp.key)
    assert accept(connection, root).subject == "ada@example.com"
