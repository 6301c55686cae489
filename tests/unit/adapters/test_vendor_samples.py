"""Documents of real providers, each through the adapter of its provider with default rules.

`PORTICO_SAMPLES` names their folder; without it these tests are skipped. Two things are asked of every response: what the
whole adapter makes of it (a subject, or the code of a refusal where its signature, key or clock is not good any more), and
what its attributes become by the adapter's default rules, which is asked of refused ones too, their content unverified.
"""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from app.adapters import Registry
from app.adapters.recognize import recognize
from app.claims import DEFAULT_RULES, Profile, merge_rules, normalize
from portico_saml.identity import read_attributes
from portico_saml.subject import find_source
from portico_saml.testing import FakeHttp, MemoryCache, make_key_pair
from portico_sdk import (
    AdapterContext,
    AdapterSpec,
    Callback,
    Clue,
    ExternalIdentity,
    KeyPair,
    MetadataError,
    ServiceProvider,
    SettingsError,
    SignInRefused,
)

FOLDER = Path(os.environ.get("PORTICO_SAMPLES", "/nonexistent"))
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="PORTICO_SAMPLES names no folder")

REGISTRY = Registry.load(frozenset())
SPECS = {one.spec.key: one.spec for one in REGISTRY.specs()}
NAMES = {
    "a": "urn:oasis:names:tc:SAML:2.0:assertion",
    "p": "urn:oasis:names:tc:SAML:2.0:protocol",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}
EDU = "urn:oid:1.3.6.1.4.1.5923.1.1.1.10"
TENANT, OBJECT = "a9054a0f-2011-4e31-b3ac-fd8c354146ec", "74a35d48-1914-4115-82f1-1b8a01449f3d"
ULYSSE = "ulysse.carion@codomaindata.com"
KEYCLOAK_ROLES = (
    "view-profile",
    "manage-account-links",
    "default-roles-master",
    "manage-account",
    "uma_authorization",
    "offline_access",
)

#: Response -> what the adapter says: a subject, or "!" and the code of its refusal.
OUTCOMES = {
    "adfs/gosaml2-adfs_response.b64": "paul@spstest2.com",
    "adfs/phpsaml-adfs_response.xml.base64": "!saml-signature",
    "adfs/ruby-adfs_response_sha1.xml": "!certificate-weak",
    "adfs/ruby-adfs_response_sha512.xml": "!certificate-weak",
    "adfs/ruby-unsigned_encrypted_adfs.xml": "!saml-decryption",
    "entra/entra-guest-response.xml": f"{TENANT}+{OBJECT}",
    "google/google-ssoready-response.xml": ULYSSE,
    "jumpcloud/jumpcloud-ssoready-response.xml": ULYSSE,
    "keycloak/keycloak-ssoready-response.xml": "!saml-authn-statement",
    "okta/crewjam-TestSPCanHandleOktaResponseEncryptedAssertionBothSigned-response.b64": "!saml-decryption",
    "okta/crewjam-TestSPCanHandleOktaResponseEncryptedSignedAssertion-response.b64": "!saml-decryption",
    "okta/crewjam-TestSPCanHandleOktaSignedResponseEncryptedAssertion-response.b64": "!saml-decryption",
    "okta/dex-assertion-signed.xml": "!saml-algorithm",
    "okta/dex-good-resp.xml": "!saml-algorithm",
    "okta/okta-encrypted-retrievalmethod-response.xml": "!saml-decryption",
    "okta/okta-ssoready-response.dedented.xml": ULYSSE,
    "okta/okta-ssoready-response.xml": "!saml-signature",
    "okta/pysaml2-okta-assertion.xml": "!saml-structure",
    "onelogin/gosaml2-olgn09_response_01.b64": "!saml-algorithm",
    "onelogin/gosaml2-olgn09_response_12.b64": "!saml-algorithm",
    "onelogin/gosaml2-olgn09_response_155.b64": "!saml-algorithm",
    "onelogin/onelogin-multi-values-response.xml": "!certificate-weak",
    "onelogin/onelogin-two-attrstatements-response.xml": "!certificate-weak",
    "ping/ping-ssoready-response.xml": "9e34fa21-4e8f-4dee-b565-648dbcf25eff",
    "shibboleth/crewjam-dfn-gcm-response.xml": "!saml-signature",
    "shibboleth/crewjam-samltest-artifactresponse.xml": "!saml-structure",
    "shibboleth/nodesaml-testshib-encrypted-response.xml": "!saml-decryption",
    "shibboleth/pac4j-ukamf-response.xml": "!not-a-certificate",
    "shibboleth/pysaml2-canarie-response.xml": "!saml-unsigned",
    "shibboleth/satosa-scg-response.xml": "!saml-decryption",
}

