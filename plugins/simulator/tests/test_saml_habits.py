"""Each vendor's response looks as that vendor's do: signatures, times, names, order, and what is not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import xmlsec

from portico_simulator.keys import make_signing_key

SAML_VENDORS = (
    "okta-saml",
    "entra-saml",
    "adfs-saml",
    "google-saml",
    "keycloak-saml",
    "onelogin-saml",
    "ping-saml",
    "pingfederate-saml",
    "jumpcloud-saml",
    "generic-saml",
)
PLAIN = {"application": {"require_signed_requests": False}}  # Keycloak demands signed requests by habit
GRACE = "grace@halden.example"
GUEST = "guest@halden.example"
NO_MAIL = "no.mail@halden.example"
XMLSOAP = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
IDENTITY = "http://schemas.microsoft.com/identity/claims"
ROLE = "http://schemas.microsoft.com/ws/2008/06/identity/claims"


@pytest.mark.parametrize(
    ("vendor", "response_signed", "assertion_signed"),
    [
        ("okta-saml", True, True),
        ("entra-saml", False, True),
        ("adfs-saml", False, True),
        ("google-saml", False, True),
        ("keycloak-saml", True, False),
        ("onelogin-saml", True, False),
        ("ping-saml", False, True),
        ("pingfederate-saml", False, True),
        ("jumpcloud-saml", False, True),
        ("generic-saml", False, True),
    ],
)
def test_what_is_signed_by_habit(
    saml_party: Callable[..., Any], vendor: str, response_signed: bool, assertion_signed: bool
) -> None:
    """Sections 1 to 9: and every signature verifies with the published key."""
    party = saml_party(vendor, **PLAIN)
    response = party.response()
    assertion = response.find("saml:Assertion", party.ns)
    for element, signed in ((response, response_signed), (assertion, assertion_signed)):
        assert (element.find("ds:Signature", party.ns) is not None) is signed
        if signed:
            assert party.verifies(element, party.published("?appid=x")[0])


@pytest.mark.parametrize(
    ("vendor", "before_s", "after_s", "confirmed_s"),
    [
        ("okta-saml", -300, 300, 300),
        ("google-saml", -300, 300, 300),
        ("onelogin-saml", -180, 180, 180),
        ("jumpcloud-saml", -300, 300, 300),
        ("ping-saml", -60, 300, 300),
        ("keycloak-saml", -2, 58, 58),
        ("entra-saml", -300, 3600, 3600),
        ("adfs-saml", 0, 3600, 300),
    ],
)
def test_timing_windows(
    saml_party: Callable[..., Any], vendor: str, before_s: int, after_s: int, confirmed_s: int
) -> None:
    """Section 0.5: NotBefore, NotOnOrAfter, and NotOnOrAfter of the confirmation."""
    party = saml_party(vendor, **PLAIN)
    response = party.response()
    now = datetime.fromisoformat("2026-11-23T14:02:09+00:00")
    conditions = response.find(".//saml:Conditions", party.ns)
    confirmation = response.find(".//saml:SubjectConfirmationData", party.ns)
    written = [conditions.get("NotBefore"), conditions.get("NotOnOrAfter"), confirmation.get("NotOnOrAfter")]
    assert [(datetime.fromisoformat(text) - now).total_seconds() for text in written] == [
        before_s,
        after_s,
        confirmed_s,
    ]


def test_the_window_of_shibboleth(saml_party: Callable[..., Any]) -> None:
    """Section 0.5: nothing before now, five minutes after."""
    party = saml_party("shibboleth-saml", behaviour={"encrypt": False})
    conditions = party.response().find(".//saml:Conditions", party.ns)
    assert (conditions.get("NotBefore"), conditions.get("NotOnOrAfter")) == (
        "2026-11-23T14:02:09.000Z",
        "2026-11-23T14:07:09.000Z",
    )


@pytest.mark.parametrize(
    ("vendor", "format_name", "value"),
    [
        ("okta-saml", "1.1:nameid-format:unspecified", "tessa.brandt@halden.example"),
        ("entra-saml", "1.1:nameid-format:emailAddress", "tessa.brandt@halden.example"),
        ("adfs-saml", "2.0:nameid-format:persistent", r"S-1-5-21-\d+-\d+-\d+-\d+"),
        ("google-saml", "1.1:nameid-format:unspecified", "tessa.brandt@halden.example"),
        ("keycloak-saml", "1.1:nameid-format:unspecified", "tessa.brandt@halden.example"),
        ("onelogin-saml", "1.1:nameid-format:emailAddress", "tessa.brandt@halden.example"),
        ("ping-saml", None, r"[0-9a-f-]{36}"),
        ("jumpcloud-saml", "1.0:nameid-format:unspecified", "tessa.brandt@halden.example"),
        ("generic-saml", "2.0:nameid-format:persistent", r"[0-9a-f-]{36}"),
    ],
)
def test_name_ids(saml_party: Callable[..., Any], vendor: str, format_name: str | None, value: str) -> None:
    """JumpCloud's format does not exist in SAML; PingOne writes none."""
    party = saml_party(vendor, **PLAIN)
    name_id = party.response().find(".//saml:NameID", party.ns)
    written = name_id.get("Format")
    assert (written is None) is (format_name is None)
    assert written is None or written.endswith(str(format_name))
    assert re.fullmatch(value, name_id.text)


