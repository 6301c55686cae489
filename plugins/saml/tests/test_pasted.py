"""A pasted response is read by the parser of sign-ins, and is never anybody's identity."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from lxml import etree

from portico_saml import SamlAdapter
from portico_saml.names import SAML
from portico_saml.testing import Answer, build_response, to_bytes
from portico_saml.vendor_policy import SamlPolicy
from portico_sdk import ExternalIdentity, PasteError

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ANSWER = Answer.honest(
    issuer="https://idp.example.com/", acs_url="https://p.example/acs", audience="p", request_id="_1", now=NOW
)
SAID = {"NameID": ("ada@example.com",), "mail": ("ada@example.com",), "groups": ("a", "b")}


def response(**more: object) -> str:
    return to_bytes(build_response(replace(ANSWER, **more))).decode()


@pytest.fixture
def adapter() -> SamlAdapter:
    return SamlAdapter()


def code_of(adapter: SamlAdapter, text: str) -> str:
    with pytest.raises(PasteError) as refused:
        adapter.read_pasted(text)
    assert text[:60] not in refused.value.detail or not text
    return refused.value.code


def test_every_form_that_people_copy_says_the_same(adapter):
    """XML, with a declaration, base64 in lines, what a form posts, and the assertion alone."""
    xml = response()
    encoded = base64.b64encode(xml.encode()).decode()
    lines = "\n".join(encoded[at : at + 64] for at in range(0, len(encoded), 64))
    posted = f"RelayState=x&SAMLResponse={quote(encoded, safe='')}"
    assertion = build_response(ANSWER).find(f"{{{SAML}}}Assertion")
    alone = etree.tostring(assertion).decode()
    plain = xml.partition("?>")[2].strip() if xml.startswith("<?") else xml
    declared = f'<?xml version="1.0" encoding="UTF-8"?>\n{plain}\n'
    for text in (xml, plain, f"  {xml}\n", declared, encoded, lines, posted, quote(encoded, safe=""), alone):
        assert adapter.read_pasted(text).unverified_attributes == SAID


def test_it_reads_attributes_as_a_sign_in_does(adapter, connection, idp, accept):
    """The same function gives both."""
    posted = idp.respond(connection.answer(), signed="response")
    identity = accept(connection, posted)
    assert adapter.read_pasted(posted.decode()).unverified_attributes == identity.attributes


def test_it_is_no_identity(adapter):
    """Unverified input and verified identity have different types."""
    pasted = adapter.read_pasted(response())
    assert not isinstance(pasted, ExternalIdentity)
    assert "ada@example.com" not in repr(pasted)


def test_what_the_vendor_left_out_is_unknown():
    """Requirement 22: a link in the place of groups."""
    adapter = SamlAdapter(policy=SamlPolicy(left_out={"urn:link": ("groups",)}))
    pasted = adapter.read_pasted(response(attributes=(("urn:link", ("https://graph.example",)),)))
    assert pasted.incomplete == {"groups"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "pasted-nothing"),
        ("   \n", "pasted-nothing"),
        ("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "pasted-token"),
        ('{"sub": "1"}', "pasted-token"),
        ("not base64!", "pasted-saml"),
        ("aGVsbG8=", "pasted-saml"),
        ("<html><body>", "pasted-saml"),
        ("<html/>", "pasted-other"),
        ('<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"/>', "pasted-other"),
        ('<AuthnRequest xmlns="urn:oasis:names:tc:SAML:2.0:protocol"/>', "pasted-other"),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "pasted-saml"),
        ("<a><!-- x --></a>", "pasted-saml"),
        ("<a>" * 5000, "pasted-saml"),
        ("A" * 3_000_000, "pasted-saml"),
        ("é" * 100, "pasted-saml"),
        ("SAMLResponse=", "pasted-saml"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_read_is_named_and_not_repeated(adapter, text, code):
    """Rows S3 and S14: the hardened parser refuses here what it refuses in a sign-in."""
    assert code_of(adapter, text) == code


def test_an_answer_without_a_readable_assertion_says_why(adapter, idp, own_key):
    """Encrypted for us, none, or several."""
    sealed = idp.respond(ANSWER, encrypt_to=own_key.certificate_pem).decode()
    assert code_of(adapter, sealed) == "pasted-encrypted"
    assert code_of(adapter, response(with_assertion=False)) == "pasted-empty"
    root = build_response(ANSWER)
    root.append(build_response(ANSWER).find(f"{{{SAML}}}Assertion"))
    assert code_of(adapter, to_bytes(root).decode()) == "pasted-several"