#: Response whose assertion is in clear -> source of the subject, the subject, and the profile by default rules.
ONELOGIN = Profile("user@saml.sp.nope", "First Last", "First", "Last", None, ("red", "green", "blue"), None)
PROFILES: dict[str, tuple[str, str, Profile]] = {
    "adfs/gosaml2-adfs_response.b64": (
        "NameID",
        "paul@spstest2.com",
        Profile("paul@spstest2.com", "paul fraley", "paul", "fraley"),
    ),
    "adfs/phpsaml-adfs_response.xml.base64": ("NameID", "hello@example.com", Profile("hello@example.com")),
    "adfs/ruby-adfs_response_sha1.xml": ("NameID", "hello@example.com", Profile("hello@example.com")),
    "adfs/ruby-adfs_response_sha512.xml": ("NameID", "hello@example.com", Profile("hello@example.com")),
    "entra/entra-guest-response.xml": (
        "tenantid+objectidentifier",
        f"{TENANT}+{OBJECT}",
        Profile(
            ULYSSE,
            "Ulysse Carion",
            "Ulysse",
            "Carion",
            "ulysse.carion_codomaindata.com#EXT#@ulyssecarioncodomaindata.onmicrosoft.com",
        ),
    ),
    "google/google-ssoready-response.xml": ("NameID", ULYSSE, Profile(ULYSSE)),
    "jumpcloud/jumpcloud-ssoready-response.xml": ("NameID", ULYSSE, Profile(ULYSSE)),
    "keycloak/keycloak-ssoready-response.xml": (
        "NameID",
        "ulysse.carion@ssoready.com",
        Profile("ulysse.carion@ssoready.com", roles=KEYCLOAK_ROLES),
    ),
    "okta/okta-ssoready-response.xml": ("NameID", ULYSSE, Profile(ULYSSE)),
    "okta/okta-ssoready-response.dedented.xml": ("NameID", ULYSSE, Profile(ULYSSE)),
    "okta/dex-good-resp.xml": (
        "NameID",
        "eric.chiang+okta@coreos.com",
        Profile("eric.chiang+okta@coreos.com", groups=("Everyone", "Admins")),
    ),
    "okta/pysaml2-okta-assertion.xml": ("NameID", "userName", Profile(None, "John Doe")),
    "onelogin/gosaml2-olgn09_response_01.b64": ("NameID", "user@saml.sp.nope", ONELOGIN),
    "onelogin/gosaml2-olgn09_response_12.b64": ("NameID", "user@saml.sp.nope", ONELOGIN),
    "onelogin/onelogin-multi-values-response.xml": (
        "NameID",
        "support@onelogin.com",
        Profile("support@onelogin.com", preferred_username="demo", roles=("role1", "role2", "role3")),
    ),
    "onelogin/onelogin-two-attrstatements-response.xml": (
        "NameID",
        "support@onelogin.com",
        Profile("support@onelogin.com", "bob smith", "bob", "smith", roles=("role1", "role2", "role3")),
    ),
    "ping/ping-ssoready-response.xml": ("NameID", "9e34fa21-4e8f-4dee-b565-648dbcf25eff", Profile()),
    "shibboleth/pac4j-ukamf-response.xml": (
        EDU,
        "o8WNXY3pMlSjaLHi6nOMzB+6NNA=",
        Profile(
            preferred_username="craig@test.ukfederation.org.uk",
            roles=("student@test.ukfederation.org.uk", "member@test.ukfederation.org.uk"),
        ),
    ),
    "shibboleth/pysaml2-canarie-response.xml": (
        EDU,
        "NRIvsX5gMK+TnqejcQP9jH8nTIk=",
        Profile("chris.phillips@canarie.ca"),
    ),
}

