"""AD FS over SAML, as section 3 of the provider facts has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portico_adfs import SAML
from portico_adfs.claim_rules import ATTRIBUTES_RULE, NAME_ID_RULE
from portico_saml.testing import Connection, IdentityProvider
from portico_sdk import Clue, Failure, FormPost, SignInRefused

ISSUER = "http://adfs.example.com/adfs/services/trust"
SID = "S-1-5-21-1004336348-1177238915-682003330-512"
PERSISTENT = {"Format": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"}
PRIMARY_SID = "http://schemas.microsoft.com/ws/2008/06/identity/claims/primarysid"


@pytest.fixture(scope="module")
def adfs() -> IdentityProvider:
    """A farm."""
    return IdentityProvider.create(ISSUER)


@pytest.fixture
def connection(adfs) -> Connection:
    """A connection to it."""
    return Connection.to(adfs, sso_url="https://adfs.example.com/adfs/ls/")


def complete(connection: Connection, response: bytes):
    return SAML.adapter.complete(connection.context(SAML.adapter), connection.callback(response))


def test_the_rules_that_we_print_name_a_person_for_good(connection, adfs):
    """A security identifier as persistent NameID, signed in the assertion alone."""
    answer = connection.answer(name_id=SID, name_id_attributes=PERSISTENT)
    identity = complete(connection, adfs.respond(answer, signed="assertion"))
    assert (identity.subject, identity.subject_source) == (SID, "NameID")
    assert PRIMARY_SID in NAME_ID_RULE
    assert PERSISTENT["Format"] in NAME_ID_RULE


def test_the_attributes_rule_issues_what_the_claim_rules_read():
    """One source for both: no name in the printed rule is unknown to the mapping."""
    sources = {source for rule in SAML.claim_rules for source in rule.sources}
    types = ATTRIBUTES_RULE.split("types = (")[1].split(")")[0]
    issued = {line.strip().strip('",') for line in types.splitlines()}
    assert issued
    assert issued <= sources
    assert ATTRIBUTES_RULE.count("(") == ATTRIBUTES_RULE.count(")")
    assert NAME_ID_RULE.count("(") == NAME_ID_RULE.count(")")
    assert "http://schemas.xmlsoap.org/ws/2005/05/identity/claimproperties/format" in NAME_ID_RULE


def test_an_operator_may_choose_the_security_identifier_as_an_attribute(connection, adfs):
    """Where the NameID is an e-mail address, primarysid beside it is safer."""
    chosen = replace(connection, raw_settings={**connection.raw_settings, "subject_attribute": PRIMARY_SID})
    identity = complete(chosen, adfs.respond(chosen.answer(attributes=((PRIMARY_SID, (SID,)),))))
    assert (identity.subject, identity.subject_source) == (SID, PRIMARY_SID)


def test_a_sign_in_without_a_name_is_refused_and_the_missing_rule_named(connection, adfs):
    """AD FS sends no NameID unless a rule issues one."""
    with pytest.raises(SignInRefused) as refused:
        complete(connection, adfs.respond(connection.answer(name_id=None)))
    found = SAML.adapter.explain(Failure(refused.value.code, refused.value.detail))
    assert found is not None
    assert "rule" in found.causes[0]
    assert "Edit Claim Issuance Policy" in found.where


def test_a_server_whose_clock_is_three_minutes_fast_signs_in(connection, adfs):
    """NotBefore is now, without slack: the default skew covers it."""
    ahead = replace(connection, now=connection.now + timedelta(seconds=170))
    answer = ahead.answer()
    assert complete(connection, adfs.respond(answer)).subject


@pytest.mark.parametrize("binding", ["redirect", "post"])
def test_the_request_names_no_format_and_no_context(connection, binding):
    """MSIS7070 and people who signed in by Windows."""
    import base64

    from portico_sdk import BeginRequest

    chosen = replace(connection, raw_settings={**connection.raw_settings, "sso_binding": "post"})
    begun = SAML.adapter.begin(chosen.context(SAML.adapter), BeginRequest(handle="h"))
    assert isinstance(begun.action, FormPost)
    request = base64.b64decode(begun.action.fields["SAMLRequest"])
    assert b"NameIDPolicy" not in request
    assert b"RequestedAuthnContext" not in request


@pytest.mark.parametrize(
    ("clue", "ours"),
    [
        (Clue(entity_id=ISSUER), True),
        (Clue(endpoints=("https://adfs.example.com/adfs/ls/",)), True),
        (Clue(text="https://adfs.example.com/FederationMetadata/2007-06/FederationMetadata.xml"), True),
        (Clue(text="https://login.microsoftonline.com/FederationMetadata/2007-06/FederationMetadata.xml"), False),
        (Clue(text="https://example.com/?https://adfs.example.com/adfs/ls/"), False),
    ],
)
def test_the_addresses_are_recognized(clue, ours):
    """Entity ID with http, metadata, endpoint."""
    assert SAML.adapter.recognize(clue) is ours


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Requester / InvalidNameIDPolicy: MSIS7070: The SAML request contained a NameIDPolicy", "name-id-policy"),
        ("Requester / InvalidNameIDPolicy", "name-id-policy"),
        ("Event 321", "name-id-policy"),
        ("Event 378: SAML request is not signed with expected signature algorithm", "signature-algorithm"),
        ("Event 303: ID4037: The key needed to verify the signature could not be resolved", "request-signature"),
        ("Event ID 316", "certificate-chain"),
        ("Event 184: A token request was received for a relying party", "unknown-trust"),
        ("MSIS7007: the requested relying party trust is unspecified or unsupported", "unknown-trust"),
        ("MSIS3200: No AssertionConsumerService is configured", "endpoint"),
        ("MSIS7042: The same client browser session has made '6' requests in the last '1' seconds", "loop"),
        ("MSIS7012: An error occurred while processing the request", "loop"),
        ("MSIS5007: The caller authorization failed", "access-policy"),
        ("Responder / NoAuthnContext", "authn-context"),
        ("Event 364", "status"),
    ],
)
def test_every_event_of_the_table_is_explained(said, code):
    """Section 3: numbers in the message of a status, or read to us from the event log."""
    found = SAML.adapter.explain(Failure("saml-status", f"the identity provider answered {said}"))
    assert found is not None
    assert found.code == f"adfs-{code}"


@pytest.mark.parametrize(
    ("code", "explained", "place"),
    [
        ("saml-decryption", "adfs-encryption", "Encryption"),
        ("time-window", "adfs-time", "NotBeforeSkew"),
        ("issuer-mismatch", "adfs-saml-issuer", "Service"),
        ("saml-audience", "adfs-saml-audience", "Relying Party Trusts"),
        ("saml-signature", "adfs-saml-signature", "Certificates"),
        ("groups-missing", "adfs-saml-groups", "Edit Claim Issuance Policy"),
        ("metadata-unreachable", "adfs-saml-metadata-url", "Service"),
        ("no-response", "adfs-saml-no-response", "Edit Access Control Policy"),
    ],
)
def test_our_own_refusals_are_explained_in_its_words(code, explained, place):
    """Section 13."""
    found = SAML.adapter.explain(Failure(code))
    assert found is not None
    assert found.code == explained
    assert place in found.where
