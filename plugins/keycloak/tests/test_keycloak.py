"""Keycloak over both protocols, as section 9 of the provider facts has it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from portico_keycloak import OIDC, SAML
from portico_oidc.testing import World
from portico_saml.testing import Connection, IdentityProvider, MemoryCache, make_key_pair
from portico_sdk import BeginRequest, Clue, Failure, Redirect, SignInRefused

REALM = "https://keycloak.example.com/realms/example"


@pytest.fixture(scope="module")
def keycloak() -> IdentityProvider:
    """A realm."""
    return IdentityProvider.create(REALM)


@pytest.fixture
def connection(keycloak) -> Connection:
    """A connection to it, with a key of our own."""
    return Connection.to(keycloak, sso_url=f"{REALM}/protocol/saml", keys=(make_key_pair("portico.example.com"),))


def complete(connection: Connection, response: bytes):
    return SAML.adapter.complete(connection.context(SAML.adapter), connection.callback(response))


def test_requests_are_signed_unless_somebody_switches_it_off(connection):
    """Client signature required is on by default there."""
    begun = SAML.adapter.begin(connection.context(SAML.adapter), BeginRequest(handle="h"))
    assert isinstance(begun.action, Redirect)
    assert {"SigAlg", "Signature"} <= parse_qs(urlsplit(begun.action.url).query).keys()
    raw = {**connection.raw_settings, "sign_requests": False}
    off = replace(connection, raw_settings=raw, cache=MemoryCache())
    begun = SAML.adapter.begin(off.context(SAML.adapter), BeginRequest(handle="h"))
    assert isinstance(begun.action, Redirect)
    assert "Signature" not in begun.action.url


def test_repeated_attributes_are_one_list(connection, keycloak):
    """One Attribute for each role."""
    answer = connection.answer(attributes=tuple(("Role", (role,)) for role in ("a", "b", "c")))
    identity = complete(connection, keycloak.respond(answer, signed="assertion"))
    assert identity.attributes["Role"] == ("a", "b", "c")


def test_a_missing_authn_statement_is_refused_and_its_switch_named(connection, keycloak):
    """Include AuthnStatement off."""
    with pytest.raises(SignInRefused) as refused:
        complete(connection, keycloak.respond(connection.answer(authn_statements=0)))
    found = SAML.adapter.explain(Failure(refused.value.code))
    assert found is not None
    assert "Include AuthnStatement" in found.fix


@pytest.mark.parametrize(
    ("text", "saml", "oidc"),
    [
        (REALM, True, True),
        ("https://keycloak.example.com/auth/realms/example", True, True),
        (f"{REALM}/protocol/saml/descriptor", True, False),
        (f"{REALM}/.well-known/openid-configuration", True, True),
        ("https://keycloak.example.com/realms/", False, False),
        ("https://example.com/a/b/c/realms/x", False, False),
    ],
)
def test_realms_are_recognized(text, saml, oidc):
    """With and without /auth."""
    assert SAML.adapter.recognize(Clue(text=text)) is saml
    assert OIDC.adapter.recognize(Clue(text=text)) is oidc


def test_groups_and_roles_come_with_the_id_token():
    """Groups as a mapper writes them, realm roles from their object."""
    world = World(adapter=OIDC.adapter)  # type: ignore[arg-type]
    world.provider.claims = {"groups": ["/staff"], "realm_access": {"roles": ["admin"]}}
    identity = world.login()
    assert identity.attributes["groups"] == ("/staff",)
    assert identity.attributes["realm_access.roles"] == ("admin",)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Invalid requester", "keycloak-signature-required"),
        ("invalid_signature", "keycloak-signature-required"),
        ("Invalid redirect uri", "keycloak-redirect-uri"),
        ("Invalid parameter: redirect_uri", "keycloak-redirect-uri"),
        ("Client not found", "keycloak-client-not-found"),
    ],
)
def test_every_error_of_the_table_is_explained(said, code):
    """Section 9; they stand on Keycloak's own page and in its events."""
    for spec, own in ((SAML, "no-response"), (SAML, "saml-status"), (OIDC, "provider-error")):
        found = spec.adapter.explain(Failure(own, said))
        assert found is not None
        assert found.code == code
