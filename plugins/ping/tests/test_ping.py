"""Ping over both protocols, as section 7 of the provider facts has it."""

from __future__ import annotations

import pytest

from portico_ping import OIDC, SAML
from portico_saml.testing import Connection, IdentityProvider
from portico_sdk import Clue, Failure

ISSUER = "https://auth.pingone.eu/3030059e-440b-4ad0-9217-44326f1757f6"
USER = "9e34fa21-4e8f-4dee-b565-648dbcf25eff"


def test_a_name_without_format_that_stands_twice():
    """The user's UUID as NameID and as attribute."""
    ping = IdentityProvider.create(ISSUER)
    connection = Connection.to(ping, sso_url=f"{ISSUER}/saml20/idp/sso")
    answer = connection.answer(
        name_id=USER,
        name_id_attributes={},
        attributes=(("saml_subject", (USER,)),),
        session_not_on_or_after="2026-03-01T12:05:00Z",
    )
    response = ping.respond(answer, signed="assertion")
    identity = SAML.adapter.complete(connection.context(SAML.adapter), connection.callback(response))
    assert (identity.subject, identity.attributes["saml_subject"]) == (USER, (USER,))


@pytest.mark.parametrize(
    ("clue", "saml", "oidc"),
    [
        (Clue(entity_id=ISSUER), True, False),
        (Clue(text=f"{ISSUER}/saml20/metadata/{USER}"), True, False),
        (Clue(text="https://sso.example.com:9031/pf/federation_metadata.ping?PartnerSpId=x"), True, False),
        (Clue(endpoints=("https://sso.example.com/idp/SSO.saml2",)), True, False),
        (Clue(text=f"{ISSUER}/as"), False, True),
        (Clue(text=f"{ISSUER}/as/.well-known/openid-configuration"), False, True),
        (Clue(text="https://auth.pingone.evil/3030059e-440b-4ad0-9217-44326f1757f6"), False, False),
    ],
)
def test_its_addresses_are_recognized(clue, saml, oidc):
    """PingOne in its regions, PingFederate by its paths."""
    assert (SAML.adapter.recognize(clue), OIDC.adapter.recognize(clue)) == (saml, oidc)


def test_its_mistakes_are_explained():
    """Section 13: the switch that is off at first."""
    found = SAML.adapter.explain(Failure("no-response"))
    assert found is not None
    assert "switch" in found.causes[0]
    found = OIDC.adapter.explain(Failure("issuer-mismatch"))
    assert found is not None
    assert found.code == "ping-oidc-issuer"
