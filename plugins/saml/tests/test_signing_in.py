"""Honest responses are accepted, in all the forms that providers send, and give exactly what was said."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import etree
from xmlsec import constants

from portico_saml import SamlAdapter, SamlPolicy, SubjectSource
from portico_saml.names import SAML
from portico_saml.testing import Algorithms, Connection, IdentityProvider, build_response, make_key_pair, sign, to_bytes
from portico_saml.testing.connections import NOW

SUBJECT_ID = "urn:oasis:names:tc:SAML:attribute:subject-id"


@pytest.mark.parametrize("signed", ["assertion", "response", "both"])
def test_a_signed_response_gives_the_identity_in_it(connection, idp, accept, signed):
    """SAML profiles 4.1.4: subject, issuer, attributes, authentication and session are as the provider said."""
    identity = accept(
        connection, idp.respond(connection.answer(session_not_on_or_after="2026-03-01T20:00:00Z"), signed=signed)
    )
    assert identity.subject == "ada@example.com"
    assert identity.subject_source == "NameID"
    assert identity.issuer == idp.entity_id
    assert identity.attributes == {
        "mail": ("ada@example.com",),
        "groups": ("a", "b"),
        "NameID": ("ada@example.com",),
    }
    assert identity.authenticated_at == NOW
    assert identity.acr == "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
    assert identity.session_index == "_session"
    assert identity.session_expires_at == NOW + timedelta(hours=8)


def test_the_trace_shows_every_check_in_order_and_all_passed(connection, idp, accept):
    """Every check leaves one line, so that an operator sees what was compared with what."""
    accept(connection, idp.respond(connection.answer()))
    assert [check.name for check in connection.checks] == [
        "solicited",
        "message",
        "document",
        "structure",
        "status",
        "assertion-signature",
        "subject-confirmation",
        "version",
        "signature-policy",
        "encryption",
        "issuer",
        "destination",
        "recipient",
        "in-response-to",
        "conditions",
        "audience",
        "times",
        "lifetime",
        "authn-statement",
        "freshness",
        "subject",
        "attributes",
        "library",
        "identity",
    ]
    assert all(check.passed for check in connection.checks)


def test_the_trace_ends_with_the_check_that_failed(connection, idp, refuse):
    """The refused check comes last, with what was expected and what came."""
    assert (
        refuse(connection, idp.respond(connection.answer(audiences=(("https://else.example.com",),))))
        == "saml-audience"
    )
    last = connection.checks[-1]
    assert (last.name, last.passed) == ("audience", False)
    assert last.expected == connection.service_provider.entity_id
    assert last.received == "https://else.example.com"


def test_attributes_with_the_same_name_are_merged_in_order(connection, idp, accept):
    """Keycloak sends one Attribute per value of a role."""
    answer = connection.answer(attributes=(("Role", ("a",)), ("mail", ("m@example.com",)), ("Role", ("b", "c"))))
    assert accept(connection, idp.respond(answer)).attributes["Role"] == ("a", "b", "c")


def test_attributes_without_values_are_there_without_values(connection, idp, accept):
    """Google sends a mapped attribute that has no value as an Attribute with no AttributeValue."""
    answer = connection.answer(attributes=(("phone", ()), ("title", ("", "  "))))
    attributes = accept(connection, idp.respond(answer)).attributes
    assert attributes["phone"] == ()
    assert attributes["title"] == ()


def test_a_friendly_name_is_an_alias_unless_it_is_somebodys_name(connection, idp, accept):
    """Attributes are found by Name, then by FriendlyName; a FriendlyName never replaces a Name."""
    root = build_response(connection.answer(attributes=(("urn:oid:2.5.4.42", ("Ada",)), ("sn", ("Lovelace",)))))
    first, second = root.iter(f"{{{SAML}}}Attribute")
    first.set("FriendlyName", "givenName")
    second.set("FriendlyName", "urn:oid:2.5.4.42")
    sign(root.find(f"{{{SAML}}}Assertion"), idp.key)
    attributes = accept(connection, root).attributes
    assert attributes["givenName"] == ("Ada",)
    assert attributes["urn:oid:2.5.4.42"] == ("Ada",)


def test_no_attribute_can_pass_itself_off_as_the_name(connection, idp, accept):
    """The key `NameID` is the subject's name, whatever an attribute calls itself."""
    root = build_response(connection.answer(attributes=(("NameID", ("root",)), ("x", ("root",)))))
    for attribute in root.iter(f"{{{SAML}}}Attribute"):
        attribute.set("FriendlyName", "NameID")
    sign(root.find(f"{{{SAML}}}Assertion"), idp.key)
    assert accept(connection, root).attributes["NameID"] == ("ada@example.com",)


def test_a_nested_name_id_counts_with_its_text(connection, idp, accept):
    """eduPersonTargetedID carries its value as a NameID element."""
    root = build_response(connection.answer(attributes=(("targeted", ("x",)),)))
    value = root.find(f".//{{{SAML}}}AttributeValue")
    value.text = None
    etree.SubElement(value, f"{{{SAML}}}NameID").text = "opaque"
    sign(root.find(f"{{{SAML}}}Assertion"), idp.key)
    assert accept(connection, root).attributes["targeted"] == ("opaque",)


def test_any_of_several_certificates_may_have_signed(idp, own_key, accept):
    """A4: while a provider renews its certificate, both are trusted, in any order."""
    renewed = IdentityProvider(idp.entity_id, idp.sso_url, make_key_pair("idp.example.com"))
    both = [idp.key.certificate_pem, renewed.key.certificate_pem]
    for signer in (idp, renewed):
        for certificates in (both, both[::-1]):
            connection = Connection.to(idp, certificates=certificates)
            assert accept(connection, signer.respond(connection.answer())).subject == "ada@example.com"


