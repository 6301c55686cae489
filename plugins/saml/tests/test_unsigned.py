"""Rows S10 and S11: what no signature covers is nobody's word."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from portico_saml.names import SAML
from portico_saml.testing import build_response, encrypt_assertion, sign
from portico_sdk import SettingsError


def test_s10_an_unsigned_response_is_refused(connection, idp, refuse):
    """S10: unsigned everything."""
    assert refuse(connection, idp.respond(connection.answer(), signed="nothing")) == "saml-unsigned"


@pytest.mark.parametrize("policy", ["assertion", "response", "either", "both"])
def test_s10_no_policy_admits_an_unsigned_response(connection, idp, refuse, policy):
    """S10: there is no setting that turns signatures off."""
    assert (
        refuse(connection.changed(signed=policy), idp.respond(connection.answer(), signed="nothing")) == "saml-unsigned"
    )


@pytest.mark.parametrize(
    ("policy", "signed", "accepted"),
    [
        ("assertion", "assertion", True),
        ("assertion", "response", False),
        ("assertion", "both", True),
        ("response", "assertion", False),
        ("response", "response", True),
        ("response", "both", True),
        ("either", "assertion", True),
        ("either", "response", True),
        ("either", "both", True),
        ("both", "assertion", False),
        ("both", "response", False),
        ("both", "both", True),
    ],
)
def test_the_signature_policy_of_the_connection_holds(connection, idp, accept, refuse, policy, signed, accepted):
    """`signed`: what this connection wants signed is signed."""
    changed, response = connection.changed(signed=policy), idp.respond(connection.answer(), signed=signed)
    if accepted:
        assert accept(changed, response).subject == "ada@example.com"
    else:
        assert refuse(changed, response) == "saml-signature-policy"


@pytest.mark.parametrize("broken", ["response", "assertion"])
def test_one_good_signature_does_not_excuse_a_bad_one(connection, idp, attacker, refuse, broken):
    """Every signature that is there must verify, whichever the policy asks for."""
    root = build_response(connection.answer())
    sign(root.find(f"{{{SAML}}}Assertion"), attacker.key if broken == "assertion" else idp.key)
    sign(root, attacker.key if broken == "response" else idp.key)
    assert refuse(connection, root) == "saml-signature"


def test_s10_a_connection_without_a_certificate_refuses(connection, idp, refuse):
    """S10: absence of a key to verify with is a refusal (CVE-2026-28323)."""
    assert refuse(connection.changed(certificates=[]), idp.respond(connection.answer())) == "saml-configuration"


def test_s10_a_connection_without_a_certificate_cannot_be_activated(adapter, connection):
    """S10: nor is such a connection ever ready."""
    settings = adapter.validate({**connection.raw_settings, "certificates": []}, connection.now)
    with pytest.raises(SettingsError) as refused:
        adapter.check_ready(settings, connection.now)
    assert [problem.field for problem in refused.value.problems] == ["certificates"]


def test_s11_an_encrypted_unsigned_assertion_is_refused(connection, idp, own_key, refuse):
    """S11: anybody can encrypt for us."""
    response = idp.respond(connection.answer(), signed="nothing", encrypt_to=own_key.certificate_pem)
    assert refuse(connection, response) == "saml-unsigned"


def test_s11_an_encrypted_forgery_beside_a_signed_assertion_is_refused(connection, idp, own_key, refuse):
    """S11: encrypted forged + signed plain (CVE-2026-2092)."""
    root = idp.respond_tree(connection.answer())
    forged = build_response(connection.answer(name_id="root@example.com", assertion_id="_forged"))
    sealed = encrypt_assertion(forged, own_key.certificate_pem).find(f"{{{SAML}}}EncryptedAssertion")
    for place in (0, len(root)):
        copy = etree.fromstring(etree.tostring(root))
        copy.insert(place, etree.fromstring(etree.tostring(sealed)))
        assert refuse(connection, copy) == "saml-structure"


def test_s11_a_signed_assertion_hidden_inside_an_encrypted_forgery_is_refused(connection, idp, own_key, refuse):
    """S11: the signature of an assertion inside the forged one covers only the inner one."""
    signed = idp.respond_tree(connection.answer()).find(f"{{{SAML}}}Assertion")
    forged = build_response(connection.answer(name_id="root@example.com", assertion_id="_forged"))
    advice = etree.Element(f"{{{SAML}}}Advice")
    advice.append(signed)
    forged.find(f"{{{SAML}}}Assertion").insert(3, advice)
    assert refuse(connection, encrypt_assertion(forged, own_key.certificate_pem)) == "saml-decryption"


def test_s11_an_encrypted_forgery_in_a_signed_response_of_another_is_refused(
    connection, idp, attacker, own_key, refuse
):
    """S11: the response around the forgery must be signed by the provider too."""
    answer = connection.answer(name_id="root@example.com")
    response = attacker.respond(answer, signed="response", encrypt_to=own_key.certificate_pem)
    assert refuse(connection, response) == "saml-signature"
    assert "decryption" not in [check.name for check in connection.checks]


def test_s11_the_encrypted_part_of_a_signed_response_cannot_be_exchanged(connection, idp, own_key, refuse):
    """S11: the Response's signature covers the encrypted form."""
    root = idp.respond_tree(connection.answer(), signed="response", encrypt_to=own_key.certificate_pem)
    forged = build_response(replace(connection.answer(), name_id="root@example.com"))
    other = encrypt_assertion(forged, own_key.certificate_pem).find(f"{{{SAML}}}EncryptedAssertion")
    root.replace(root.find(f"{{{SAML}}}EncryptedAssertion"), other)
    assert refuse(connection, root) == "saml-signature"
