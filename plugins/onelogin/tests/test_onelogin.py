"""OneLogin over both protocols, as section 5 of the provider facts has it."""

from __future__ import annotations

import pytest

from portico_onelogin import OIDC, SAML
from portico_saml.testing import Connection, IdentityProvider
from portico_sdk import Clue, Failure, SignInRefused

ISSUER = "https://app.onelogin.com/saml/metadata/503983"
UUID = "https://example.onelogin.com/saml/metadata/1a2b3c4d-0000-0000-0000-000000000000"


def test_a_response_signed_alone_gives_its_attributes():
    """The names that the connector uses, and a multi-value parameter joined by semicolons stays as sent."""
    onelogin = IdentityProvider.create(ISSUER)
    connection = Connection.to(onelogin, sso_url="https://example.onelogin.com/trust/saml2/http-redirect/sso/1")
    answer = connection.answer(attributes=(("User.email", ("ada@example.com",)), ("memberOf", ("a;b",))))
    response = onelogin.respond(answer, signed="response")
    identity = SAML.adapter.complete(connection.context(SAML.adapter), connection.callback(response))
    assert identity.attributes["memberOf"] == ("a;b",)
    empty = onelogin.respond(connection.answer(recipient=None))
    with pytest.raises(SignInRefused) as refused:
        SAML.adapter.complete(connection.context(SAML.adapter), connection.callback(empty))
    found = SAML.adapter.explain(Failure(refused.value.code))
    assert found is not None
    assert found.causes[0] == "Recipient was left empty."


@pytest.mark.parametrize(
    ("clue", "saml", "oidc"),
    [
        (Clue(text=ISSUER), True, False),
        (Clue(entity_id=UUID), True, False),
        (Clue(endpoints=("https://app.onelogin.com/trust/saml2/http-post/sso/503983",)), True, False),
        (Clue(text="https://example.onelogin.com/oidc/2"), False, True),
        (Clue(text="https://example.onelogin.com.evil.example/oidc/2"), False, False),
    ],
)
def test_its_addresses_are_recognized(clue, saml, oidc):
    """The Issuer URL is both entity ID and metadata URL."""
    assert (SAML.adapter.recognize(clue), OIDC.adapter.recognize(clue)) == (saml, oidc)


@pytest.mark.parametrize(
    ("code", "explained"),
    [
        ("saml-algorithm", "onelogin-saml-algorithm"),
        ("claim-missing", "onelogin-saml-claim-missing"),
        ("no-response", "onelogin-saml-no-response"),
        ("scim-not-deactivated", "onelogin-scim"),
    ],
)
def test_its_mistakes_are_explained(code, explained):
    """Section 13."""
    found = SAML.adapter.explain(Failure(code))
    assert found is not None
    assert found.code == explained
