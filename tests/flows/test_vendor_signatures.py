"""What each vendor signs and encrypts, how its keys roll over, and what it signs when people leave. Section numbers are
those of the provider facts.
"""

from __future__ import annotations

import http.client
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.support.browser import Browser, Step
from tests.support.certificates import make_certified
from tests.support.vendors import Vendors


def explained(trace: dict[str, Any]) -> str:
    """Return the code of what the administrator is told."""
    assert trace["explanation"] is not None, trace["code"]
    return str(trace["explanation"]["code"])


# what is signed and encrypted


@pytest.mark.parametrize(
    "key", ["okta-saml", "entra-saml", "adfs-saml", "google-saml", "onelogin-saml", "jumpcloud-saml"]
)
@pytest.mark.parametrize("signed", ["assertion", "response", "both"])
def test_signatures_wherever_the_administrator_put_them(vendors: Vendors, key: str, signed: str) -> None:
    """Section 0.1: either covers the assertion; no vendor's default or option is refused."""
    vendor = vendors.connect(key)
    with vendors.behaving(key, signed=signed):
        assert vendors.log_in(vendor).sub


@pytest.mark.parametrize("key", ["okta-saml", "entra-saml", "adfs-saml"])
def test_unsigned_is_refused_and_explained(vendors: Vendors, key: str) -> None:
    """Section 0.1: absence of a signature is a refusal, for every vendor."""
    vendor = vendors.connect(key)
    with vendors.behaving(key, signed="none"):
        assert explained(vendors.refuse(vendor, code="saml-unsigned")) == f"{key}-unsigned"


def test_sha_1_of_an_old_onelogin_application_is_refused_and_explained(vendors: Vendors) -> None:
    """Section 5: the administrator is told to choose SHA-256."""
    vendor = vendors.connect("onelogin-saml")
    with vendors.behaving("onelogin-saml", signature_algorithm="rsa-sha1"):
        trace = vendors.refuse(vendor, code="saml-algorithm")
    assert explained(trace) == "onelogin-saml-algorithm"
    assert "SHA-1" in " ".join(trace["explanation"]["causes"])


@pytest.mark.parametrize("key", ["adfs-saml", "shibboleth-saml", "okta-saml"])
def test_encrypted_for_the_key_in_our_metadata(vendors: Vendors, key: str) -> None:
    """Sections 1, 3 and 8: AES-CBC by AD FS, AES-GCM by Shibboleth, the key beside the data by Okta."""
    vendor = vendors.connect(key, by_metadata=True, encryption="required")
    with vendors.behaving(key, encrypt=True):
        assert vendors.log_in(vendor).sub


def test_adfs_encrypts_as_soon_as_it_is_offered_a_key(vendors: Vendors) -> None:
    """Section 3: so our metadata offers one only when the connection demands encryption."""
    plain = vendors.connect("adfs-saml", by_metadata=True)
    entity_id = plain.connection["service_provider"]["entity_id"]
    application = vendors.simulator.extensions["idps"]["adfs-saml"].find_saml_application(entity_id)
    assert application.encryption_certificate is None
    assert vendors.log_in(plain).sub


def test_shibboleth_refuses_without_our_key(vendors: Vendors) -> None:
    """Section 8: with encryption optional here there is no key in our metadata, and nobody comes back."""
    vendor = vendors.connect("shibboleth-saml", by_metadata=True, encryption="optional")
    assert "cannot be encrypted" in vendors.stay(vendor).text


@pytest.mark.parametrize(("key", "code"), [("adfs-saml", "adfs-encryption"), ("okta-saml", "saml-decryption")])
def test_encrypted_for_an_old_key_of_ours(vendors: Vendors, key: str, code: str) -> None:
    """Section 13, could not decrypt: refused without a word on why, and explained."""
    vendor = vendors.connect(key, by_metadata=True, encryption="required")
    with vendors.behaving(key, encrypt=True, encrypt_to=make_certified("our old key").certificate_pem):
        trace = vendors.refuse(vendor)
    assert explained(trace) == code


# certificates and keys that roll over


@pytest.mark.parametrize("key", ["adfs-saml", "keycloak-saml"])
def test_a_certificate_that_is_published_ahead_locks_nobody_out(vendors: Vendors, key: str) -> None:
    """Sections 3 and 9: metadata is read again while both are in it, so the switch is not noticed."""
    url = vendors.describe(key)["metadata_url"]
    document = vendors.fetch(url).decode("utf-8-sig")
    vendor = vendors.connect(key, by_metadata=key == "keycloak-saml", metadata_url=url, metadata_xml=document)
    vendors.log_in(vendor)
    vendors.roll(key, "publish")
    vendors.clock.advance(hours=1)
    vendors.api.post(f"/connections/{vendor.id}/metadata/read")
    vendors.roll(key, "switch")
    assert vendors.log_in(vendor).sub
    vendors.roll(key, "retire")
    assert vendors.log_in(vendor).sub


def test_okta_replaces_its_certificate_at_once(vendors: Vendors) -> None:
    """Section 1: until metadata is read again the new one is refused, and the administrator is told."""
    url = vendors.describe("okta-saml")["metadata_url"]
    document = vendors.fetch(url).decode()
    vendor = vendors.connect("okta-saml", metadata_url=url, metadata_xml=document)
    vendors.log_in(vendor)
    vendors.roll("okta-saml", "switch")
    assert explained(vendors.refuse(vendor, code="saml-signature")) == "okta-saml-signature"
    vendors.clock.advance(hours=1)
    vendors.api.post(f"/connections/{vendor.id}/metadata/read")
    assert vendors.log_in(vendor).sub


