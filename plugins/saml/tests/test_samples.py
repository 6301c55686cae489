"""Documents of real providers, from outside this repository: every one goes through the real code.

`PORTICO_SAMPLES` names their folder; without it these tests are skipped. A response is judged by a connection that is
made of the metadata beside it where there is some, else of what the response itself names, at the time and for the
service provider in its params file, else at its own IssueInstant: so that everything fits but what is really wrong with
it. The tables say what each document gives; a document that is in no table fails a test.
"""

from __future__ import annotations

import base64
import json
import os
import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from portico_saml import SamlAdapter
from portico_saml.names import DS, SAML, SAMLP
from portico_saml.testing import FakeHttp, MemoryCache
from portico_sdk import AdapterContext, Callback, KeyPair, MetadataError, ServiceProvider, SettingsError, SignInRefused

FOLDER = Path(os.environ.get("PORTICO_SAMPLES", "/nonexistent"))
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="PORTICO_SAMPLES names no folder")

WEAK = "certificate-weak"  # the connection itself cannot be saved: RSA of 1024 bits

#: Responses: the subject, or after "!" the code of the refusal.
RESPONSES = {
    "adfs/gosaml2-adfs_response.b64": "paul@spstest2.com",
    "adfs/phpsaml-adfs_response.xml.base64": "!saml-signature",  # changed after signing
    "adfs/ruby-adfs_response_sha1.xml": f"!{WEAK}",
    "adfs/ruby-adfs_response_sha512.xml": f"!{WEAK}",
    "adfs/ruby-unsigned_encrypted_adfs.xml": "!saml-decryption",  # encrypted for somebody else
    "entra/entra-guest-response.xml": ("ulysse.carion_codomaindata.com#EXT#@ulyssecarioncodomaindata.onmicrosoft.com"),
    "generic/gosaml2-auth0_response.xml": "!saml-algorithm",  # SHA-1
    "generic/mojeid-response.xml": "6dfe0399103d11411b1fa00772b6a13e0858605b80c20ea845769c57b41479ed",
    "generic/pac4j-complextype-response.xml": "!saml-signature",  # indented after signing
    "generic/pac4j-keyhub-multivalued-response.xml": "!saml-signature",  # changed after signing
    "generic/samlify-failed_response.xml": "!saml-status",
    "google/google-ssoready-response.xml": "ulysse.carion@codomaindata.com",
    "jumpcloud/jumpcloud-ssoready-response.xml": "ulysse.carion@codomaindata.com",
    "keycloak/keycloak-ssoready-response.xml": "!saml-authn-statement",  # left out by a switch of that client
    "malformed/okta-bad-assertion-utf8-response.xml": "!saml-binding",  # empty
    "malformed/okta-bad-certificate-response.xml": "!saml-signature",
    "malformed/okta-bad-digest-algorithm-response.xml": "!saml-algorithm",
    "malformed/okta-bad-idp-entity-id-response.xml": "!saml-signature",
    "malformed/okta-bad-signature-algorithm-response.xml": "!saml-algorithm",
    "malformed/okta-bad-sp-entity-id-response.xml": "!saml-signature",
    "malformed/okta-no-certificate-response.xml": "!saml-signature",
    "malformed/okta-unsigned-assertion-response.xml": "!saml-signature",
    "malformed/python3saml-empty_destination.xml.base64": f"!{WEAK}",
    "malformed/python3saml-invalid_issuer_assertion.xml.base64": "!saml-unsigned",
    "malformed/python3saml-no_issuer_response.xml.base64": f"!{WEAK}",
    "malformed/python3saml-no_nameid.xml.base64": "!saml-unsigned",
    "malformed/samlify-dup-issuer.xml": "!not-a-certificate",  # its certificate is a placeholder
    "okta/crewjam-TestSPCanHandleOktaResponseEncryptedAssertionBothSigned-response.b64": "!saml-decryption",
    "okta/crewjam-TestSPCanHandleOktaResponseEncryptedSignedAssertion-response.b64": "!saml-decryption",
    "okta/crewjam-TestSPCanHandleOktaSignedResponseEncryptedAssertion-response.b64": "!saml-decryption",
    "okta/dex-assertion-signed.xml": "!saml-algorithm",  # SHA-1
    "okta/dex-good-resp.xml": "!saml-algorithm",  # SHA-1
    "okta/okta-encrypted-retrievalmethod-response.xml": "!saml-decryption",
    "okta/okta-ssoready-response.dedented.xml": "ulysse.carion@codomaindata.com",
    "okta/okta-ssoready-response.xml": "!saml-signature",  # its certificate was indented after signing
    "okta/pysaml2-okta-assertion.xml": "!saml-structure",  # an assertion without a response
    "onelogin/gosaml2-olgn09_response_01.b64": "!saml-algorithm",  # SHA-1
    "onelogin/gosaml2-olgn09_response_12.b64": "!saml-algorithm",
    "onelogin/gosaml2-olgn09_response_155.b64": "!saml-algorithm",
    "onelogin/onelogin-multi-values-response.xml": f"!{WEAK}",
    "onelogin/onelogin-two-attrstatements-response.xml": f"!{WEAK}",
    "ping/ping-ssoready-response.xml": "9e34fa21-4e8f-4dee-b565-648dbcf25eff",
    "shibboleth/crewjam-dfn-gcm-response.xml": "!saml-signature",  # indented after signing
    "shibboleth/crewjam-samltest-artifactresponse.xml": "!saml-structure",  # a SOAP envelope
    "shibboleth/nodesaml-testshib-encrypted-response.xml": "!saml-decryption",
    "shibboleth/pac4j-ukamf-response.xml": "!not-a-certificate",  # its certificate is a placeholder
    "shibboleth/pysaml2-canarie-response.xml": "!saml-unsigned",
    "shibboleth/satosa-scg-response.xml": "!saml-decryption",
    "simplesamlphp/jenkins-ssp-response.xml": "!saml-document",  # a template with CDATA
    "simplesamlphp/python3saml-response1_with_duplicate_attributes.xml.base64": f"!{WEAK}",
    "simplesamlphp/python3saml-response_with_nested_nameid_values.xml.base64": f"!{WEAK}",
    "simplesamlphp/python3saml-signed_assertion_response.xml.base64": f"!{WEAK}",
}