def test_an_expired_certificate_that_is_pinned_still_verifies(accept):
    """A6: SAML trusts the key, not the dates."""
    expired = IdentityProvider("https://old.example.com/", "https://old.example.com/sso", make_key_pair("old", days=1))
    connection = Connection.to(expired).at(NOW + timedelta(days=400))
    assert accept(connection, expired.respond(connection.answer())).subject == "ada@example.com"


@pytest.mark.parametrize(
    "algorithms",
    [
        Algorithms(constants.TransformRsaSha384, constants.TransformSha384),
        Algorithms(constants.TransformRsaSha512, constants.TransformSha512),
        Algorithms(canonicalization=constants.TransformExclC14NWithComments),
        Algorithms(canonicalization=constants.TransformInclC14N),
        Algorithms(reference_canonicalization=constants.TransformExclC14NWithComments),
        Algorithms(reference_canonicalization=None),
    ],
)
def test_every_listed_algorithm_is_accepted(connection, idp, accept, algorithms):
    """SHA-2 of any length; exclusive C14N; inclusive C14N 1.0 for SignedInfo and where a Reference names none."""
    assert accept(connection, idp.respond(connection.answer(), algorithms=algorithms)).subject == "ada@example.com"


def test_base64_may_be_broken_into_lines(connection, idp, accept):
    """SAML bindings 3.5.4: the value is MIME base64, which may have line breaks."""
    wrapped = base64.encodebytes(idp.respond(connection.answer())).decode().replace("\n", "\r\n")
    assert accept(connection, wrapped).subject == "ada@example.com"


def test_a_byte_order_mark_is_no_obstacle(connection, idp, accept):
    """Windows providers begin UTF-8 with a byte order mark."""
    assert accept(connection, b"\xef\xbb\xbf" + idp.respond(connection.answer())).subject == "ada@example.com"


@pytest.mark.parametrize("seconds", [-179, 0, 179])
def test_clocks_may_differ_by_the_skew(connection, idp, accept, seconds):
    """A7: with 180 s, a difference of 179 s works both ways."""
    answer = connection.answer(session_not_on_or_after="2026-03-01T12:05:00Z")
    moment = NOW + timedelta(seconds=seconds) if seconds < 0 else NOW + timedelta(minutes=5, seconds=seconds)
    assert accept(connection.at(moment), idp.respond(answer)).subject == "ada@example.com"


def test_a_migrated_connection_keeps_its_old_names(connection, idp, accept):
    """Former entity ID, audiences and ACS URLs of a connection that was moved here are accepted, exactly."""
    old = "https://login.old.example.com/login/callback?connection=acme"
    moved = connection.changed(
        sp_entity_id="urn:auth0:acme:saml", accepted_audiences=["spn:acme"], accepted_acs_urls=[old]
    )
    for audience in ("urn:auth0:acme:saml", "spn:acme"):
        for url in (old, connection.service_provider.acs_url):
            answer = moved.answer(audiences=((audience,),), recipient=url, destination=url)
            assert accept(moved, idp.respond(answer)).subject == "ada@example.com"


def test_an_unsigned_response_may_leave_out_destination_and_issuer(connection, idp, accept):
    """SAML bindings 3.5.5.2 and profiles 4.1.4.2 demand them of signed responses only."""
    answer = connection.answer(destination=None, response_issuer=None)
    assert accept(connection, idp.respond(answer)).subject == "ada@example.com"


def test_another_vendor_may_identify_people_by_an_attribute(idp):
    """A vendor profile names its own source of the subject; a transient NameID beside it does not matter."""
    adapter = SamlAdapter(policy=SamlPolicy(subject_sources=(SubjectSource(SUBJECT_ID, (SUBJECT_ID,)),)))
    connection = Connection.to(idp)
    transient = {"Format": "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"}
    answer = connection.answer(name_id_attributes=transient, attributes=((SUBJECT_ID, ("ada@scope",)),))
    identity = adapter.complete(connection.context(adapter), connection.callback(idp.respond(answer)))
    assert (identity.subject, identity.subject_source) == ("ada@scope", SUBJECT_ID)


def test_a_private_key_is_never_parsed_in_the_path_of_a_sign_in(connection, idp, accept, monkeypatch):
    """Keys, settings and schema are made once per version of a configuration, not once per login."""
    accept(connection, idp.respond(connection.answer()))
    import portico_saml.keys

    def fail(*arguments, **options):
        raise AssertionError("a key was parsed again")

    monkeypatch.setattr(portico_saml.keys, "load_pem_private_key", fail)
    monkeypatch.setattr(portico_saml.keys, "pem_to_der", fail)
    assert accept(connection, idp.respond(connection.answer())).subject == "ada@example.com"


def test_the_name_is_taken_byte_for_byte(connection, idp, accept):
    """Blanks around a NameID are part of it: trimming would let "ada " sign in as "ada"."""
    assert accept(connection, idp.respond(connection.answer(name_id=" ada\n"))).subject == " ada\n"


def test_to_bytes_and_respond_agree(connection, idp, accept):
    """The forging kit's tree and bytes are the same response."""
    tree = idp.respond_tree(replace(connection.answer(), name_id="grace"))
    assert accept(connection, to_bytes(tree)).subject == "grace"
