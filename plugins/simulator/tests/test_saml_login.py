"""A whole SAML sign-in for each vendor, judged by a verification that the simulator's own code does not make."""

from __future__ import annotations

import base64
import html
import re
import zlib
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
import xmlsec
from cryptography.hazmat.primitives import serialization
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree
from werkzeug.test import TestResponse

from portico_simulator.keys import make_signing_key

NS = {
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
}
VENDORS = ("okta-saml", "adfs-saml", "generic-saml")
TESSA = "tessa.brandt@halden.example"


def authn_request(issuer: str = "https://sp.example/metadata", inner: str = "", **attributes: str) -> bytes:
    given = {"ID": "_req1", "Version": "2.0", "IssueInstant": "2026-11-23T14:02:09Z"} | attributes
    written = " ".join(f'{name}="{value}"' for name, value in given.items())
    return (
        f'<samlp:AuthnRequest xmlns:samlp="{NS["samlp"]}" xmlns:saml="{NS["saml"]}" {written}>'
        f"<saml:Issuer>{issuer}</saml:Issuer>{inner}</samlp:AuthnRequest>"
    ).encode()


def redirect_query(document: bytes, relay_state: str = "relay") -> str:
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(document) + packer.flush()
    return urlencode({"SAMLRequest": base64.b64encode(packed).decode(), "RelayState": relay_state})


def sso_path(app: Flask) -> str:
    idp = app.extensions["idps"]["idp"]
    path: str = idp.url(idp.profile.sso_path).removeprefix("http://idp.localhost:8001")
    return path


def fields_of(page: TestResponse) -> dict[str, str]:
    found = re.findall(r'name="([^"]+)" value="([^"]*)"', page.text)
    return {name: html.unescape(value) for name, value in found}


def response_in(page: TestResponse) -> etree._Element:
    assert page.status_code == 200, page.text
    return etree.fromstring(base64.b64decode(fields_of(page)["SAMLResponse"]))


def sign_in(client: FlaskClient, path: str, username: str = TESSA, document: bytes | None = None) -> TestResponse:
    asked = client.get(f"{path}?{redirect_query(document or authn_request())}")
    assert asked.status_code == 303, asked.text
    return client.post(asked.headers["Location"], data={"username": username})


def published_key(app: Flask, client: FlaskClient) -> xmlsec.Key:
    """Return the signing key that the metadata publishes."""
    idp = app.extensions["idps"]["idp"]
    document = client.get(idp.url(idp.profile.metadata_path).removeprefix("http://idp.localhost:8001")).data
    found = etree.fromstring(document).findtext(
        ".//md:IDPSSODescriptor/md:KeyDescriptor[@use='signing']//ds:X509Certificate", namespaces=NS
    )
    return xmlsec.Key.from_memory(base64.b64decode(found or ""), xmlsec.constants.KeyDataFormatCertDer)