#: Metadata that gives a provider: (entity ID of the first, binding, number of its certificates, a year of its validity).
METADATA: dict[str, tuple[str, str, int, int]] = {
    "adfs/adfs-v2-metadata.xml": ("http://fs.msidlab7.com/adfs/services/trust", "redirect", 1, 2023),
    "adfs/adfs-v3-metadata.xml": ("http://fs.msidlab2.com/adfs/services/trust", "redirect", 1, 2023),
    "adfs/adfs-v4-metadata.xml": ("http://fs.msidlab11.com/adfs/services/trust", "redirect", 1, 2023),
    "entra/entra-app-metadata.xml": (
        "https://sts.windows.net/a9054a0f-2011-4e31-b3ac-fd8c354146ec/",
        "redirect",
        1,
        2023,
    ),
    "federation/surfconext-metadata.xml": (
        "https://engine.surfconext.nl/authentication/idp/metadata",
        "redirect",
        1,
        2015,
    ),
    "federation/swamid-test-metadata.xml": ("https://idp.umu.se/saml2/idp/metadata.php", "redirect", 1, 2023),
    "generic/polis-example.xml": ("urn:dev-tyj7qyzz.auth0.com", "redirect", 1, 2023),
    "generic/ruby-idp_descriptor_5.xml": ("https://hello.example.com/access/saml/idp.xml", "redirect", 1, 2023),
    "generic/secureworks-metadata.xml": ("https://idp.secureworks.com/SAML2", "post", 1, 2023),
    "google/crewjam-TestSPCanHandlePlaintextResponse-metadata.xml": (
        "https://accounts.google.com/o/saml2?idpid=C02dfl1r1",
        "post",
        1,
        2016,
    ),
    "google/google-ssoready-metadata.xml": (
        "https://accounts.google.com/o/saml2?idpid=C029op2ga",
        "redirect",
        1,
        2023,
    ),
    "google/polis-boxyhq.xml": ("https://accounts.google.com/o/saml2", "redirect", 1, 2023),
    "jumpcloud/jumpcloud-ssoready-metadata.xml": ("IdP Entity ID", "post", 1, 2023),
    "keycloak/keycloak-ssoready-metadata.xml": ("http://localhost:8085/realms/master", "redirect", 1, 2023),
    "malformed/okta-bad-certificate-metadata.xml": ("http://www.okta.com/exkdoocxa1VmjpXmX697", "redirect", 1, 2023),
    "malformed/okta-bad-idp-entity-id-metadata.xml": ("DIFFERENT_IDP_ENTITY_ID", "redirect", 1, 2023),
    "multicert/phpsaml-idp_metadata_same_sign_and_encrypt_cert.xml": (
        "https://app.onelogin.com/saml/metadata/383123",
        "redirect",
        1,
        2023,
    ),
    "multicert/samlify-rollingcert.xml": ("https://idp.example.com/metadata", "redirect", 2, 2023),
    "okta/crewjam-TestSPCanHandleOktaResponseEncryptedAssertionBothSigned-metadata.xml": (
        "http://www.okta.com/exkppsa1qwuFV4D7z0h7",
        "redirect",
        1,
        2023,
    ),
    "okta/crewjam-TestSPCanHandleOktaSignedResponseEncryptedAssertion-metadata.xml": (
        "http://www.okta.com/exkppsa1qwuFV4D7z0h7",
        "redirect",
        1,
        2023,
    ),
    "okta/okta-ssoready-metadata.xml": ("http://www.okta.com/exkdoocxa1VmjpXmX697", "redirect", 1, 2023),
    "onelogin/crewjam-TestSPCanHandleOneloginResponse-metadata.xml": (
        "https://app.onelogin.com/saml/metadata/503983",
        "post",
        1,
        2023,
    ),
    "onelogin/phpsaml-idp_metadata.xml": ("https://app.onelogin.com/saml/metadata/383123", "redirect", 1, 2023),
    "onelogin/phpsaml-onelogin_metadata.xml": ("https://app.onelogin.com/saml/metadata/645460", "redirect", 1, 2023),
    "ping/ping-ssoready-metadata.xml": (
        "https://auth.pingone.com/3030059e-440b-4ad0-9217-44326f1757f6",
        "redirect",
        1,
        2023,
    ),
    "shibboleth/crewjam-samltest-metadata.xml": ("https://samltest.id/saml/idp", "redirect", 2, 2023),
    "shibboleth/crewjam-testshib-idp-metadata.xml": ("https://idp.testshib.org/idp/shibboleth", "redirect", 1, 2023),
}