def test_a_transient_name_id_differs_every_time(saml_party: Callable[..., Any]) -> None:
    """Section 8: Shibboleth's NameID names nobody."""
    party = saml_party("shibboleth-saml", behaviour={"encrypt": False})
    first = party.response().findtext(".//saml:NameID", None, party.ns)
    again = party.read(party.ask()).findtext(".//saml:NameID", None, party.ns)
    assert first != again


def test_entra_names(saml_party: Callable[..., Any]) -> None:
    """Section 2: the names of claims, tenant and object among them, and `name` that is a user principal name."""
    party = saml_party("entra-saml")
    response = party.response()
    sent = dict(party.attributes(response))
    tenant = sent[f"{IDENTITY}/tenantid"][0]
    assert response.findtext("saml:Issuer", None, party.ns) == f"https://sts.windows.net/{tenant}/"
    assert sent[f"{IDENTITY}/identityprovider"] == [f"https://sts.windows.net/{tenant}/"]
    assert sent[f"{XMLSOAP}/name"] == sent[f"{XMLSOAP}/emailaddress"] == ["tessa.brandt@halden.example"]
    assert len(sent[f"{ROLE}/groups"]) == 2
    assert all(re.fullmatch(r"[0-9a-f-]{36}", group or "") for group in sent[f"{ROLE}/groups"])
    assert (
        "http://schemas.microsoft.com/claims/multipleauthn"
        in sent["http://schemas.microsoft.com/claims/authnmethodsreferences"]
    )


def test_an_entra_guest(saml_party: Callable[..., Any]) -> None:
    """Section 2: #EXT# in the NameID, another identity provider, an e-mail address of elsewhere."""
    party = saml_party("entra-saml")
    response = party.response(GUEST)
    sent = dict(party.attributes(response))
    assert response.findtext(".//saml:NameID", None, party.ns) == ("noor_elsewhere.example#EXT#@halden.onmicrosoft.com")
    assert sent[f"{IDENTITY}/identityprovider"] == ["live.com"]
    assert sent[f"{XMLSOAP}/emailaddress"] == ["noor@elsewhere.example"]


def test_entra_overage_at_150_groups(saml_party: Callable[..., Any]) -> None:
    """Section 2: over the limit no group is sent, but a link in their place."""
    party = saml_party("entra-saml")
    sent = dict(party.attributes(party.response(GRACE)))
    assert f"{ROLE}/groups" not in sent
    (link,) = sent["http://schemas.microsoft.com/claims/groups.link"]
    assert re.fullmatch(r"https://graph\.windows\.net/[0-9a-f-]{36}/users/[0-9a-f-]{36}/getMemberObjects", link or "")


def test_exactly_150_groups_are_sent(saml_party: Callable[..., Any]) -> None:
    """Section 2: the limit itself is not over it."""
    person = {"username": "x", "given_name": "X", "family_name": "Y", "group_count": 150}
    party = saml_party("entra-saml", persons=[person])
    assert len(dict(party.attributes(party.response("x")))[f"{ROLE}/groups"]) == 150