def verify(element: etree._Element, key: xmlsec.Key) -> None:
    """Verify the signature that is a child of `element`, and that it covers this element."""
    signature = element.find("ds:Signature", NS)
    assert signature is not None
    reference = signature.find(".//ds:Reference", NS)
    assert reference is not None
    assert reference.get("URI") == f"#{element.get('ID')}"
    xmlsec.tree.add_ids(element, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = key
    context.verify(signature)


def status_message(page: TestResponse) -> str:
    """Return what the vendor answered instead of an assertion."""
    response = response_in(page)
    assert response.find("saml:Assertion", NS) is None
    return response.findtext(".//samlp:StatusMessage", "", NS)


def attributes_in(response: etree._Element) -> dict[str | None, list[str | None]]:
    return {
        a.get("Name"): [v.text for v in a.findall("saml:AttributeValue", NS)]
        for a in response.iterfind(".//saml:Attribute", NS)
    }


@pytest.mark.parametrize(
    ("vendor", "response_signed", "assertion_signed"),
    [("okta-saml", True, True), ("adfs-saml", False, True), ("generic-saml", False, True)],
)
def test_signatures_verify_and_stand_where_the_vendor_puts_them(
    make_app: Callable[..., Flask], vendor: str, response_signed: bool, assertion_signed: bool
) -> None:
    """Okta signs Response and Assertion, AD FS the Assertion alone; both by RSA-SHA256 with the published key."""
    app = make_app(vendor)
    client = app.test_client()
    response = response_in(sign_in(client, sso_path(app)))
    assertion = response.find("saml:Assertion", NS)
    assert assertion is not None
    for element, signed in ((response, response_signed), (assertion, assertion_signed)):
        assert (element.find("ds:Signature", NS) is not None) == signed
        if signed:
            verify(element, published_key(app, client))
            method = element.find("ds:Signature/ds:SignedInfo/ds:SignatureMethod", NS)
            assert method is not None
            assert method.get("Algorithm") == "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_response_answers_exactly_its_request(make_app: Callable[..., Flask], vendor: str) -> None:
    """InResponseTo, Recipient, Destination, Audience and RelayState are those of the request (profiles 4.1.4.2)."""
    app = make_app(vendor)
    page = sign_in(app.test_client(), sso_path(app))
    response = response_in(page)
    data = response.find(".//saml:SubjectConfirmationData", NS)
    assert data is not None
    assert response.get("InResponseTo") == data.get("InResponseTo") == "_req1"
    assert response.get("Destination") == data.get("Recipient") == "https://sp.example/acs"
    assert response.findtext(".//saml:Audience", namespaces=NS) == "https://sp.example/metadata"
    assert fields_of(page)["RelayState"] == "relay"
    assert 'action="https://sp.example/acs"' in page.text


@pytest.mark.parametrize(
    ("vendor", "before_s", "after_s"), [("okta-saml", -300, 300), ("adfs-saml", 0, 3600), ("generic-saml", -300, 300)]
)
def test_the_window_is_the_vendors(make_app: Callable[..., Flask], vendor: str, before_s: int, after_s: int) -> None:
    """Okta allows five minutes either way; AD FS nothing before and an hour after."""
    app = make_app(vendor)
    conditions = response_in(sign_in(app.test_client(), sso_path(app))).find(".//saml:Conditions", NS)
    assert conditions is not None
    now = datetime.fromisoformat("2026-11-23T14:02:09+00:00")
    for name, offset_s in (("NotBefore", before_s), ("NotOnOrAfter", after_s)):
        moment = datetime.fromisoformat(conditions.get(name) or "")
        assert (moment - now).total_seconds() == offset_s


def test_okta_names(make_app: Callable[..., Flask]) -> None:
    """Okta: http entity ID with exk, user name as unspecified NameID, email firstName lastName groups."""
    app = make_app("okta-saml")
    response = response_in(sign_in(app.test_client(), sso_path(app)))
    assert re.fullmatch(
        r"http://www\.okta\.com/exk[0-9A-Za-z]{17}", response.findtext("saml:Issuer", namespaces=NS) or ""
    )
    name_id = response.find(".//saml:NameID", NS)
    assert name_id is not None
    assert name_id.text == TESSA
    assert name_id.get("Format") == "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
    assert attributes_in(response) == {
        "email": [TESSA],
        "firstName": ["Tessa"],
        "lastName": ["Brandt"],
        "userId": ["00uzYpphyABiIWoW0Oae"],
        "groups": ["Dispatch", "Admins"],
    }


def test_adfs_names(make_app: Callable[..., Flask]) -> None:
    """AD FS: http entity ID, schemas.xmlsoap.org claim URIs, one Attribute with several values for groups."""
    app = make_app("adfs-saml")
    response = response_in(sign_in(app.test_client(), sso_path(app)))
    assert response.findtext("saml:Issuer", namespaces=NS) == "http://adfs.halden.example/adfs/services/trust"
    claims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
    assert attributes_in(response) == {
        f"{claims}/emailaddress": [TESSA],
        f"{claims}/givenname": ["Tessa"],
        f"{claims}/surname": ["Brandt"],
        f"{claims}/upn": [TESSA],
        "http://schemas.xmlsoap.org/claims/Group": ["Dispatch", "Admins"],
    }


def test_adfs_metadata_lists_the_encryption_key_first_and_has_federation_roles(make_app: Callable[..., Flask]) -> None:
    """AD FS metadata: RoleDescriptors, an SP role, encryption before signing, the whole signed."""
    app = make_app("adfs-saml")
    client = app.test_client()
    root = etree.fromstring(client.get("/idp/FederationMetadata/2007-06/FederationMetadata.xml").data)
    assert len(root.findall("md:RoleDescriptor", NS)) == 2
    assert root.find("md:SPSSODescriptor", NS) is not None
    uses = [key.get("use") for key in root.iterfind("md:IDPSSODescriptor/md:KeyDescriptor", NS)]
    assert uses == ["encryption", "signing"]
    verify(root, published_key(app, client))


def test_okta_metadata_lists_post_first(make_app: Callable[..., Flask]) -> None:
    """Okta metadata: the POST binding stands before Redirect."""
    app = make_app("okta-saml")
    idp = app.extensions["idps"]["idp"]
    path = idp.url(idp.profile.metadata_path).removeprefix("http://idp.localhost:8001")
    root = etree.fromstring(app.test_client().get(path).data)
    bindings = [e.get("Binding", "").rpartition(":")[2] for e in root.iterfind(".//md:SingleSignOnService", NS)]
    assert bindings == ["HTTP-POST", "HTTP-Redirect"]


def test_a_session_answers_without_asking_again_unless_force_authn(make_app: Callable[..., Flask]) -> None:
    """ForceAuthn makes the person sign in again; otherwise the session is enough (core 3.4.1)."""
    app = make_app("generic-saml")
    client, path = app.test_client(), sso_path(app)
    sign_in(client, path)
    assert client.get(f"{path}?{redirect_query(authn_request())}").status_code == 200
    assert client.get(f"{path}?{redirect_query(authn_request(ForceAuthn='true'))}").status_code == 303


def test_is_passive_without_a_session_answers_no_passive(make_app: Callable[..., Flask]) -> None:
    """IsPassive and nobody signed in: status NoPassive below Responder, no assertion (core 3.4.1)."""
    app = make_app("generic-saml")
    page = app.test_client().get(f"{sso_path(app)}?{redirect_query(authn_request(IsPassive='true'))}")
    response = response_in(page)
    codes = [code.get("Value", "").rpartition(":")[2] for code in response.iterfind(".//samlp:StatusCode", NS)]
    assert codes == ["Responder", "NoPassive"]
    assert response.find("saml:Assertion", NS) is None


def test_another_name_id_format_than_configured_is_refused_like_msis7070(make_app: Callable[..., Flask]) -> None:
    """AD FS and Okta answer InvalidNameIDPolicy when the request names another Format."""
    policy = '<samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"/>'
    for vendor in ("adfs-saml", "okta-saml"):
        app = make_app(vendor)
        page = app.test_client().get(f"{sso_path(app)}?{redirect_query(authn_request(inner=policy))}")
        codes = [c.get("Value", "").rpartition(":")[2] for c in response_in(page).iterfind(".//samlp:StatusCode", NS)]
        assert codes == ["Requester", "InvalidNameIDPolicy"]


def test_post_binding_is_accepted(make_app: Callable[..., Flask]) -> None:
    """An AuthnRequest by POST, base64 without deflate (bindings 3.5.4)."""
    app = make_app("okta-saml")
    fields = {"SAMLRequest": base64.b64encode(authn_request()).decode(), "RelayState": "r"}
    assert app.test_client().post(sso_path(app), data=fields).status_code == 303


def test_unknown_application_and_unregistered_acs_get_the_vendors_own_page(make_app: Callable[..., Flask]) -> None:
    """Nothing is sent to an address that nobody registered; AD FS says MSIS7007 and MSIS3200."""
    app = make_app("adfs-saml")
    client, path = app.test_client(), sso_path(app)
    unknown = client.get(f"{path}?{redirect_query(authn_request('https://other.example'))}")
    assert unknown.status_code == 404
    assert "MSIS7007" in unknown.text
    acs = authn_request(AssertionConsumerServiceURL="https://evil.example/acs")
    wrong = client.get(f"{path}?{redirect_query(acs)}")
    assert wrong.status_code == 400
    assert "MSIS3200" in wrong.text


def test_a_person_who_is_not_assigned_never_reaches_the_application(make_app: Callable[..., Flask]) -> None:
    """The vendor shows its own page; no response exists."""
    app = make_app("okta-saml")
    page = sign_in(app.test_client(), sso_path(app), "out@halden.example")
    assert page.status_code == 403
    assert "SAMLResponse" not in page.text


def test_a_person_without_mail_sends_no_mail_attribute(make_app: Callable[..., Flask]) -> None:
    """Absent is absent: no empty AttributeValue."""
    app = make_app("okta-saml")
    response = response_in(sign_in(app.test_client(), sso_path(app), "no.mail@halden.example"))
    assert set(attributes_in(response)) == {"firstName", "lastName", "userId"}


@pytest.mark.parametrize(("signed", "expected"), [("response", (1, 0)), ("both", (1, 1)), ("none", (0, 0))])
def test_behaviour_moves_the_signature(make_app: Callable[..., Flask], signed: str, expected: tuple[int, int]) -> None:
    """The option `signed` decides which elements carry a signature."""
    app = make_app("adfs-saml", behaviour={"signed": signed})
    client = app.test_client()
    response = response_in(sign_in(client, sso_path(app)))
    found = (response.findall("ds:Signature", NS), response.findall("saml:Assertion/ds:Signature", NS))
    assert tuple(len(signatures) for signatures in found) == expected
    if expected[0]:
        verify(response, published_key(app, client))


def test_behaviour_sets_the_clock_wrong(make_app: Callable[..., Flask]) -> None:
    """A slow clock moves every time in the document, the authentication too."""
    app = make_app("okta-saml", behaviour={"clock_offset_s": -600})
    response = response_in(sign_in(app.test_client(), sso_path(app)))
    assert response.get("IssueInstant") == "2026-11-23T13:52:09.000Z"
    statement = response.find(".//saml:AuthnStatement", NS)
    assert statement is not None
    assert statement.get("AuthnInstant") == "2026-11-23T13:52:09.000Z"


def test_behaviour_fails_with_a_status(make_app: Callable[..., Flask]) -> None:
    """The option `fail_with` answers an error status with its message and without an assertion."""
    app = make_app("okta-saml", behaviour={"fail_with": "AuthnFailed", "fail_message": "Not today."})
    response = response_in(sign_in(app.test_client(), sso_path(app)))
    assert response.find("saml:Assertion", NS) is None
    assert response.findtext(".//samlp:StatusMessage", namespaces=NS) == "Not today."


def test_encrypted_assertions_open_with_the_applications_key_and_verify_inside(
    make_app: Callable[..., Flask], clock: Callable[[], datetime]
) -> None:
    """The option `encrypt`: signed, then encrypted to the certificate, then the response signed (core 6.2)."""
    key = make_signing_key("sp", clock())
    application = {
        "entity_id": "https://sp.example/metadata",
        "acs_urls": ["https://sp.example/acs"],
        "certificate": key.certificate_pem,
    }
    app = make_app("okta-saml", behaviour={"encrypt": True}, applications=[application])
    client = app.test_client()
    response = response_in(sign_in(client, sso_path(app)))
    verify(response, published_key(app, client))
    assert response.find("saml:Assertion", NS) is None
    encrypted = response.find("saml:EncryptedAssertion/xenc:EncryptedData", NS)
    assert encrypted is not None
    keys = xmlsec.KeysManager()
    pem = key.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    keys.add_key(xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatPem))
    xmlsec.tree.add_ids(response, ["Id"])  # Okta's key stands beside, and KeyInfo points to it
    opened = xmlsec.EncryptionContext(keys).decrypt(encrypted)
    verify(opened, published_key(app, client))
    assert opened.findtext("saml:Subject/saml:NameID", namespaces=NS) == TESSA


