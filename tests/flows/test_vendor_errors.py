"""Every row of the explainer tables (provider facts, sections 2, 3, 4 and 13) is produced by the simulator and explained.

A row is produced in one of four ways:

- the vendor answers with an error, and the trace of the refused sign-in carries the explanation;
- our own check refuses what the vendor sent, and the trace carries the explanation;
- the vendor shows the error on its own page: nothing comes back, so what its page says is explained as an administrator
  would quote it, and `why` says why nothing can come back;
- no sign-in takes place at all: the symptom is explained, and `why` says so.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from app.adapters.explain import explain
from app.claims import Attribute, add_attribute, delete_attribute
from portico_sdk import Explanation, Failure
from tests.support.browser import Browser, Page
from tests.support.certificates import make_certified
from tests.support.management import Refused
from tests.support.vendors import Vendor, Vendors
from tests.support.whole_app import OPERATOR

WINDOWS = "urn:federation:authentication:windows"
PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
EMAIL_ADDRESS = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
NOBODY_ASSIGNED = "The vendor lets nobody past who is not assigned, and tells the application nothing."
NO_APPLICATION = "The vendor does not know who asks, so it has no address to answer to."
NO_ADDRESS = "The vendor does not trust the address for the answer."
NO_TENANT = "Without a tenant there is no application."
NO_REQUEST = "Nobody asked, or nothing that can be read."
STOPPED = "The vendor has stopped to answer this browser."
EVENT = "It stands in the server's event log, and the person sees an error page."
CONSOLE = "The console shows it while the application is set up."


@dataclass(frozen=True)
class Row:
    """One line of a table.

    Args:
        said: number or symptom, as the table has it.
        key: the simulator's profile, and the adapter's key.
        code: of the explanation.
        behaviour: what the simulator does.
        settings: of the connection, as `Vendors.connect` takes them.
        name: who signs in.
        why: why nothing comes back to us.
    """

    said: str
    key: str
    code: str
    behaviour: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    name: str = "ada"
    why: str = ""


def answered(numbers: str, key: str, code: str) -> list[Row]:
    """Return rows for Entra's numbers, which come back as a status or an OAuth error."""
    return [Row(f"AADSTS{n}", key, code, {"fail_with": f"AADSTS{n}"}) for n in numbers.split()]


def shown(numbers: str, key: str, code: str, why: str) -> list[Row]:
    """Return rows for Entra's numbers that stand on its own page alone."""
    return [Row(f"AADSTS{n}", key, code, {"fail_with": f"AADSTS{n}"}, why=why) for n in numbers.split()]


def both(numbers: str, name: str) -> list[Row]:
    """Return rows for numbers that mean the same over either protocol."""
    return [*answered(numbers, "entra-saml", f"entra-{name}"), *answered(numbers, "entra-oidc", f"entra-{name}")]


ENTRA = (
    *shown("50105", "entra-saml", "entra-not-assigned", NOBODY_ASSIGNED),
    *shown("50105", "entra-oidc", "entra-not-assigned", NOBODY_ASSIGNED),
    *shown("700016", "entra-saml", "entra-unknown-application", NO_APPLICATION),
    *shown("700016", "entra-oidc", "entra-unknown-application", NO_APPLICATION),
    *both("650056 70001", "unknown-application"),
    *shown("50011", "entra-saml", "entra-reply-url", NO_ADDRESS),
    *shown("50011", "entra-oidc", "entra-reply-url", NO_ADDRESS),
    Row("AADSTS75011", "entra-saml", "entra-authn-context", settings={"authn_context": [PASSWORD]}),
    *shown("75005 7500514 750054", "entra-saml", "entra-request-malformed", NO_REQUEST),
    Row(
        "AADSTS75016",
        "entra-saml",
        "entra-name-id-policy",
        settings={"name_id_format": "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"},
    ),
    *answered("90011", "entra-saml", "entra-name-id-policy"),
    *answered("75008", "entra-saml", "entra-request-destination"),
    *answered("75003", "entra-saml", "entra-binding"),
    Row("AADSTS76021", "entra-saml", "entra-signed-requests", {"fail_with": "AADSTS76021"}),
    Row("AADSTS76026", "entra-saml", "entra-signed-requests", {"clock_offset_s": 1200}, {"sign_requests": True}),
    *answered("7500529", "entra-saml", "entra-request-id"),
    *answered("50003 50146", "entra-saml", "entra-no-certificate"),
    Row("AADSTS501241", "entra-saml", "entra-name-id-empty", {"name_id_source": "email"}, name="nomail"),
    *both("50020 50034 16000 90072 51004", "another-tenant"),
    *answered("50194", "entra-oidc", "entra-shared-authority"),
    *shown("90002 90038", "entra-saml", "entra-unknown-tenant", NO_TENANT),
    *shown("90002 90038", "entra-oidc", "entra-unknown-tenant", NO_TENANT),
    *answered("7000215 7000218", "entra-oidc", "entra-secret-wrong"),
    *answered("7000222", "entra-oidc", "entra-secret-expired"),
    *answered("700054", "entra-oidc", "entra-response-type"),
    *both("65001 90094", "consent"),
    *both("53003 53000 50076 50079 530032", "conditional-access"),
    *both("50058", "no-session"),
    *answered("54005 70008 501481", "entra-oidc", "entra-code"),
)