def test_the_tenants_certificate_is_not_the_applications(vendors: Vendors) -> None:
    """Section 2: metadata without ?appid= has another certificate; the explanation says so first."""
    told = vendors.describe("entra-saml")["metadata_url"]
    document = vendors.fetch(told.partition("?")[0]).decode("utf-8-sig")
    vendor = vendors.connect("entra-saml", metadata_xml=document)
    trace = vendors.refuse(vendor, code="saml-signature")
    assert explained(trace) == "entra-saml-signature"
    assert "appid" in trace["explanation"]["causes"][0]


def test_metadata_with_a_byte_order_mark_is_read(vendors: Vendors) -> None:
    """Section 0.2: Entra's document, as it is downloaded, and by its address."""
    url = vendors.describe("entra-saml")["metadata_url"]
    document = vendors.fetch(url)
    assert document.startswith(b"\xef\xbb\xbf")
    parsed = vendors.api.post("/metadata/parse", xml=document.decode())
    assert parsed["entities"][0]["entity_id"] == vendors.describe("entra-saml")["entity_id"]
    by_url = vendors.api.post("/metadata/parse", url=url)
    assert by_url["entities"][0]["entity_id"] == parsed["entities"][0]["entity_id"]


@pytest.mark.parametrize(
    "key", ["okta-saml", "entra-saml", "adfs-saml", "google-saml", "keycloak-saml", "ping-saml", "shibboleth-saml"]
)  # the others are known by their own hosts, which a simulator does not have
def test_metadata_is_recognized(vendors: Vendors, key: str) -> None:
    """By the form of the entity ID, the vendor's own host name in it or not."""
    document = vendors.fetch(vendors.describe(key)["metadata_url"]).decode("utf-8-sig")
    assert vendors.api.post("/metadata/parse", xml=document)["adapter"] == key


@pytest.mark.parametrize(
    ("key", "more"),
    [
        ("okta-oidc", {}),
        ("entra-oidc", {}),
        ("google-oidc", {"hosted_domains": ["google-oidc.example"]}),
        ("keycloak-oidc", {}),
    ],
)
def test_keys_that_roll_over_unannounced(vendors: Vendors, key: str, more: dict[str, Any]) -> None:
    """Sections 1 and 2: an unknown kid has the key document read again, and the login passes."""
    vendor = vendors.connect(key, **more)
    vendors.log_in(vendor)
    vendors.roll(key, "publish")
    vendors.roll(key, "switch")
    vendors.clock.advance(minutes=2)
    assert vendors.log_in(vendor).sub


def test_a_key_that_nobody_published(vendors: Vendors) -> None:
    """Section 13, signature validation failed: refused and explained."""
    vendor = vendors.connect("okta-oidc")
    with vendors.behaving("okta-oidc", signs_with="unpublished"):
        assert explained(vendors.refuse(vendor, code="key-unknown")) == "oidc-signature"


# signing out


def send_as_written(url: str) -> tuple[int, str]:
    """Return status and Location of a GET whose escapes are sent as they stand, as browsers do and urllib3 does not."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=10)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        response = connection.getresponse()
        response.read()
        return response.status, response.getheader("Location", "")
    finally:
        connection.close()


@pytest.mark.parametrize("key", ["adfs-saml", "entra-saml"])
def test_a_logout_request_over_lower_case_escapes_is_understood(vendors: Vendors, key: str) -> None:
    """Section 0.3: Microsoft signs `%2f`; the gateway verifies the bytes as they came, and answers."""
    vendor = vendors.connect(key)
    ours = vendor.connection["service_provider"]
    idp = vendors.simulator.extensions["idps"][key]
    for other in idp.saml_applications:  # the vendor tells one application, the first that wants to know
        idp.register({"entity_id": other.entity_id, "acs_urls": list(other.acs_urls)})
    idp.register({"entity_id": ours["entity_id"], "acs_urls": [ours["acs_url"]], "slo_url": ours["slo_url"]})
    browser = Browser()
    vendors.log_in(vendor, browser=browser)
    demand = browser.send(Step("GET", f"{vendors.origin}/{key}/sign-out")).next
    assert demand is not None
    assert re.search(r"%2[bf]|%3d", demand.url)
    assert demand.url.startswith(ours["slo_url"])
    status, answer = send_as_written(demand.url)
    assert (status, answer.partition("?")[0]) == (
        303,
        vendors.simulator.extensions["idps"][key].url(idp.profile.slo_path),
    )
    shouted = re.sub(r"%[0-9a-f]{2}", lambda found: found[0].upper(), demand.url)
    assert send_as_written(shouted)[0] == 400


def test_our_metadata_is_what_the_vendor_imports(vendors: Vendors) -> None:
    """Sections 3 and 9: an administrator who imports it has typed nothing wrong."""
    vendor = vendors.connect("adfs-saml", by_metadata=True)
    ours = vendor.connection["service_provider"]
    assert ours["acs_url"] in requests.get(ours["metadata_url"], timeout=10).text
    assert vendors.log_in(vendor).sub