@pytest.mark.parametrize("vendor", ["entra-saml", "adfs-saml"])
def test_microsoft_puts_attributes_before_authentication(saml_party: Callable[..., Any], vendor: str) -> None:
    """And writes the assertion without a prefix, its values without a type."""
    party = saml_party(vendor)
    assertion = party.response().find("saml:Assertion", party.ns)
    names = [child.tag.rpartition("}")[2] for child in assertion]
    assert names.index("AttributeStatement") < names.index("AuthnStatement")
    assert assertion.prefix is None
    assert not any(key.endswith("}type") for node in assertion.iter() for key in node.attrib)


def test_adfs_says_how_long_nothing_before_now(saml_party: Callable[..., Any]) -> None:
    """Section 3: Consent is there, groups in one attribute with several values."""
    party = saml_party("adfs-saml")
    response = party.response()
    assert response.get("Consent") == "urn:oasis:names:tc:SAML:2.0:consent:unspecified"
    assert ("http://schemas.xmlsoap.org/claims/Group", ["Dispatch", "Admins"]) in party.attributes(response)


def test_google_sends_attributes_without_a_value(saml_party: Callable[..., Any]) -> None:
    """Section 4: an Attribute with zero AttributeValue."""
    party = saml_party("google-saml")
    sent = dict(party.attributes(party.response(NO_MAIL)))
    assert (sent["email"], sent["department"], sent["firstName"]) == ([], [], ["No"])


def test_googles_signed_response_leaves_the_assertion_unsigned(saml_party: Callable[..., Any]) -> None:
    """Section 4: the tick Signed response moves the signature."""
    party = saml_party("google-saml", behaviour={"signed": "response"})
    response = party.response()
    assert response.find("ds:Signature", party.ns) is not None
    assert response.find("saml:Assertion/ds:Signature", party.ns) is None


def test_keycloak_repeats_an_attribute_for_each_value(saml_party: Callable[..., Any]) -> None:
    """Section 9: Role and groups once for each value; groups as paths."""
    person = {"username": "kim", "given_name": "K", "family_name": "M", "roles": ["a", "b"], "groups": ["x", "y"]}
    party = saml_party("keycloak-saml", persons=[person], **PLAIN)
    sent = party.attributes(party.response("kim"))
    assert [entry for entry in sent if entry[0] in ("Role", "groups")] == [
        ("Role", ["a"]),
        ("Role", ["b"]),
        ("groups", ["/x"]),
        ("groups", ["/y"]),
    ]


def test_the_authn_statement_can_be_missing(saml_party: Callable[..., Any]) -> None:
    """Section 0.1: Keycloak's Include AuthnStatement is off."""
    party = saml_party("keycloak-saml", behaviour={"authn_statement": False}, **PLAIN)
    response = party.response()
    assert response.find(".//saml:Assertion", party.ns) is not None
    assert response.find(".//saml:AuthnStatement", party.ns) is None


def test_onelogin_joins_values_with_a_semicolon(saml_party: Callable[..., Any]) -> None:
    """Section 5: memberOf is one text; the old connector's names."""
    party = saml_party("onelogin-saml")
    sent = dict(party.attributes(party.response()))
    assert sent["memberOf"] == ["Dispatch;Admins"]
    assert {"User.email", "User.FirstName", "User.LastName", "PersonImmutableID"} <= sent.keys()


def test_an_old_onelogin_application_signs_with_sha_1(saml_party: Callable[..., Any]) -> None:
    """Section 5: SAML Signature Algorithm defaults to SHA-1 there."""
    party = saml_party("onelogin-saml", behaviour={"signature_algorithm": "rsa-sha1"})
    method = party.response().find(".//ds:SignatureMethod", party.ns)
    assert method.get("Algorithm") == "http://www.w3.org/2000/09/xmldsig#rsa-sha1"


def test_ping_names_the_subject_twice_and_shows_its_bare_key(saml_party: Callable[..., Any]) -> None:
    """Section 7: attribute saml_subject, RSAKeyValue beside the certificate, a session of five minutes."""
    party = saml_party("ping-saml")
    response = party.response()
    assert dict(party.attributes(response))["saml_subject"] == [response.findtext(".//saml:NameID", None, party.ns)]
    assert response.find(".//ds:KeyInfo/ds:KeyValue/ds:RSAKeyValue/ds:Modulus", party.ns) is not None
    statement = response.find(".//saml:AuthnStatement", party.ns)
    assert statement.get("SessionNotOnOrAfter") == "2026-11-23T14:07:09.000Z"


