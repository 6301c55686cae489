"""Shibboleth, as section 8 of the provider facts has it."""

from __future__ import annotations

import pytest

from portico_saml.testing import Connection, IdentityProvider, make_key_pair
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
