"""Entra ID over SAML, as section 2 of the provider facts has it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portico_entra import SAML
from portico_saml.testing import Connection, IdentityProvider
from portico_sdk import Clue, Failure, SettingsError, SignInRefused

TENANT = "a9054a0f-2011-4e31-b3ac-fd8c354146ec"
OID = "74a35d48-1914-4115-82f1-1b8a01449f3d"
ISSUER = f"https://sts.windows.net/{TENANT}/"
LOGIN = f"https://login.microsoftonline.com/{TENANT}/saml2"
IDENTITY = "http://schemas.microsoft.com/identity/claims"
XMLSOAP = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
GROUPS = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups"
NAMED = ((f"{IDENTITY}/tenantid", (TENANT,)), (f"{IDENTITY}/objectidentifier", (OID,)))


@pytest.fixture(scope="module")
def entra() -> IdentityProvider:
    """An application of a tenant."""
    return IdentityProvider.create(ISSUER)


@pytest.fixture
def connection(entra) -> Connection:
    """A connection to it."""
    return Connection.to(entra, sso_url=LOGIN)


def complete(connection: Connection, response: bytes):
    return SAML.adapter.complete(connection.context(SAML.adapter), connection.callback(response))


def test_tenant_and_object_id_name_a_person(connection, entra):
    """Never e-mail, UPN or NameID: each of them can be given to somebody else."""
    answer = connection.answer(name_id="ada@example.com", attributes=NAMED)
    identity = complete(connection, entra.respond(answer, signed="assertion"))
    assert (identity.subject, identity.subject_source) == (f"{TENANT}+{OID}", "tenantid+objectidentifier")
    assert identity.email_verified is None


@pytest.mark.parametrize(
    "attributes",
    [
        ((f"{XMLSOAP}/emailaddress", ("ada@example.com",)), (f"{XMLSOAP}/name", ("ada@example.com",))),
        NAMED[:1],
        NAMED[1:],
        (NAMED[0], (f"{IDENTITY}/objectidentifier", ("ada@example.com",))),
        (NAMED[0], (f"{IDENTITY}/objectidentifier", (OID, OID))),
    ],
    ids=["none", "no object", "no tenant", "no GUID", "two"],
)
def test_without_them_nobody_signs_in(connection, entra, attributes):
    """And the refusal says what to send, in Entra's words."""
    with pytest.raises(SignInRefused) as refused:
        complete(connection, entra.respond(connection.answer(attributes=attributes)))
    assert refused.value.code == "saml-subject-attribute"
    found = SAML.adapter.explain(Failure(refused.value.code, refused.value.detail))
    assert found is not None
    assert found.code == "entra-saml-person"


def test_no_setting_chooses_another_subject():
    """The generic adapter's `subject_attribute` is not there."""
    assert "subject_attribute" not in {field.name for field in SAML.settings}


def test_more_than_150_groups_are_unknown_groups(connection, entra):
    """Overage: a link stands in their place."""
    link = ("http://schemas.microsoft.com/claims/groups.link", ("https://graph.windows.net/x/getMemberObjects",))
    identity = complete(connection, entra.respond(connection.answer(attributes=(*NAMED, link))))
    assert identity.incomplete == {GROUPS}
    assert GROUPS not in identity.attributes
    found = SAML.adapter.explain(Failure("groups-incomplete"))
    assert found is not None
    assert "Groups assigned to the application" in found.fix


@pytest.mark.parametrize(
    ("home", "verified"),
    [(ISSUER, None), ("live.com", False), ("https://sts.windows.net/72f988bf-86f1-41af-91ab-2d7cd011db47/", False)],
)
def test_a_guests_address_is_not_verified(connection, entra, home, verified):
    """nOAuth: another organization wrote it."""
    attributes = (*NAMED, (f"{IDENTITY}/identityprovider", (home,)))
    identity = complete(connection, entra.respond(connection.answer(attributes=attributes)))
    assert identity.email_verified is verified


def test_an_identifier_that_is_no_address_comes_back_with_spn(connection, entra):
    """Accepted exactly so, and not for an identifier that is an address."""
    moved = replace(connection, raw_settings={**connection.raw_settings, "sp_entity_id": "my-app"})
    answer = moved.answer(attributes=NAMED, audiences=(("spn:my-app",),))
    assert complete(moved, entra.respond(answer)).subject