def test_jumpclouds_ids_have_no_underscore(saml_party: Callable[..., Any]) -> None:
    """Section 6: capitals and digits, and an entity ID that somebody invented."""
    party = saml_party("jumpcloud-saml")
    response = party.response()
    assert re.fullmatch(r"[A-Z][A-Z0-9]{39,}", response.get("ID"))
    assert response.findtext("saml:Issuer", None, party.ns) == "portico of halden.example"


def test_shibboleth_names_are_object_identifiers(saml_party: Callable[..., Any]) -> None:
    """Section 8: mail, eduPersonPrincipalName, subject-id with a scope, isMemberOf."""
    party = saml_party("shibboleth-saml", behaviour={"encrypt": False})
    sent = dict(party.attributes(party.response()))
    assert sent["urn:oid:0.9.2342.19200300.100.1.3"] == ["tessa.brandt@halden.example"]
    assert sent["urn:oid:1.3.6.1.4.1.5923.1.1.1.6"] == ["tessa.brandt@halden.example"]
    assert (sent["urn:oasis:names:tc:SAML:attribute:subject-id"][0] or "").endswith("@halden.example")
    assert sent["urn:oid:1.3.6.1.4.1.5923.1.5.1.1"] == ["Dispatch", "Admins"]


@pytest.fixture
def certificate(clock: Callable[[], datetime], make_key: Callable[..., Any]) -> str:
    """The application's certificate."""
    pem: str = make_key("application", clock(), 10).certificate_pem
    return pem


@pytest.mark.parametrize(
    ("vendor", "algorithm"),
    [
        ("adfs-saml", "http://www.w3.org/2001/04/xmlenc#aes256-cbc"),
        ("shibboleth-saml", "http://www.w3.org/2009/xmlenc11#aes128-gcm"),
    ],
)
def test_encryption_begins_when_a_key_is_offered(
    saml_party: Callable[..., Any], certificate: str, vendor: str, algorithm: str
) -> None:
    """Sections 3 and 8: AD FS and Shibboleth encrypt as soon as metadata has a key for it."""
    party = saml_party(vendor, application={"encryption_certificate": certificate})
    response = party.response()
    assert response.find("saml:Assertion", party.ns) is None
    method = response.find("saml:EncryptedAssertion/xenc:EncryptedData/xenc:EncryptionMethod", party.ns)
    assert method.get("Algorithm") == algorithm


@pytest.mark.parametrize("vendor", [vendor for vendor in SAML_VENDORS if vendor != "adfs-saml"])
def test_others_do_not_encrypt_unasked(saml_party: Callable[..., Any], certificate: str, vendor: str) -> None:
    """A key for encryption changes nothing."""
    offered = {"encryption_certificate": certificate, "require_signed_requests": False}
    party = saml_party(vendor, application=offered)
    assert party.response().find("saml:Assertion", party.ns) is not None


def test_shibboleth_sends_nothing_in_clear(saml_party: Callable[..., Any]) -> None:
    """Section 8: an application without a key gets an error page, unless encryption is optional."""
    page = saml_party("shibboleth-saml").sign_in()
    assert page.status_code == 400
    assert "SAMLResponse" not in page.text


def test_oktas_encryption_keeps_the_key_beside(saml_party: Callable[..., Any], certificate: str) -> None:
    """Section 1: RetrievalMethod leads to an EncryptedKey beside the data."""
    party = saml_party("okta-saml", behaviour={"encrypt": True}, application={"certificate": certificate})
    holder = party.response().find("saml:EncryptedAssertion", party.ns)
    key = holder.find("xenc:EncryptedKey", party.ns)
    pointer = holder.find("xenc:EncryptedData/ds:KeyInfo/ds:RetrievalMethod", party.ns)
    assert pointer.get("URI") == f"#{key.get('Id')}"