ADFS = (
    Row("Event 321, MSIS7070", "adfs-saml", "adfs-name-id-policy", settings={"name_id_format": EMAIL_ADDRESS}),
    Row("Event 321, MSIS7070", "adfs-saml", "adfs-name-id-policy", {"name_id_source": "email"}, name="nomail"),
    Row("Event 364", "adfs-saml", "adfs-status", {"fail_with": "Responder"}),
    Row("Event 378", "adfs-saml", "adfs-signature-algorithm", {"fail_with": "Event 378"}),
    Row("Event 303, ID4037", "adfs-saml", "adfs-request-signature", {"fail_with": "MSIS0038"}),
    Row("Event 315", "adfs-saml", "adfs-certificate-chain", {"fail_with": "Event 315"}, why=EVENT),
    Row("Event 316", "adfs-saml", "adfs-certificate-chain", {"fail_with": "Event 316"}, why=EVENT),
    Row("Event 317", "adfs-saml", "adfs-certificate-chain", {"fail_with": "Event 317"}, why=EVENT),
    Row("Event 184", "adfs-saml", "adfs-unknown-trust", {"fail_with": "Event 184"}, why=EVENT),
    Row("MSIS7007", "adfs-saml", "adfs-unknown-trust", {"fail_with": "MSIS7007"}, why=NO_APPLICATION),
    Row("MSIS3200", "adfs-saml", "adfs-endpoint", {"fail_with": "MSIS3200"}, why=NO_ADDRESS),
    Row("MSIS9224", "adfs-oidc", "adfs-endpoint", {"fail_with": "MSIS9224"}, why=NO_ADDRESS),
    Row("MSIS9602", "adfs-oidc", "adfs-resource", {"fail_with": "MSIS9602"}),
    Row(
        "MSIS9921",
        "adfs-oidc",
        "adfs-oidc-userinfo",
        settings={"fetch_userinfo": True, "resource": "https://api.example"},
    ),
    Row("MSIS7042", "adfs-saml", "adfs-loop", {"fail_with": "MSIS7042"}, why=STOPPED),
    Row("MSIS7012", "adfs-saml", "adfs-loop", {"fail_with": "MSIS7012"}, why=STOPPED),
    Row("MSIS5007", "adfs-saml", "adfs-access-policy", name="outside", why=NOBODY_ASSIGNED),
    Row("MSIS5007", "adfs-oidc", "adfs-access-policy", name="outside", why=NOBODY_ASSIGNED),
)

HOSTED = {"hosted_domains": ["google-oidc.example"]}

GOOGLE = (
    Row(
        "app_not_configured",
        "google-saml",
        "google-unknown-app",
        {"fail_with": "app_not_configured"},
        why=NO_APPLICATION,
    ),
    Row(
        "app_not_configured_for_user",
        "google-saml",
        "google-entity-id",
        {"fail_with": "app_not_configured_for_user"},
        why=NO_APPLICATION,
    ),
    Row("app_not_enabled_for_user", "google-saml", "google-not-enabled", name="outside", why=NOBODY_ASSIGNED),
    Row("duplicate entity id", "google-saml", "google-duplicate", {"fail_with": "duplicate_entity_id"}, why=CONSOLE),
    Row("saml_invalid_sp_id", "google-saml", "google-acs-url", {"fail_with": "saml_invalid_sp_id"}, why=NO_ADDRESS),
    Row("invalid ACS", "google-saml", "google-acs-url", {"fail_with": "invalid ACS"}, why=NO_ADDRESS),
    Row("org_internal", "google-oidc", "google-internal", settings=HOSTED, name="outside", why=NOBODY_ASSIGNED),
    Row(
        "redirect_uri_mismatch",
        "google-oidc",
        "google-redirect-uri",
        {"fail_with": "Error 400: redirect_uri_mismatch"},
        HOSTED,
        why=NO_ADDRESS,
    ),
)