#: Metadata that is refused, in 2023, and with which code.
UNUSABLE = {
    "entra/microsoftonline-sp-metadata.xml": "metadata-no-provider",
    "federation/ruby-idp_multiple_descriptors.xml": "metadata-expired",
    "federation/spring-nested-metadata.xml": "metadata-no-certificate",
    "federation/surfconext-metadata.xml": "metadata-expired",
    "generic/ruby-idp_descriptor.xml": "metadata-expired",
    "generic/ruby-idp_descriptor_2.xml": "metadata-expired",
    "generic/uaa-openam-metadata.xml": "metadata-weak-key",
    "generic/uaa-vsphere-metadata.xml": "metadata-expired",
    "google/crewjam-TestSPCanHandlePlaintextResponse-metadata.xml": "metadata-expired",
    "malformed/crewjam-http_metadata_response.html": "metadata-expired",
    "malformed/pac4j-expired-metadata.xml": "metadata-no-provider",
    "malformed/polis-boxyhq-nobinding.xml": "metadata-not-xml",
    "malformed/polis-invalidssodescriptor.xml": "metadata-no-provider",
    "malformed/pysaml2-invalid_metadata_file.xml": "metadata-other-xml",
    "malformed/ruby-no_idp_descriptor.xml": "metadata-no-provider",
    "malformed/samlify-multiple_entitydescriptor.xml": "metadata-several",
    "shibboleth/phpsaml-shib_metadata.xml": "metadata-expired",
    "shibboleth/ruby-idp_descriptor_3.xml": "metadata-weak-key",
}

NAMESPACES = {"a": SAML, "p": SAMLP, "ds": DS}


def _posted(path: Path) -> bytes:
    """The response as bytes; some samples are stored as base64, without padding."""
    raw = path.read_bytes()
    if raw.lstrip().startswith(b"<"):
        return raw
    text = re.sub(rb"\s", b"", raw)
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4))
    except ValueError:
        return raw


def _first(root: etree._Element | None, *paths: str) -> str | None:
    for path in paths if root is not None else ():
        for found in root.xpath(path, namespaces=NAMESPACES):
            return str(found)
    return None


def _beside(path: Path, kind: str) -> Path | None:
    """The params or metadata that belong to a response."""
    stem = path.name.split("-response")[0].removesuffix("-guest")
    for name in (f"{stem}-{kind}", f"{stem}-app-{kind}"):
        if (path.parent / name).exists():
            return path.parent / name
    return None


