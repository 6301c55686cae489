"""Okta over SAML, as section 1 of the provider facts has it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portico_okta import SAML
from portico_saml.testing import Connection, IdentityProvider
from portico_sdk import Clue, Failure, SignInRefused

ISSUER = "http://www.okta.com/exkdoocxa1VmjpXmX697"


@pytest.fixture(scope="module")
def okta() -> IdentityProvider:
    """An application of an Okta organization."""
    return IdentityProvider.create(ISSUER)


@pytest.fixture
def connection(okta) -> Connection:
    """A connection to it."""
    return Connection.to(okta, sso_url="https://acme.okta.com/app/acme_portico_1/exk1a2b3/sso/saml")


def complete(connection: Connection, response: bytes):
    return SAML.adapter.complete(connection.context(SAML.adapter), connection.callback(response))


def test_a_response_signed_twice_gives_its_attributes(connection, okta):
    """Okta signs response and assertion; names are those that the set-up lists."""
    attributes = (("email", ("Ada@Example.com",)), ("firstName", ("Ada",)), ("groups", ("Everyone", "Admins")))
    identity = complete(connection, okta.respond(connection.answer(attributes=attributes), signed="both"))
    assert (identity.subject, identity.subject_source) == ("ada@example.com", "NameID")
    assert identity.attributes["groups"] == ("Everyone", "Admins")


def test_an_operator_may_identify_people_by_user_id(connection, okta):
    """`user.id` never changes; a response without it is refused then, whatever the NameID says."""
    chosen = replace(connection, raw_settings={**connection.raw_settings, "subject_attribute": "userId"})
    identity = complete(chosen, okta.respond(chosen.answer(attributes=(("userId", ("00u1",)),))))
    assert (identity.subject, identity.subject_source) == ("00u1", "userId")
    with pytest.raises(SignInRefused) as refused:
        complete(chosen, okta.respond(chosen.answer()))
    assert refused.value.code == "saml-subject-attribute"


def test_only_an_operator_may_choose_what_identifies_people():
    """Changing it would make new people of everybody."""
    (field,) = [field for field in SAML.settings if field.name == "subject_attribute"]
    assert field.editable_by == "operator"


@pytest.mark.parametrize(
    "text",
    [
        ISSUER,
        "https://acme.okta.com/app/exk1a2b3/sso/saml/metadata",
        "https://acme.okta.com/app/acme_portico_1/exk1a2b3/sso/saml/metadata",
        "https://acme.oktapreview.com/app/exk1a2b3/sso/saml/metadata",
        "https://acme.okta-emea.com/app/exk1a2b3/sso/saml/metadata",
    ],
)
def test_oktas_addresses_are_recognized(text):
    """Metadata URLs in both forms, and the issuer."""
    assert SAML.adapter.recognize(Clue(text=text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://acme.okta.com.evil.example/app/exk1a2b3/sso/saml/metadata",
        "https://evil.example/?https://acme.okta.com/app/exk1a2b3/sso/saml/metadata",
        "http://www.okta.com/exkdoocxa1VmjpXmX697\n",
        "https://acme.okta.com/admin/app/exk1",
    ],
)
def test_other_addresses_are_not(text):
    """Forms match as a whole."""
    assert SAML.adapter.recognize(Clue(text=text)) is text.endswith("\n")  # blanks around a pasted text do not matter


@pytest.mark.parametrize(
    ("failure", "code", "place"),
    [
        (Failure("saml-audience"), "okta-saml-audience", "SAML Settings"),
        (Failure("saml-destination"), "okta-saml-destination", "SAML Settings"),
        (Failure("issuer-mismatch"), "okta-saml-issuer", "Sign On"),
        (Failure("saml-signature"), "okta-saml-signature", "Sign On"),
        (Failure("saml-unsigned"), "okta-saml-unsigned", "Show Advanced Settings"),
        (Failure("no-response"), "okta-saml-no-response", "Assignments"),
        (Failure("claim-missing"), "okta-saml-claim-missing", "Attribute Statements"),
        (Failure("groups-missing"), "okta-saml-groups", "Group Attribute Statements"),
        (Failure("scim-not-deactivated"), "okta-suspended", "Provisioning"),
        (Failure("saml-status", "answered Requester / InvalidNameIDPolicy"), "okta-saml-name-id", "SAML Settings"),
    ],
)
def test_okta_mistakes_are_explained_where_they_are_mended(failure, code, place):
    """Sections 1 and 13."""
    found = SAML.adapter.explain(failure)
    assert found is not None
    assert found.code == code
    assert place in found.where
