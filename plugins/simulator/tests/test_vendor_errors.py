"""Each vendor tells what is wrong in its own way: as a SAML status, as an OAuth error, or on its own page alone."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree

from portico_simulator import PROFILES
from portico_simulator.profiles.entra_errors import OIDC_ERRORS, SAML_ERRORS
from portico_simulator.saml.signature import sign

POLICY = '<samlp:NameIDPolicy Format="{}"/>'
CONTEXT = (
    '<samlp:RequestedAuthnContext Comparison="exact"><saml:AuthnContextClassRef>'
    "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
    "</saml:AuthnContextClassRef></samlp:RequestedAuthnContext>"
)
NO_MAIL = "no.mail@halden.example"
OUT = "out@halden.example"


def page_of(error: Any) -> bool:
    """Whether the vendor shows the error itself."""
    return bool(error.at == "page")


@pytest.mark.parametrize("error", [e for e in SAML_ERRORS if not page_of(e)], ids=lambda e: e.code)
def test_entra_posts_its_numbers_as_a_status(saml_party: Callable[..., Any], error: Any) -> None:
    """Section 2: Requester, and a StatusMessage that begins with the number and ends with what support asks for."""
    party = saml_party("entra-saml", behaviour={"fail_with": error.code})
    code, message = party.status(party.response())
    assert code == "Requester"
    assert message.startswith(f"{error.code}: ")
    assert "Trace ID: " in message
    assert "Timestamp: 2026-11-23 14:02:09Z" in message


@pytest.mark.parametrize("error", [e for e in SAML_ERRORS if page_of(e)], ids=lambda e: e.code)
def test_entra_shows_some_numbers_only_itself(saml_party: Callable[..., Any], error: Any) -> None:
    """It knows no application or no address to answer to, or lets nobody past."""
    page = saml_party("entra-saml", behaviour={"fail_with": error.code}).sign_in()
    assert page.status_code in (400, 403)
    assert error.code in page.text
    assert "SAMLResponse" not in page.text


def test_every_oidc_number_of_entra_is_different() -> None:
    """And so is every SAML number, but for those with two causes."""
    for errors in (OIDC_ERRORS, SAML_ERRORS):
        named = [(error.code, error.cause) for error in errors]
        assert len(set(named)) == len(named)


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ({"ID": "4req"}, 7500529),
        ({"ProtocolBinding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"}, 75003),
        ({"inner": POLICY.format("urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName")}, 75016),
        ({"inner": CONTEXT}, 75011),
        ({"IsPassive": "true"}, 50058),
    ],
)
def test_what_entra_holds_against_a_request(
    saml_party: Callable[..., Any], change: dict[str, str], number: int
) -> None:
    """Section 2: the request itself is the cause; nobody has to ask for the error."""
    party = saml_party("entra-saml")
    document = party.request(**change)
    asked = party.ask(document)
    page = asked if asked.status_code == 200 else party.sign_in(document=document)
    assert party.status(party.read(page))[1].startswith(f"AADSTS{number}: ")


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ({"issuer": "https://other.example"}, 700016),
        ({"AssertionConsumerServiceURL": "https://evil.example"}, 50011),
    ],
)
def test_what_entra_cannot_answer(saml_party: Callable[..., Any], change: dict[str, str], number: int) -> None:
    """Section 2: it knows neither application nor address."""
    party = saml_party("entra-saml")
    page = party.ask(party.request(**change))
    assert page.status_code == 400
    assert f"AADSTS{number}" in page.text


def test_entra_without_a_request_or_with_garbage(saml_party: Callable[..., Any]) -> None:
    """Section 2: AADSTS750054 when Login URL is opened by hand, AADSTS75005 when the request is none."""
    party = saml_party("entra-saml")
    assert "AADSTS750054" in party.client.get(party.path(party.idp.profile.sso_path)).text
    assert "AADSTS75005" in party.ask(b"<a/>").text


@pytest.mark.parametrize("vendor", ["entra-saml", "adfs-saml"])
def test_a_demanded_signature_that_is_missing(
    saml_party: Callable[..., Any], make_key: Any, clock: Any, vendor: str
) -> None:
    """Sections 2 and 3: AADSTS76021; AD FS cannot resolve the key."""
    application = {"require_signed_requests": True, "certificate": make_key("sp", clock(), 10).certificate_pem}
    party = saml_party(vendor, application=application)
    expected = {"entra-saml": "AADSTS76021", "adfs-saml": "ID4037"}[vendor]
    assert expected in party.status(party.read(party.ask()))[1]


def test_entra_takes_no_signed_request_that_is_old(saml_party: Callable[..., Any], make_key: Any, clock: Any) -> None:
    """Section 2: AADSTS76026."""
    key = make_key("sp", clock(), 10)
    party = saml_party("entra-saml", application={"certificate": key.certificate_pem})
    document = party.request(IssueInstant="2026-11-23T13:02:09Z")
    page = party.client.post(party.path(party.idp.profile.sso_path), data={"SAMLRequest": signed_post(document, key)})
    assert party.status(party.read(page))[1].startswith("AADSTS76026: ")


def signed_post(document: bytes, key: Any) -> str:
    """Return the request, signed, as the POST binding has it."""
    root = etree.fromstring(document)
    sign(root, key)
    return base64.b64encode(etree.tostring(root)).decode()


def test_entra_with_an_empty_field_behind_the_name_id(saml_party: Callable[..., Any]) -> None:
    """Section 2: AADSTS501241, for a person without a mailbox when the NameID is the mailbox."""
    party = saml_party("entra-saml", behaviour={"name_id_source": "email"})
    assert party.status(party.response(NO_MAIL))[1].startswith("AADSTS501241: ")


def test_msis7070_when_another_format_is_asked_for(saml_party: Callable[..., Any]) -> None:
    """Section 3: nested status InvalidNameIDPolicy below Requester."""
    party = saml_party("adfs-saml")
    page = party.ask(party.request(inner=POLICY.format("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress")))
    outer, inner, message = party.status(party.read(page))
    assert (outer, inner) == ("Requester", "InvalidNameIDPolicy")
    assert message.startswith("MSIS7070: ")


def test_msis7070_for_an_account_without_a_mailbox(saml_party: Callable[..., Any]) -> None:
    """Section 3: the rule issues the e-mail address, and there is none."""
    party = saml_party("adfs-saml", behaviour={"name_id_source": "email"})
    assert party.status(party.response(NO_MAIL))[:2] == ["Requester", "InvalidNameIDPolicy"]


def test_adfs_with_windows_sign_in_and_a_password_demanded(saml_party: Callable[..., Any]) -> None:
    """Section 0.1: NoAuthnContext below Responder."""
    person = {"username": "w", "given_name": "W", "family_name": "I", "method": "urn:federation:authentication:windows"}
    party = saml_party("adfs-saml", persons=[person])
    assert party.status(party.response("w", party.request(inner=CONTEXT)))[:2] == ["Responder", "NoAuthnContext"]


def test_adfs_stops_a_loop(saml_party: Callable[..., Any], clock: Any) -> None:
    """Section 3: MSIS7042 at six requests of one session within a second, and not later."""
    party = saml_party("adfs-saml")
    party.sign_in()
    pages = [party.ask() for _ in range(6)]
    assert [page.status_code for page in pages] == [200] * 5 + [400]
    assert "MSIS7042" in pages[-1].text
    clock.forward(seconds=2)
    assert party.ask().status_code == 200


@pytest.mark.parametrize(
    ("vendor", "words"),
    [
        ("okta-saml", "User is not assigned to this application."),
        ("entra-saml", "AADSTS50105"),
        ("adfs-saml", "MSIS5007"),
        ("google-saml", "app_not_enabled_for_user"),
        ("onelogin-saml", "You do not have access to this application."),
        ("ping-saml", "The application is disabled"),
        ("jumpcloud-saml", "You do not have access to this application."),
    ],
)
def test_somebody_who_is_not_assigned(saml_party: Callable[..., Any], vendor: str, words: str) -> None:
    """Section 13: the vendor's own page; no response ever arrives."""
    page = saml_party(vendor).sign_in(OUT)
    assert page.status_code in (400, 403)
    assert words in page.text
    assert "SAMLResponse" not in page.text