#: Metadata -> the adapter that knows it; documents that are not metadata of a provider are not here.
RECOGNIZED = {
    "adfs/adfs-v2-metadata.xml": "adfs-saml",
    "adfs/adfs-v3-metadata.xml": "adfs-saml",
    "adfs/adfs-v4-metadata.xml": "adfs-saml",
    "entra/entra-app-metadata.xml": "entra-saml",
    "federation/surfconext-metadata.xml": "saml",
    "federation/swamid-test-metadata.xml": "saml",
    "federation/ruby-idp_multiple_descriptors.xml": "saml",
    "generic/polis-example.xml": "saml",
    "generic/ruby-idp_descriptor.xml": "saml",
    "generic/ruby-idp_descriptor_2.xml": "saml",
    "generic/ruby-idp_descriptor_5.xml": "saml",
    "generic/secureworks-metadata.xml": "saml",
    "generic/uaa-vsphere-metadata.xml": "saml",
    "google/crewjam-TestSPCanHandlePlaintextResponse-metadata.xml": "google-saml",
    "google/google-ssoready-metadata.xml": "google-saml",
    "google/polis-boxyhq.xml": "google-saml",
    "jumpcloud/jumpcloud-ssoready-metadata.xml": "jumpcloud-saml",
    "keycloak/keycloak-ssoready-metadata.xml": "keycloak-saml",
    "malformed/crewjam-http_metadata_response.html": "saml",
    "malformed/okta-bad-certificate-metadata.xml": "okta-saml",
    "malformed/okta-bad-idp-entity-id-metadata.xml": "okta-saml",
    "multicert/phpsaml-idp_metadata_same_sign_and_encrypt_cert.xml": "onelogin-saml",
    "multicert/samlify-rollingcert.xml": "saml",
    "okta/crewjam-TestSPCanHandleOktaResponseEncryptedAssertionBothSigned-metadata.xml": "okta-saml",
    "okta/crewjam-TestSPCanHandleOktaSignedResponseEncryptedAssertion-metadata.xml": "okta-saml",
    "okta/okta-ssoready-metadata.xml": "okta-saml",
    "onelogin/crewjam-TestSPCanHandleOneloginResponse-metadata.xml": "onelogin-saml",
    "onelogin/phpsaml-idp_metadata.xml": "onelogin-saml",
    "onelogin/phpsaml-onelogin_metadata.xml": "onelogin-saml",
    "ping/ping-ssoready-metadata.xml": "ping-saml",
    "shibboleth/crewjam-samltest-metadata.xml": "shibboleth-saml",
    "shibboleth/crewjam-testshib-idp-metadata.xml": "shibboleth-saml",
    "shibboleth/phpsaml-shib_metadata.xml": "shibboleth-saml",
    "shibboleth/ruby-idp_descriptor_3.xml": "shibboleth-saml",
}


@pytest.fixture(scope="module")
def own_key() -> KeyPair:
    """Our key pair."""
    return make_key_pair("portico.example.com")


def spec_of(name: str) -> AdapterSpec:
    return SPECS[f"{name.split('/')[0]}-saml"]


def posted(path: Path) -> bytes:
    """The response as bytes; some samples are stored as base64, without padding."""
    raw = path.read_bytes()
    if raw.lstrip().startswith(b"<"):
        return raw
    text = re.sub(rb"\s", b"", raw)
    return base64.b64decode(text + b"=" * (-len(text) % 4))


def first(root: etree._Element, *paths: str) -> str | None:
    for path in paths:
        for found in root.xpath(path, namespaces=NAMES):
            return str(found)
    return None


def beside(path: Path, kind: str) -> Path | None:
    """The params or metadata that belong to a response."""
    stem = path.name.split("-response")[0].removesuffix("-guest")
    found = (path.parent / f"{stem}{infix}-{kind}" for infix in ("", "-app"))
    return next((one for one in found if one.exists()), None)