OTHERS = (
    Row("Policy evaluation failed", "okta-oidc", "okta-access-policy", {"fail_with": "Policy evaluation failed"}),
    Row("access_denied", "okta-oidc", "okta-oidc-not-assigned", {"fail_with": "access_denied"}),
    Row("InvalidNameIDPolicy", "okta-saml", "okta-saml-name-id", settings={"name_id_format": EMAIL_ADDRESS}),
    Row("Invalid requester", "keycloak-saml", "keycloak-signature-required", why=NO_APPLICATION),
    Row(
        "Unsupported Request", "shibboleth-saml", "shibboleth-unknown", {"fail_with": "unsupported"}, why=NO_APPLICATION
    ),
)


SYMPTOMS = (
    *(
        Row("is not a valid audience", key, f"{key}-audience", {"audience": audience})
        for key in ("okta-saml", "entra-saml", "adfs-saml", "google-saml")
        for audience in ("{acs_url}", "{entity_id}/", "http:{entity_id}", "spn:{entity_id}")
    ),
    *(
        Row("received at X instead of Y", key, f"{key}-destination", {place: "https://old.example/acs"})
        for key in ("okta-saml", "adfs-saml", "onelogin-saml")
        for place in ("destination", "recipient")
    ),
    Row("invalid issuer", "entra-saml", "entra-saml-issuer", {"issuer": "https://login.microsoftonline.com/x/"}),
    Row(
        "invalid issuer",
        "adfs-saml",
        "adfs-saml-issuer",
        {"issuer": "https://adfs.adfs-saml.example/adfs/services/trust"},
    ),
    Row("invalid issuer", "okta-saml", "okta-saml-issuer", {"issuer": "https://example.okta.com"}),
    Row("invalid issuer", "jumpcloud-saml", "jumpcloud-saml-issuer", {"issuer": "IdP Entity ID"}),
    *(
        Row("signature validation failed", key, f"{key}-signature", {"signs_with": "unpublished"})
        for key in ("okta-saml", "entra-saml", "adfs-saml", "google-saml", "jumpcloud-saml")
    ),
    Row("Requester/InvalidNameIDPolicy", "adfs-saml", "adfs-name-id-policy", {"fail_with": "InvalidNameIDPolicy"}),
    Row(
        "Responder/AuthnFailed",
        "keycloak-saml",
        "saml-authn-failed",
        {"fail_with": "AuthnFailed"},
        {"by_metadata": True},
    ),
    Row("Responder/NoAuthnContext", "adfs-saml", "adfs-authn-context", {}, {"authn_context": [PASSWORD]}, "windows"),
    Row("Responder/NoPassive", "okta-saml", "saml-authn-context", {"fail_with": "NoPassive"}),
    Row(
        "could not decrypt",
        "adfs-saml",
        "adfs-encryption",
        {"encrypt_to": "an old certificate of ours"},
        {"by_metadata": True, "encryption": "required"},
    ),
    Row("timing errors", "adfs-saml", "adfs-time", {"clock_offset_s": 400}),
    Row("timing errors", "keycloak-saml", "keycloak-time", {"clock_offset_s": -400}, {"by_metadata": True}),
    Row("timing errors", "google-saml", "time-window", {"clock_offset_s": -1200}),
)

#: All rows that begin with somebody who signs in.
SIGN_INS = (*ENTRA, *ADFS, *GOOGLE, *OTHERS, *SYMPTOMS)
COMING_BACK = tuple(row for row in SIGN_INS if not row.why)
STAYING = tuple(row for row in SIGN_INS if row.why)