@pytest.mark.parametrize(
    ("vendor", "words"),
    [
        ("okta-saml", "404"),
        ("adfs-saml", "MSIS7007"),
        ("google-saml", "app_not_configured"),
        ("keycloak-saml", "Client not found."),
        ("shibboleth-saml", "Unsupported Request"),
    ],
)
def test_an_entity_id_that_the_vendor_does_not_know(saml_party: Callable[..., Any], vendor: str, words: str) -> None:
    """Sections 1 to 9: nothing is sent anywhere."""
    party = saml_party(vendor)
    page = party.ask(party.request("https://typo.example"))
    assert page.status_code in (400, 403, 404)
    assert words in page.text


@pytest.mark.parametrize(
    ("vendor", "words"),
    [("google-saml", "invalid ACS"), ("keycloak-saml", "Invalid redirect uri"), ("adfs-saml", "MSIS3200")],
)
def test_an_address_that_the_vendor_does_not_know(saml_party: Callable[..., Any], vendor: str, words: str) -> None:
    """Sections 3, 4 and 9."""
    party = saml_party(vendor, application={"require_signed_requests": False})
    assert words in party.ask(party.request(AssertionConsumerServiceURL="https://typo.example/acs")).text


def test_okta_ignores_the_address_in_a_request(saml_party: Callable[..., Any]) -> None:
    """Section 1: it answers to the one its administrator typed."""
    party = saml_party("okta-saml")
    page = party.sign_in(document=party.request(AssertionConsumerServiceURL="https://typo.example/acs"))
    assert 'action="https://sp.example/acs"' in page.text


