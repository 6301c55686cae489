"""Shibboleth, as section 8 of the provider facts has it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portico_saml.testing import Connection, IdentityProvider, make_key_pair
from portico_saml.testing.connections import NOW
from portico_sdk import Clue, Failure, SignInRefused
from portico_shibboleth import SAML

ISSUER = "https://idp.example.edu/idp/shibboleth"
SUBJECT_ID = "urn:oasis:names:tc:SAML:attribute:subject-id"
PAIRWISE_ID = "urn:oasis:names:tc:SAML:attribute:pairwise-id"
UNIQUE_ID = "urn:oid:1.3.6.1.4.1.5923.1.1.1.13"
TARGETED_ID = "urn:oid:1.3.6.1.4.1.5923.1.1.1.10"
PRINCIPAL = ("urn:oid:1.3.6.1.4.1.5923.1.1.1.6", ("ada@example.edu",))
TRANSIENT = {"Format": "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"}


@pytest.fixture(scope="module")
def shibboleth() -> IdentityProvider:
    """A university's provider."""
    return IdentityProvider.create(ISSUER)


@pytest.fixture
def connection(shibboleth) -> Connection:
    """A connection to it."""
    sso_url = "https://idp.example.edu/idp/profile/SAML2/Redirect/SSO"
    return Connection.to(shibboleth, sso_url=sso_url, encryption="optional")


def complete(connection: Connection, response: bytes):
    return SAML.adapter.complete(connection.context(SAML.adapter), connection.callback(response))


@pytest.mark.parametrize(
    ("names", "source"),
    [
        ((TARGETED_ID, UNIQUE_ID, PAIRWISE_ID, SUBJECT_ID), SUBJECT_ID),
        ((TARGETED_ID, UNIQUE_ID, PAIRWISE_ID), PAIRWISE_ID),
        ((TARGETED_ID, UNIQUE_ID), UNIQUE_ID),
        ((TARGETED_ID,), TARGETED_ID),
    ],
)
def test_the_best_lasting_name_identifies_a_person(connection, shibboleth, names, source):
    """In the order of the federations' own advice, beside a transient NameID."""
    attributes = tuple((name, (f"{name}@example.edu",)) for name in names)
    answer = connection.answer(name_id="_t1", name_id_attributes=TRANSIENT, attributes=(*attributes, PRINCIPAL))
    identity = complete(connection, shibboleth.respond(answer, signed="response"))
    assert (identity.subject, identity.subject_source) == (f"{source}@example.edu", source)


def test_a_principal_name_identifies_nobody(connection, shibboleth):
    """It may be given to another person; a transient NameID beside it does not help."""
    answer = connection.answer(name_id="_t1", name_id_attributes=TRANSIENT, attributes=(PRINCIPAL,))
    with pytest.raises(SignInRefused) as refused:
        complete(connection, shibboleth.respond(answer))
    assert refused.value.code == "saml-transient-subject"
    found = SAML.adapter.explain(Failure(refused.value.code))
    assert found is not None
    assert found.code == "shibboleth-subject"


def test_a_lasting_name_id_is_the_last_resort(connection, shibboleth):
    """Persistent, where no attribute names the person."""
    persistent = {"Format": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"}
    answer = connection.answer(name_id="p1", name_id_attributes=persistent, attributes=(PRINCIPAL,))
    assert complete(connection, shibboleth.respond(answer)).subject_source == "NameID"


@pytest.mark.parametrize(("scopes", "outcome"), [(["example.edu"], True), ([], True), (["other.edu", "edu"], False)])
def test_a_provider_speaks_only_for_its_own_scopes(connection, shibboleth, scopes, outcome):
    """`shibmd:Scope`: what identifies the person is refused, other scoped values are dropped."""
    chosen = replace(connection, raw_settings={**connection.raw_settings, "accepted_scopes": scopes})
    attributes = ((SUBJECT_ID, ("ada@example.edu",)), (PRINCIPAL[0], ("ada@evil.edu",)))
    response = shibboleth.respond(chosen.answer(attributes=attributes))
    if not outcome:
        with pytest.raises(SignInRefused) as refused:
            complete(chosen, response)
        assert refused.value.code == "saml-scope"
        return
    identity = complete(chosen, response)
    assert identity.attributes[PRINCIPAL[0]] == (() if scopes else ("ada@evil.edu",))


def test_scopes_are_read_from_metadata(shibboleth):
    """Those in plain text; a regular expression would have to be trusted to be a good one."""
    certificate = "".join(shibboleth.key.certificate_pem.split("\n")[1:-2])
    document = f"""<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{ISSUER}"
        xmlns:shibmd="urn:mace:shibboleth:metadata:1.0" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><IDPSSODescriptor
        protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><Extensions>
        <shibmd:Scope regexp="false">example.edu</shibmd:Scope><shibmd:Scope regexp="true">.*</shibmd:Scope>
        <shibmd:Scope> med.example.edu </shibmd:Scope></Extensions><KeyDescriptor><ds:KeyInfo><ds:X509Data>
        <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>
        <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
        Location="https://idp.example.edu/idp/profile/SAML2/Redirect/SSO"/></IDPSSODescriptor></EntityDescriptor>"""
    parsed = SAML.adapter.parse_metadata(document.encode(), NOW)  # type: ignore[attr-defined]
    settings = parsed.entities[0].settings
    assert settings["accepted_scopes"] == ["example.edu", "med.example.edu"]
    assert SAML.adapter.validate(settings, NOW)["accepted_scopes"] == ["example.edu", "med.example.edu"]


def test_our_metadata_offers_a_key_and_clear_assertions_are_refused(shibboleth):
    """Shibboleth encrypts, and refuses whoever offers no key."""
    default = Connection.to(shibboleth, sso_url="https://idp.example.edu/sso", keys=(make_key_pair("portico"),))
    context = default.context(SAML.adapter)
    assert b'use="encryption"' in SAML.adapter.service_provider_metadata(context)  # type: ignore[attr-defined]
    with pytest.raises(SignInRefused) as refused:
        complete(default, shibboleth.respond(default.answer(attributes=((SUBJECT_ID, ("ada@example.edu",)),))))
    assert refused.value.code == "saml-not-encrypted"


@pytest.mark.parametrize(
    ("clue", "ours"),
    [
        (Clue(text=ISSUER), True),
        (Clue(entity_id="https://x.example", endpoints=("https://x.example/idp/profile/SAML2/POST/SSO",)), True),
        (Clue(text="https://mdq.example.org/entities/x"), False),
    ],
)
def test_its_addresses_are_recognized(clue, ours):
    """A federation's address says nothing about the software."""
    assert SAML.adapter.recognize(clue) is ours


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (Failure("no-response", "Unsupported Request"), "shibboleth-unknown"),
        (Failure("saml-status", "answered Responder: Unable to encrypt assertion"), "shibboleth-encryption"),
        (Failure("claim-missing"), "shibboleth-saml-claim-missing"),
        (Failure("saml-signature"), "shibboleth-saml-signature"),
    ],
)
def test_its_mistakes_are_explained(failure, code):
    """Sections 8 and 13."""
    found = SAML.adapter.explain(failure)
    assert found is not None
    assert found.code == code