NUMBERS_OF_SECTION_2 = (
    *(50105, 700016, 650056, 70001, 50011, 75011, 75005, 7500514, 750054, 75016, 90011, 75008, 76021, 76026, 7500529),
    *(50003, 50146, 501241, 50020, 50034, 16000, 90072, 51004, 50194, 90002, 90038, 7000215, 7000222, 7000218, 700054),
    *(65001, 90094, 53003, 53000, 50076, 50079, 530032, 50058, 54005, 70008, 501481),
)
EVENTS_OF_SECTION_3 = (
    *("321", "MSIS7070", "364", "378", "303", "ID4037", "315", "316", "317", "184"),
    *("MSIS9921", "MSIS7012", "MSIS7042", "MSIS5007"),
)
CODES_OF_SECTION_4 = (
    "app_not_configured",
    "app_not_configured_for_user",
    "app_not_enabled_for_user",
    "duplicate entity id",
    "saml_invalid_sp_id",
    "invalid ACS",
)


def test_no_row_of_the_tables_is_forgotten() -> None:
    """Sections 2, 3 and 4, number by number."""
    told = [row.said for row in SIGN_INS]
    for number in NUMBERS_OF_SECTION_2:
        assert f"AADSTS{number}" in told, number
    for event in EVENTS_OF_SECTION_3:
        assert any(re.search(rf"\b{event}\b", said) for said in told), event
    for code in CODES_OF_SECTION_4:
        assert code in told, code


@pytest.fixture(scope="module")
def connected(vendors: Vendors) -> Callable[[Row], Vendor]:
    """Return a function that makes the connection a row needs, once for all rows with the same settings."""
    made: dict[str, Vendor] = {}

    def connect(row: Row) -> Vendor:
        name = f"{row.key} {sorted(row.settings.items())}"
        if name not in made:
            made[name] = vendors.connect(row.key, **row.settings)
        return made[name]

    return connect


@contextmanager
def happening(vendors: Vendors, row: Row, vendor: Vendor) -> Iterator[None]:
    """Let the simulator do what the row says; it may name our own addresses."""
    ours = vendor.connection["service_provider"]
    behaviour = {
        name: value.format_map(ours) if isinstance(value, str) else value for name, value in row.behaviour.items()
    }
    if "encrypt_to" in behaviour:
        behaviour["encrypt_to"] = make_certified("an old one of ours").certificate_pem
    with vendors.behaving(row.key, **behaviour):
        yield


@pytest.mark.parametrize("row", COMING_BACK, ids=lambda row: f"{row.key} {row.said} {row.code}")
def test_what_comes_back_is_refused_and_explained(
    vendors: Vendors, connected: Callable[[Row], Vendor], row: Row
) -> None:
    """The trace of the refused sign-in says what it means, the likely causes in order, and where to mend it."""
    vendor = connected(row)
    with happening(vendors, row, vendor):
        trace = vendors.refuse(vendor, row.name)
    told = trace["explanation"]
    assert told is not None, (trace["code"], trace["steps"][-1])
    assert told["code"] == row.code, (trace["code"], trace["steps"][-1])
    assert told["title"]
    assert told["causes"]
    if row.said.startswith("AADSTS"):
        assert row.said in str(trace["steps"]), "the number is in the trace"
        assert told["link"].startswith("https://login.microsoftonline.com/error?code=")
        assert re.fullmatch(r"(?:Trace|Correlation) ID: [0-9a-f-]{36}", told["reference"])


@pytest.mark.parametrize("row", STAYING, ids=lambda row: f"{row.key} {row.said} {row.code}")
def test_what_stays_at_the_vendor_is_explained_when_it_is_quoted(
    vendors: Vendors, connected: Callable[[Row], Vendor], row: Row
) -> None:
    """`why` says why nothing comes back; what stands on the vendor's page leads to the explanation."""
    if row.said == "Unsupported Request":
        page = unknown_at(vendors, row.key)
    else:
        vendor = vendors.connect("keycloak-saml") if row.said == "Invalid requester" else connected(row)
        with happening(vendors, row, vendor):
            page = vendors.stay(vendor, row.name)
    words = re.search(r'<p class="problem">(.*?)</p>', page.text, re.S)
    assert words is not None
    found = told_by(vendors, row.key, Failure("no-response", html.unescape(words[1])))
    assert found.code == row.code, words[1]
    assert found.causes