def test_keycloak_demands_signed_requests(saml_party: Callable[..., Any]) -> None:
    """Section 9: Invalid requester, while Client signature required is on as it is at first."""
    page = saml_party("keycloak-saml").ask()
    assert page.status_code == 400
    assert "Invalid requester" in page.text


def test_jumpcloud_takes_no_redirected_request(saml_party: Callable[..., Any]) -> None:
    """Section 6: its metadata offers HTTP-POST alone."""
    party = saml_party("jumpcloud-saml")
    assert party.client.get(f"{party.path('/saml2/portico')}?SAMLRequest=x").status_code == 405
    assert party.ask().status_code == 303


def test_no_authn_context_of_shibboleth(saml_party: Callable[..., Any]) -> None:
    """Section 13: Requester and NoAuthnContext below it."""
    person = {"username": "x", "given_name": "X", "family_name": "Y", "method": "https://refeds.org/profile/mfa"}
    party = saml_party("shibboleth-saml", persons=[person], behaviour={"encrypt": False})
    assert party.status(party.response("x", party.request(inner=CONTEXT)))[:2] == ["Requester", "NoAuthnContext"]


@pytest.mark.parametrize(
    ("fail_with", "codes"),
    [
        ("AuthnFailed", ["Responder", "AuthnFailed"]),
        ("Requester/RequestDenied", ["Requester", "RequestDenied"]),
        ("VersionMismatch", ["VersionMismatch"]),
    ],
)
def test_any_status_can_be_asked_for(saml_party: Callable[..., Any], fail_with: str, codes: list[str]) -> None:
    """Nested with a slash, alone, or below the code that it always stands below."""
    party = saml_party("generic-saml", behaviour={"fail_with": fail_with, "fail_message": "Said."})
    assert party.status(party.response()) == [*codes, "Said."]


def test_a_vendors_error_can_be_moved_to_its_page(saml_party: Callable[..., Any]) -> None:
    """Entra sometimes posts an error and sometimes shows it: `fail_at` chooses."""
    page = saml_party("entra-saml", behaviour={"fail_with": "AADSTS50020", "fail_at": "page"}).sign_in()
    assert page.status_code == 400
    assert "AADSTS50020" in page.text


def test_one_person_can_be_the_only_one_who_fails(saml_party: Callable[..., Any]) -> None:
    """Behaviour in the configuration, at one person."""
    blocked = {"username": "b", "given_name": "B", "family_name": "locked", "behaviour": {"fail_with": "AADSTS53003"}}
    free = {"username": "f", "given_name": "F", "family_name": "ree"}
    party = saml_party("entra-saml", persons=[blocked, free])
    assert party.status(party.response("f"))[0] == "Success"
    party.client.delete_cookie("idp-idp", path="/idp/")
    assert party.status(party.response("b"))[1].startswith("AADSTS53003: ")


@pytest.mark.parametrize("key", [key for key, profile in PROFILES.items() if profile.errors])
def test_every_error_of_a_profile_says_something(key: str) -> None:
    """A code or a text, or a status that speaks for itself; pages have a status of their own."""
    for error in PROFILES[key].errors:
        assert error.words or len(error.status) > 1
        assert 400 <= error.http < 500