def _judge(adapter: SamlAdapter, path: Path, key: KeyPair) -> str:
    raw = _posted(path)
    try:
        root = etree.fromstring(raw)
    except etree.XMLSyntaxError:
        root = None
    issued = _first(root, "//a:Assertion/@IssueInstant", "/p:Response/@IssueInstant") or "2024-01-01T00:00:00Z"
    now = datetime.fromisoformat(issued) if issued[:1] == "2" else datetime(2024, 1, 1, tzinfo=UTC)
    audience = _first(root, "//a:Audience/text()") or "https://sp.example.com"
    if params := _beside(path, "params.json"):
        values = json.loads(params.read_text())
        audience, now = values["sp_entity_id"], datetime.fromisoformat(values["now"])
    request_id = _first(root, "//a:SubjectConfirmationData/@InResponseTo", "/p:Response/@InResponseTo")
    acs = _first(root, "//a:SubjectConfirmationData/@Recipient", "/p:Response/@Destination") or "https://sp.example.com"
    certificate = _first(root, "//ds:Signature//ds:X509Certificate/text()")
    raw_settings: dict[str, Any] = {"sso_url": "https://idp.example.com/", "allow_idp_initiated": request_id is None}
    if metadata := _beside(path, "metadata.xml"):
        raw_settings["metadata_xml"] = metadata.read_text()
    else:
        raw_settings["idp_entity_id"] = _first(root, "//a:Assertion/a:Issuer/text()", "//a:Issuer/text()") or "idp"
        raw_settings["certificates"] = [certificate or key.certificate_pem]
    try:
        settings = adapter.validate(raw_settings, now)
    except SettingsError as error:
        return f"!{error.problems[0].code}"
    own = ServiceProvider(entity_id=audience, acs_url=acs, keys=(key,))
    context = AdapterContext("con-x", settings, own, now, os.urandom, FakeHttp(), MemoryCache(), lambda check: None)
    state = None if request_id is None else {"request_id": request_id}
    callback = Callback("POST", acs, "", (("SAMLResponse", base64.b64encode(raw).decode()),), state)
    try:
        return adapter.complete(context, callback).subject
    except SignInRefused as refused:
        return f"!{refused.code}"


@pytest.mark.parametrize("name", sorted(RESPONSES))
def test_a_real_response_gives_the_right_identity_or_a_clear_refusal(adapter, own_key, name):
    """Valid ones the right person, the others the code that says what is wrong; never another exception."""
    assert _judge(adapter, FOLDER / name, own_key) == RESPONSES[name]


@pytest.mark.parametrize("name", sorted(METADATA))
def test_real_metadata_gives_a_connection(adapter, name):
    """Entity ID, endpoint and every signing certificate, and settings that validate."""
    entity_id, binding, certificates, year = METADATA[name]
    now = datetime(year, 1, 1, tzinfo=UTC)
    found = adapter.parse_metadata((FOLDER / name).read_bytes(), now).entities[0]
    assert found.entity_id == entity_id
    assert found.settings["sso_binding"] == binding
    assert len(found.certificates) == certificates
    settings = adapter.validate(dict(found.settings), now)
    adapter.check_ready(settings, now)
    assert settings["name_id_format"] is None


@pytest.mark.parametrize("name", sorted(UNUSABLE))
def test_unusable_metadata_is_refused_with_its_reason(adapter, name):
    """A clear error, never another exception."""
    with pytest.raises(MetadataError) as refused:
        adapter.parse_metadata((FOLDER / name).read_bytes(), datetime(2023, 1, 1, tzinfo=UTC))
    assert refused.value.code == UNUSABLE[name]
    assert refused.value.detail


def test_the_other_samples_of_the_folder_are_judged_too(adapter):
    """Every XML or base64 document is in a table, or is a neighbour in clear of one that is."""
    known = RESPONSES.keys() | METADATA.keys() | UNUSABLE.keys()
    for path in sorted(FOLDER.glob("*/*")):
        name = str(path.relative_to(FOLDER))
        if path.suffix in {".xml", ".b64", ".base64", ".html"} and not path.name.startswith("decoded-"):
            assert name in known, name


@pytest.mark.parametrize("kind", ["complete", "parse_metadata"])
def test_no_sample_at_all_raises_anything_unexpected(adapter, own_key, kind):
    """Every file, whatever it is, through both doors."""
    for path in sorted(FOLDER.glob("*/*")):
        raw = path.read_bytes()
        if kind == "parse_metadata":
            with suppress(MetadataError):
                adapter.parse_metadata(raw, datetime(2023, 1, 1, tzinfo=UTC))
        else:
            assert _judge(adapter, path, own_key) != "!saml-unexpected"