def told_by(vendors: Vendors, key: str, failure: Failure) -> Explanation:
    """Return what the adapter of this key says about a failure."""
    registered = vendors.gateway.extensions["portico"].registry.find(key)
    found = explain(registered.spec, failure)
    assert found is not None, failure
    return found


def unknown_at(vendors: Vendors, key: str) -> Page:
    """Walk to a vendor that does not know us."""
    vendor = vendors.connect(key)
    vendors.simulator.extensions["idps"][key].unregister(vendor.connection["service_provider"]["entity_id"])
    return vendors.stay(vendor)


# natural causes: what the table names as the cause brings the row about, without anybody asking for the error


@pytest.mark.parametrize(
    ("key", "more", "words", "code"),
    [
        ("okta-saml", {}, "404", "okta-saml-no-response"),
        ("entra-saml", {}, "AADSTS700016", "entra-unknown-application"),
        ("adfs-saml", {}, "MSIS7007", "adfs-unknown-trust"),
        ("google-saml", {}, "app_not_configured", "google-unknown-app"),
        ("keycloak-saml", {"by_metadata": True}, "Client not found", "keycloak-client-not-found"),
    ],
)
def test_an_entity_id_with_a_typing_error(
    vendors: Vendors, key: str, more: dict[str, Any], words: str, code: str
) -> None:
    """Sections 1 to 9: the vendor does not know us, and says so on its own page."""
    page = unknown_at(vendors, key)
    assert words in page.text
    assert told_by(vendors, key, Failure("no-response", page.text)).code == code


@pytest.mark.parametrize(
    ("key", "words", "code"),
    [
        ("entra-saml", "AADSTS50011", "entra-reply-url"),
        ("adfs-saml", "MSIS3200", "adfs-endpoint"),
        ("google-saml", "invalid ACS", "google-acs-url"),
        ("keycloak-saml", "Invalid redirect uri", "keycloak-redirect-uri"),
    ],
)
def test_an_acs_url_with_a_typing_error(vendors: Vendors, key: str, words: str, code: str) -> None:
    """Sections 2 to 4 and 9: the address of our request is not registered there."""
    vendor = vendors.connect(key)
    ours = vendor.connection["service_provider"]
    vendors.simulator.extensions["idps"][key].register(
        {"entity_id": ours["entity_id"], "acs_urls": [ours["acs_url"] + "/"], "require_signed_requests": False}
    )
    page = vendors.stay(vendor)
    assert words in page.text
    assert told_by(vendors, key, Failure("no-response", page.text)).code == code


def test_entra_demands_a_signature_that_we_do_not_make(vendors: Vendors) -> None:
    """Section 2: AADSTS76021 after somebody ticked Require verification certificates."""
    certificate = make_certified("verification").certificate_pem
    vendor = vendors.connect(
        "entra-saml", application={"require_signed_requests": True, "certificate": certificate}, sign_requests=False
    )
    trace = vendors.refuse(vendor, code="saml-status")
    assert trace["explanation"]["code"] == "entra-signed-requests"


def test_adfs_has_another_certificate_of_ours(vendors: Vendors) -> None:
    """Section 3: event 303, ID4037."""
    certificate = make_certified("old").certificate_pem
    vendor = vendors.connect(
        "adfs-saml", application={"require_signed_requests": True, "certificate": certificate}, sign_requests=True
    )
    trace = vendors.refuse(vendor, code="saml-status")
    assert trace["explanation"]["code"] == "adfs-request-signature"


def test_a_wrong_client_secret(vendors: Vendors) -> None:
    """Section 2: AADSTS7000215, the secret's ID in the place of its value."""
    vendor = vendors.connect("entra-oidc")
    vendors.api.patch(f"/connections/{vendor.id}", settings={"client_secret": "0d1f6a0c-8f43-4f4e-9d3e-6a1c7b2d9e10"})
    trace = vendors.refuse(vendor, code="token-refused")
    assert "AADSTS7000215" in str(trace["steps"])
    assert trace["explanation"]["code"] == "entra-secret-wrong"


def test_adfs_stops_a_loop(vendors: Vendors) -> None:
    """Sections 3 and 13: MSIS7042 at the sixth request of one browser within a second."""
    vendor = vendors.connect("adfs-saml")
    browser = Browser()
    for _ in range(6):
        vendors.log_in(vendor, browser=browser)
        browser.cookies.clear(domain="127.0.0.1")  # what a loop is made of: our cookies do not stay
    _, end = vendors.walk(vendor, browser=browser)
    assert isinstance(end, Page)
    assert told_by(vendors, "adfs-saml", Failure("no-response", end.text)).code == "adfs-loop"