def test_idp_initiated_answers_nobodys_request(make_app: Callable[..., Flask]) -> None:
    """The tile in the vendor's portal: a response without InResponseTo anywhere (profiles 4.1.5)."""
    client = make_app("okta-saml").test_client()
    asked = client.get("/idp/start/0?RelayState=deep")
    response = response_in(client.post(asked.headers["Location"], data={"username": TESSA}))
    assert "InResponseTo" not in etree.tostring(response).decode()


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"not xml",
        b'<!DOCTYPE a [<!ENTITY b "c">]>' + authn_request(),
        b"<a/>",
        authn_request().replace(b' ID="_req1"', b""),
        b" " * 200_000,
    ],
)
def test_hostile_requests_end_in_a_page(make_app: Callable[..., Flask], document: bytes) -> None:
    """Garbage, DOCTYPE, the wrong element, no ID, and a bomb are refused with 400."""
    app = make_app("generic-saml")
    client, path = app.test_client(), sso_path(app)
    assert client.get(f"{path}?{redirect_query(document)}").status_code == 400
    posted = client.post(path, data={"SAMLRequest": base64.b64encode(document).decode()})
    assert posted.status_code == 400


def signed_query(document: bytes, key: Any) -> str:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    unsigned = (
        redirect_query(document) + "&" + urlencode({"SigAlg": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"})
    )
    signature = key.private.sign(unsigned.encode(), padding.PKCS1v15(), hashes.SHA256())
    return unsigned + "&" + urlencode({"Signature": base64.b64encode(signature).decode()})


def signed_post(document: bytes, key: Any) -> str:
    root = etree.fromstring(document)
    signature = xmlsec.template.create(
        root, xmlsec.constants.TransformExclC14N, xmlsec.constants.TransformRsaSha256, ns="ds"
    )
    root.insert(1, signature)
    reference = xmlsec.template.add_reference(signature, xmlsec.constants.TransformSha256, uri=f"#{root.get('ID')}")
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformEnveloped)
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformExclC14N)
    xmlsec.tree.add_ids(root, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(key.private_pem, xmlsec.constants.KeyDataFormatPem)
    context.sign(signature)
    return base64.b64encode(etree.tostring(root)).decode()


def test_a_request_signed_inside_is_verified_by_post(
    make_app: Callable[..., Flask], clock: Callable[[], datetime]
) -> None:
    """POST binding: a good signature passes; a changed document, and another key's signature, do not (bindings 3.5)."""
    key, other = make_signing_key("sp", clock()), make_signing_key("other", clock())
    application = {
        "entity_id": "https://sp.example/metadata",
        "acs_urls": ["https://sp.example/acs"],
        "certificate": key.certificate_pem,
    }
    app = make_app("generic-saml", applications=[application])
    client, path = app.test_client(), sso_path(app)
    good = signed_post(authn_request(), key)
    changed = base64.b64encode(base64.b64decode(good).replace(b'Version="2.0"', b'Version="2.1"')).decode()
    for encoded, status in ((good, 303), (changed, 400), (signed_post(authn_request(), other), 400)):
        assert client.post(path, data={"SAMLRequest": encoded}).status_code == status


def test_a_required_request_signature_is_verified(
    make_app: Callable[..., Flask], clock: Callable[[], datetime]
) -> None:
    """With require_signed_requests: signed passes, unsigned and tampered are refused (bindings 3.4.4.1)."""
    key = make_signing_key("sp", clock())
    application = {
        "entity_id": "https://sp.example/metadata",
        "acs_urls": ["https://sp.example/acs"],
        "certificate": key.certificate_pem,
        "require_signed_requests": True,
    }
    app = make_app("adfs-saml", applications=[application])
    client, path = app.test_client(), sso_path(app)
    good = signed_query(authn_request(), key)
    assert client.get(f"{path}?{good}").status_code == 303
    assert "ID4037" in status_message(client.get(f"{path}?{redirect_query(authn_request())}"))
    assert "ID4037" in status_message(client.get(f"{path}?{good.replace('RelayState=relay', 'RelayState=other')}"))
    assert client.get(f"{path}?{good}&RelayState=other").status_code == 400
    fields = {"SAMLRequest": base64.b64encode(authn_request()).decode()}
    assert "ID4037" in status_message(client.post(path, data=fields))
