"""Google Workspace over SAML, as section 4 of the provider facts has it."""

from __future__ import annotations

import pytest

from portico_google import SAML
from portico_saml.testing import Connection, IdentityProvider, make_key_pair
from portico_sdk import Clue, Failure

ISSUER = "https://accounts.google.com/o/saml2?idpid=C029op2ga"
SSO = "https://accounts.google.com/o/saml2/idp?idpid=C029op2ga"


@pytest.fixture(scope="module")
def google() -> IdentityProvider:
    """An account's provider."""
    return IdentityProvider.create(ISSUER)


def complete(connection: Connection, response: bytes):
    return SAML.adapter.complete(connection.context(SAML.adapter), connection.callback(response))


@pytest.mark.parametrize("signed", ["assertion", "response"])
def test_signed_response_on_and_off(google, signed):
    """With the tick the response is signed and the assertion is not."""
    connection = Connection.to(google, sso_url=SSO)
    answer = connection.answer(attributes=(("email", ("ada@example.com",)), ("lastName", ())))
    identity = complete(connection, google.respond(answer, signed=signed))
    assert identity.attributes["lastName"] == ()


def test_both_certificates_of_an_account_are_taken(google):
    """A new certificate is here before it is chosen there."""
    other = make_key_pair("google.example")
    certificates = [other.certificate_pem, google.key.certificate_pem]
    connection = Connection.to(google, sso_url=SSO, certificates=certificates)
    assert complete(connection, google.respond(connection.answer())).subject == "ada@example.com"


def test_there_is_no_metadata_url():
    """Google publishes none, so none is asked for."""
    assert "metadata_url" not in {field.name for field in SAML.settings}
    assert not any("metadata_url" in step.asks for step in SAML.setup_steps)


@pytest.mark.parametrize(
    ("clue", "ours"),
    [
        (Clue(entity_id=ISSUER), True),
        (Clue(entity_id="https://accounts.google.com/o/saml2", endpoints=(SSO,)), True),
        (Clue(text=SSO), True),
        (Clue(text="https://accounts.google.com.evil.example/o/saml2?idpid=C0"), False),
        (Clue(text="https://accounts.google.com/o/saml1"), False),
    ],
)
def test_its_addresses_are_recognized(clue, ours):
    """With and without the account's number."""
    assert SAML.adapter.recognize(clue) is ours


@pytest.mark.parametrize(
    ("said", "code", "place"),
    [
        ("403 app_not_configured", "google-unknown-app", "Service provider details"),
        ("Error: app_not_configured_for_user", "google-entity-id", "Service provider details"),
        ("403 app_not_enabled_for_user", "google-not-enabled", "User access"),
        ("400 duplicate entity id", "google-duplicate", "Web and mobile apps"),
        ("400 saml_invalid_sp_id", "google-acs-url", "Service provider details"),
        ("invalid ACS", "google-acs-url", "Service provider details"),
    ],
)
def test_every_code_of_the_table_is_explained(said, code, place):
    """Section 4; the codes stand on Google's own page."""
    found = SAML.adapter.explain(Failure("no-response", said))
    assert found is not None
    assert found.code == code
    assert place in found.where


@pytest.mark.parametrize(
    ("code", "explained"),
    [
        ("saml-audience", "audience"),
        ("saml-signature", "signature"),
        ("groups-missing", "groups"),
        ("no-response",) * 2,
    ],
)
def test_our_own_refusals_are_explained_in_its_words(code, explained):
    """Section 13."""
    found = SAML.adapter.explain(Failure(code))
    assert found is not None
    assert found.code == f"google-saml-{explained}"