def settings_for(path: Path, root: etree._Element, key: KeyPair) -> dict[str, Any]:
    """What the customer would have given: the metadata beside it, else what the response names itself."""
    raw: dict[str, Any] = {"allow_idp_initiated": True, "encryption": "optional"}
    if metadata := beside(path, "metadata.xml"):
        known = SPECS[f"{path.parent.name}-saml"].settings
        parsed = SPECS["saml"].adapter.parse_metadata(metadata.read_bytes(), datetime(2023, 12, 1, tzinfo=UTC))  # type: ignore[attr-defined]
        names = {field.name for field in known}
        return raw | {name: value for name, value in parsed.entities[0].settings.items() if name in names}
    certificate = first(root, "//ds:Signature//ds:X509Certificate/text()")
    issuer = first(root, "//a:Assertion/a:Issuer/text()", "//a:Issuer/text()")
    own = {"idp_entity_id": issuer or "idp", "certificates": [certificate or key.certificate_pem]}
    return raw | own | {"sso_url": "https://idp.example.com/"}


def judge(name: str, key: KeyPair) -> ExternalIdentity | str:
    """What the adapter makes of the response, at the time and for the service provider that it was made for."""
    path, spec = FOLDER / name, spec_of(name)
    raw = posted(path)
    root = etree.fromstring(raw)
    now = datetime.fromisoformat(
        first(root, "//a:Assertion/@IssueInstant", "/p:Response/@IssueInstant") or "2024-01-01"
    )
    now = now if now.tzinfo else now.replace(tzinfo=UTC)
    audience = first(root, "//a:Audience/text()") or "https://sp.example.com"
    if params := beside(path, "params.json"):
        values = json.loads(params.read_text())
        audience, now = values["sp_entity_id"], datetime.fromisoformat(values["now"])
    request_id = first(root, "//a:SubjectConfirmationData/@InResponseTo", "/p:Response/@InResponseTo")
    acs = first(root, "//a:SubjectConfirmationData/@Recipient", "/p:Response/@Destination") or "https://sp.example.com"
    try:
        settings = spec.adapter.validate(settings_for(path, root, key), now)
    except SettingsError as error:
        return f"!{error.problems[0].code}"
    own = ServiceProvider(entity_id=audience, acs_url=acs, keys=(key,))
    context = AdapterContext("con-x", settings, own, now, os.urandom, FakeHttp(), MemoryCache(), lambda check: None)
    state = None if request_id is None else {"request_id": request_id}
    callback = Callback("POST", acs, "", (("SAMLResponse", base64.b64encode(raw).decode()),), state)
    try:
        return spec.adapter.complete(context, callback)
    except SignInRefused as refused:
        return f"!{refused.code}"


def rules_of(spec: AdapterSpec) -> Any:
    return merge_rules((), spec.claim_rules, DEFAULT_RULES)


@pytest.mark.parametrize("name", sorted(OUTCOMES))
def test_a_real_response_gives_its_person_or_a_clear_refusal(own_key, name):
    """The stable subject, and from verified ones the very profile of the other table."""
    found = judge(name, own_key)
    if isinstance(found, str):
        assert found == OUTCOMES[name]
        return
    assert found.subject == OUTCOMES[name]
    source, subject, profile = PROFILES[name]
    assert (found.subject_source, found.subject) == (source, subject)
    assert normalize(rules_of(spec_of(name)), found) == profile
    assert found.incomplete == frozenset()


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_the_default_rules_read_what_the_provider_sends(name):
    """E-mail, names, stable subject and groups, also of responses whose signature is not good any more."""
    spec = spec_of(name)
    root = etree.fromstring(posted(FOLDER / name))
    assertion = root if root.tag.endswith("}Assertion") else root.find(".//a:Assertion", NAMES)
    attributes = read_attributes(assertion)
    source = find_source(spec.adapter._policy.subject_sources, attributes)  # type: ignore[attr-defined]
    assert source is not None
    subject = "+".join(attributes[part][0] for part in source.attributes)
    identity = ExternalIdentity(subject, source.name, "idp", attributes, "id", datetime.now(UTC))
    assert (source.name, subject.strip(), normalize(rules_of(spec), identity)) == PROFILES[name]