# section 13: what is no answer and no refusal


@pytest.mark.parametrize(
    "key",
    [
        "okta-saml",
        "entra-saml",
        "adfs-saml",
        "google-saml",
        "onelogin-saml",
        "ping-saml",
        "jumpcloud-saml",
        "okta-oidc",
    ],
)
def test_nobody_has_come_back(vendors: Vendors, key: str) -> None:
    """No SAML response ever arrives: after two minutes the pending sign-in is explained, assignment first."""
    vendor = vendors.connect(key)
    vendors.stay(vendor, "outside")
    assert vendors.trace(vendor)["explanation"] is None
    before = vendors.clock()
    vendors.clock.advance(minutes=3)
    told = vendors.trace(vendor)["explanation"]
    vendors.clock.set(before + timedelta(seconds=2))
    assert told["code"] == f"{key}-no-response"
    assert any(re.search(r"assign|User access|roles|switch|groups|access control", cause) for cause in told["causes"])


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/okta-saml/sign-in/nowhere", "metadata-unreachable"),
        ("/", "metadata-html"),
        ("/nothing", "metadata-unreachable"),
    ],
)
def test_a_metadata_url_that_leads_elsewhere(vendors: Vendors, path: str, code: str) -> None:
    """A copied console URL shows HTML, or 403 and 404: told where it is typed, and explained by every adapter."""
    with pytest.raises(Refused) as refused:
        vendors.api.post("/metadata/parse", url=vendors.origin + path)
    assert refused.value.status == 422
    assert refused.value.body["errors"]
    for key in ("okta-saml", "entra-saml", "adfs-saml", "google-saml"):
        assert told_by(vendors, key, Failure(code)).code == f"{key}-metadata-url"


def test_our_own_metadata_pasted_back(vendors: Vendors) -> None:
    """No IDPSSODescriptor in it: told where it is pasted, and explained."""
    ours = vendors.connect("adfs-saml", by_metadata=True).connection["service_provider"]
    with pytest.raises(Refused) as refused:
        vendors.api.post("/metadata/parse", xml=vendors.fetch_ours(ours["metadata_url"]))
    assert [problem["code"] for problem in refused.value.body["errors"]] == ["metadata-no-provider"]
    for key in ("okta-saml", "entra-saml", "adfs-saml"):
        assert told_by(vendors, key, Failure("metadata-no-provider")).code == f"{key}-metadata-no-provider"


@pytest.mark.parametrize("key", ["okta-saml", "entra-saml", "adfs-saml", "google-saml", "onelogin-saml", "okta-oidc"])
def test_a_claim_that_the_profile_needs(vendors: Vendors, key: str) -> None:
    """No usable e-mail or name: an attribute that operators require does not come."""
    vendor = vendors.connect(key)
    with vendors.gateway.app_context():
        needed = add_attribute(Attribute("cost_center", "string", True), actor=OPERATOR, now=vendors.clock()).id
    try:
        trace = vendors.refuse(vendor, code="claim-missing")
    finally:
        with vendors.gateway.app_context():
            delete_attribute(needed, actor=OPERATOR, now=vendors.clock())
    assert trace["explanation"]["code"] == f"{key}-claim-missing"
    assert trace["explanation"]["where"]


@pytest.mark.parametrize(
    ("symptom", "why"),
    [
        ("groups-missing", "An administrator asks; a sign-in without groups is no failure. Overage is in the habits."),
        ("sign-in-loop", "AD FS stops it by MSIS7042 (above); elsewhere the browser does, and nothing is refused."),
        ("scim-duplicated", "Directory sync; no sign-in takes part in it."),
        ("scim-not-deactivated", "Directory sync; no sign-in takes part in it."),
    ],
)
@pytest.mark.parametrize("key", ["okta-saml", "okta-oidc", "entra-saml", "entra-oidc", "adfs-saml", "google-saml"])
def test_symptoms_without_a_sign_in(vendors: Vendors, symptom: str, why: str, key: str) -> None:
    """Section 13: nothing for the simulator to produce; every adapter explains them all the same."""
    assert why
    assert told_by(vendors, key, Failure(symptom)).causes