def test_importing_metadata_registers_its_keys(saml_party: Callable[..., Any], certificate: str) -> None:
    """A key that does not say what it is for counts for both uses: that is how AD FS comes to encrypt."""
    body = "".join(certificate.splitlines()[1:-1])
    key = (
        '<md:KeyDescriptor xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:KeyInfo><ds:X509Data>'
        f"<ds:X509Certificate>{body}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
    )
    document = (
        '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://sp.example/metadata">'
        f'<md:SPSSODescriptor AuthnRequestsSigned="true">{key}<md:AssertionConsumerService index="0" '
        'Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://sp.example/acs"/>'
        "</md:SPSSODescriptor></md:EntityDescriptor>"
    )
    party = saml_party("adfs-saml", applications=[{"metadata_xml": document, "require_signed_requests": False}])
    assert party.response().find("saml:EncryptedAssertion", party.ns) is not None


@pytest.mark.parametrize(
    ("behaviour", "where", "value"),
    [
        ({"audience": "https://other.example"}, ".//saml:Audience", "https://other.example"),
        ({"issuer": "https://other.example"}, "saml:Issuer", "https://other.example"),
        ({"audience": ""}, ".//saml:AudienceRestriction", None),
        ({"name_id_source": ""}, ".//saml:NameID", None),
        ({"write": {"extra": ["1", "2"]}}, ".//saml:Attribute[@Name='extra']/saml:AttributeValue", "1"),
        ({"leave_out": ["firstName"]}, ".//saml:Attribute[@Name='firstName']", None),
    ],
)
def test_behaviour_writes_something_else(
    saml_party: Callable[..., Any], behaviour: dict[str, Any], where: str, value: str | None
) -> None:
    """What an administrator typed wrong, or never mapped."""
    party = saml_party("okta-saml", behaviour=behaviour)
    assert party.response().findtext(where, None, party.ns) == value


@pytest.mark.parametrize(
    ("behaviour", "attribute"), [({"destination": "https://old.example/acs"}, "Destination"), ({"recipient": ""}, None)]
)
def test_behaviour_addresses_somebody_else(
    saml_party: Callable[..., Any], behaviour: dict[str, Any], attribute: str | None
) -> None:
    """A stale ACS URL; a Recipient that was left empty (OneLogin)."""
    party = saml_party("onelogin-saml", behaviour=behaviour)
    response = party.response()
    if attribute:
        assert response.get(attribute) == "https://old.example/acs"
    else:
        assert response.find(".//saml:SubjectConfirmationData", party.ns).get("Recipient") is None


def test_a_persons_behaviour_counts_more_than_everybodys(saml_party: Callable[..., Any]) -> None:
    """And what is switched at run time counts most."""
    persons = [
        {"username": "a", "given_name": "A", "family_name": "A", "behaviour": {"issuer": "https://person.example"}},
        {"username": "b", "given_name": "B", "family_name": "B"},
    ]
    party = saml_party("okta-saml", persons=persons, behaviour={"issuer": "https://all.example"})
    assert party.response("a").findtext("saml:Issuer", None, party.ns) == "https://person.example"
    party.client.delete_cookie("idp-idp", path="/idp/")
    assert party.response("b").findtext("saml:Issuer", None, party.ns) == "https://all.example"
    assert party.control("behaviour", {"issuer": "https://now.example"}).status_code == 200
    assert party.read(party.ask()).findtext("saml:Issuer", None, party.ns) == "https://now.example"
    assert party.control("behaviour", {}).status_code == 200
    assert party.read(party.ask()).findtext("saml:Issuer", None, party.ns) == "https://all.example"


def test_the_key_that_signs_can_be_one_that_nobody_published(saml_party: Callable[..., Any]) -> None:
    """What a wrong or truncated certificate at our side looks like."""
    party = saml_party("okta-saml", behaviour={"signs_with": "unpublished"})
    response = party.response()
    assert not party.verifies(response, party.published()[0])
    certificate = response.findtext(".//ds:X509Certificate", "", party.ns)
    assert isinstance(certificate, str)
    assert certificate


def test_every_vendor_has_its_own_certificate_lifetime(clock: Callable[[], datetime]) -> None:
    """Sections 2 to 4: AD FS one year, Entra three, Google five."""
    key = make_signing_key("x", clock(), 1)
    assert 360 < (key.certificate.not_valid_after_utc - clock()).days < 370
    assert xmlsec.Key.from_memory(key.private_pem, xmlsec.constants.KeyDataFormatPem) is not None
