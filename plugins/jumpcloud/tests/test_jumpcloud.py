"""JumpCloud over both protocols, as section 6 of the provider facts has it."""

from __future__ import annotations

import pytest

from portico_jumpcloud import OIDC, SAML
from portico_oidc.testing import World
from portico_oidc.testing.provider import FakeProvider
from portico_saml.testing import Connection, IdentityProvider
from portico_sdk import BeginRequest, Clue, Failure, FormPost


def test_an_invented_entity_id_names_the_provider_of_this_connection():
    """Any text will do, and requests go by HTTP-POST."""
    jumpcloud = IdentityProvider.create("IdP Entity ID")
    connection = Connection.to(jumpcloud, sso_url="https://sso.jumpcloud.com/saml2/example")
    begun = SAML.adapter.begin(connection.context(SAML.adapter), BeginRequest(handle="h"))
    assert isinstance(begun.action, FormPost)
    response = jumpcloud.respond(connection.answer(), signed="assertion")
    identity = SAML.adapter.complete(connection.context(SAML.adapter), connection.callback(response))
    assert identity.issuer == "IdP Entity ID"


@pytest.mark.parametrize("configured", ["https://oauth.id.jumpcloud.com", "https://oauth.id.jumpcloud.com/"])
@pytest.mark.parametrize("said", ["https://oauth.id.jumpcloud.com", "https://oauth.id.jumpcloud.com/"])
def test_the_slash_at_the_end_of_the_issuer_does_not_matter(configured, said):
    """In discovery and token; the endpoints are whatever discovery says."""
    provider = FakeProvider("https://oauth.id.jumpcloud.com")
    provider.discovery["issuer"] = said
    provider.claims = {"iss": said}
    world = World(provider=provider, adapter=OIDC.adapter, changes={"issuer": configured})  # type: ignore[arg-type]
    assert world.login().issuer == configured


@pytest.mark.parametrize("said", ["https://oauth.id.jumpcloud.com//", "https://oauth.id.eu.jumpcloud.com", "x"])
def test_nothing_else_is_the_same(said):
    """Not another region either."""
    provider = FakeProvider("https://oauth.id.jumpcloud.com")
    provider.claims = {"iss": said}
    world = World(provider=provider, adapter=OIDC.adapter)  # type: ignore[arg-type]
    assert world.refusal() == "id-token-iss"


@pytest.mark.parametrize(
    ("clue", "saml", "oidc"),
    [
        (Clue(entity_id="IdP Entity ID", endpoints=("https://sso.jumpcloud.com/saml2/example",)), True, False),
        (Clue(endpoints=("https://sso.eu.jumpcloud.com/saml2/example",)), True, False),
        (Clue(text="https://oauth.id.jumpcloud.com/"), False, True),
        (Clue(entity_id="IdP Entity ID"), False, False),
    ],
)
def test_its_addresses_are_recognized(clue, saml, oidc):
    """By the endpoint: its entity ID is free text."""
    assert (SAML.adapter.recognize(clue), OIDC.adapter.recognize(clue)) == (saml, oidc)


def test_its_mistakes_are_explained():
    """Section 13."""
    for code, explained in (
        ("issuer-mismatch", "issuer"),
        ("no-response", "no-response"),
        ("groups-missing", "groups"),
    ):
        found = SAML.adapter.explain(Failure(code))
        assert found is not None
        assert found.code == f"jumpcloud-saml-{explained}"