def test_every_response_of_a_vendor_is_in_the_table():
    """A new sample fails until somebody says what it gives."""
    vendors = {key.removesuffix("-saml") for key in SPECS}
    for path in sorted(FOLDER.glob("*/*")):
        is_response = "response" in path.name or "assertion" in path.name or path.name.startswith("dex-good")
        if path.parent.name in vendors and is_response and not path.name.startswith("decoded-"):
            assert str(path.relative_to(FOLDER)) in OUTCOMES


def entities(name: str) -> Iterator[Clue]:
    """The providers in a document. Read here without judging keys and dates: an expired one is still somebody's."""
    root = etree.fromstring((FOLDER / name).read_bytes().removeprefix(b"\xef\xbb\xbf").strip())
    for entity in root.iter("{*}EntityDescriptor"):
        services = entity.findall(".//{*}IDPSSODescriptor/{*}SingleSignOnService")
        if services:
            yield Clue(entity_id=entity.get("entityID"), endpoints=tuple(one.get("Location") for one in services))


@pytest.mark.parametrize("name", sorted(RECOGNIZED))
def test_real_metadata_is_recognized_as_its_vendors_or_as_generic(name):
    """By entity ID or endpoints alone."""
    known = {recognize(REGISTRY.specs(), clue, "saml") for clue in entities(name)}
    if name.startswith("federation/"):
        assert known <= {"saml", "shibboleth-saml"}
    else:
        assert known == {RECOGNIZED[name]}


def test_every_other_document_is_generic_or_no_metadata():
    """What is in no table has nothing that an adapter would take for its own, and never raises."""
    for path in sorted(FOLDER.glob("*/*")):
        name = str(path.relative_to(FOLDER))
        if "metadata" not in path.name or name in RECOGNIZED or path.suffix == ".json":
            continue
        try:
            parsed = SPECS["saml"].adapter.parse_metadata(path.read_bytes(), datetime(2023, 1, 1, tzinfo=UTC))  # type: ignore[attr-defined]
        except MetadataError:
            continue
        clues = [Clue(entity_id=entity.entity_id) for entity in parsed.entities]
        assert {recognize(REGISTRY.specs(), clue, "saml") for clue in clues} == {"saml"}, name


@pytest.mark.parametrize(
    ("name", "subject", "email"),
    [
        (
            "oidc/entra-doc-v1-guest-id.json",
            "fa15d692-e9c7-4460-a743-29f2956fd429+05833b6b-aa1d-42d4-9ec0-1b2bb9194438",
            "abeli@microsoft.com",
        ),
        ("oidc/entra-v1-id-7.json", "268da1a1-9db4-48b9-b1fe-683250ba90cc+4e4c21cf-3559-4901-b4bb-79f30421f238", None),
        ("oidc/entra-v1-id-9.json", "add29489-7269-41f4-8841-b63c95564420+80027964-cd70-4f2c-9700-2c1a6db56ef6", None),
    ],
)
def test_a_real_id_token_gives_tenant_and_object_and_an_unverified_address(name, subject, email):
    """Decoded tokens of Entra ID, signed anew: their signatures are not there."""
    from portico_oidc.testing import World
    from portico_oidc.testing.provider import FakeProvider

    claims = json.loads((FOLDER / name).read_text())["payload"]
    spec = SPECS["entra-oidc"]
    provider = FakeProvider(claims["iss"])
    kept = {key: value for key, value in claims.items() if key not in {"aud", "exp", "iat", "nbf", "nonce", "c_hash"}}
    provider.claims = {"email": None, "email_verified": None, **kept}
    provider.discovery |= {"jwks_uri": f"{claims['iss']}/jwks"}
    world = World(provider=provider, adapter=spec.adapter)  # type: ignore[arg-type]
    identity = world.login()
    assert (identity.subject, identity.subject_source) == (subject, "tid+oid")
    profile = normalize(rules_of(spec), identity)
    assert profile.email == email
    assert profile.preferred_username == (claims.get("upn") or claims["unique_name"])
    assert identity.email_verified is (False if "idp" in claims else None)