@pytest.mark.parametrize(
    "tenant", ["common", "organizations", "{tenantid}", "{tenant}", "9188040D-6c67-4c5b-b112-36a304b66dad"]
)
def test_a_shared_or_private_tenant_is_refused_with_an_explanation(connection, tenant):
    """`https://sts.windows.net/{tenant}/` is the shared document's template."""
    with pytest.raises(SettingsError) as refused:
        SAML.adapter.validate({"idp_entity_id": f"https://sts.windows.net/{tenant}/"}, connection.now)
    assert [(p.field, p.code) for p in refused.value.problems] == [("idp_entity_id", "issuer-shared")]


@pytest.mark.parametrize(
    ("clue", "ours"),
    [
        (Clue(entity_id=ISSUER), True),
        (Clue(endpoints=(LOGIN,)), True),
        (
            Clue(
                text=f"https://login.microsoftonline.com/{TENANT}/federationmetadata/2007-06/federationmetadata.xml?appid={OID}"
            ),
            True,
        ),
        (
            Clue(
                text="https://login.microsoftonline.com/contoso.com/FederationMetadata/2007-06/FederationMetadata.xml"
            ),
            True,
        ),
        (
            Clue(text=f"https://login.microsoftonline.us/{TENANT}/federationmetadata/2007-06/federationmetadata.xml"),
            True,
        ),
        (Clue(text=f"https://login.microsoftonline.com.evil.example/{TENANT}/saml2"), False),
        (Clue(entity_id="https://sts.windows.net/"), False),
    ],
)
def test_entras_addresses_are_recognized(clue, ours):
    """Tenant and application documents, in every cloud."""
    assert SAML.adapter.recognize(clue) is ours


ROWS = {
    "not-assigned": "50105",
    "unknown-application": "700016 650056 70001",
    "reply-url": "50011",
    "authn-context": "75011",
    "request-malformed": "75005 7500514 750054",
    "name-id-policy": "75016 90011",
    "request-destination": "75008",
    "signed-requests": "76021 76026",
    "request-id": "7500529",
    "no-certificate": "50003 50146",
    "name-id-empty": "501241",
    "another-tenant": "50020 50034 16000 90072 51004",
    "unknown-tenant": "90002 90038",
    "shared-authority": "50194",
    "consent": "65001 90094",
    "conditional-access": "53003 53000 50076 50079 530032",
    "no-session": "50058",
}


@pytest.mark.parametrize(("code", "number"), [(code, number) for code in ROWS for number in ROWS[code].split()])
def test_every_number_of_the_table_is_explained(code, number):
    """Section 2: in the message of a SAML status; the text around it does not matter."""
    said = (
        f"the identity provider answered Requester: AADSTS{number}: Anything. Trace ID: {TENANT} Correlation ID: {OID}"
    )
    found = SAML.adapter.explain(Failure("saml-status", said))
    assert found is not None
    assert found.code == f"entra-{code}"
    assert found.reference == f"Trace ID: {TENANT}"
    assert found.link.startswith("https://login.microsoftonline.com/error?code=")


def test_a_longer_number_is_another_error():
    """AADSTS500111 is not AADSTS50011."""
    found = SAML.adapter.explain(Failure("saml-status", "the identity provider answered Requester: AADSTS500111: x"))
    assert found is not None
    assert found.code == "saml-status"


@pytest.mark.parametrize(
    ("code", "explained", "place"),
    [
        ("saml-audience", "entra-saml-audience", "Basic SAML Configuration"),
        ("saml-recipient", "entra-saml-destination", "Basic SAML Configuration"),
        ("issuer-mismatch", "entra-saml-issuer", "SAML Certificates"),
        ("saml-signature", "entra-saml-signature", "SAML Certificates"),
        ("claim-missing", "entra-saml-claim-missing", "Attributes & Claims"),
        ("no-response", "entra-saml-no-response", "Users and groups"),
        ("scim-duplicated", "entra-scim-duplicated", "Mappings"),
    ],
)
def test_our_own_refusals_are_explained_in_entras_words(code, explained, place):
    """Section 13."""
    found = SAML.adapter.explain(Failure(code))
    assert found is not None
    assert found.code == explained
    assert place in found.where
