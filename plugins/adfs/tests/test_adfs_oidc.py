"""AD FS over OpenID Connect, as section 3 of the provider facts has it."""

from __future__ import annotations

import pytest

from portico_adfs import OIDC
from portico_oidc.testing import World
from portico_oidc.testing.provider import FakeProvider
from portico_sdk import Clue, Failure, Redirect

ISSUER = "https://adfs.example.com/adfs"


@pytest.fixture
def world() -> World:
    """A whole sign-in at a farm that is as sparing as AD FS is."""
    provider = FakeProvider(ISSUER)
    provider.claims = {"email": None, "email_verified": None, "upn": "ada@corp.example", "unique_name": "CORP\\ada"}
    provider.userinfo = None
    world = World(provider=provider, adapter=OIDC.adapter)  # type: ignore[arg-type]
    world.changes = {"resource": "https://portico.example.com/"}
    return world


def test_the_request_names_the_web_api_and_wants_a_form(world):
    """`resource` is not the client ID; the answer comes by form_post."""
    begun = world.begin()
    assert isinstance(begun.action, Redirect)
    assert "resource=https%3A%2F%2Fportico.example.com%2F" in begun.action.url
    assert "response_mode=form_post" in begun.action.url
    assert "scope=openid+allatclaims" in begun.action.url


def test_userinfo_is_not_asked(world):
    """It would answer MSIS9921, and says nothing more anyway."""
    callback = world.provider.sign_in(world.begin(), method="POST")
    identity = world.complete(callback)
    assert identity.attributes["upn"] == ("ada@corp.example",)
    assert identity.email_verified is None


def test_an_auth_time_in_a_string_is_taken(world):
    """Some versions write it so."""
    world.provider.claims["auth_time"] = str(int(world.now.timestamp()))
    assert world.login().authenticated_at == world.now


@pytest.mark.parametrize(("text", "ours"), [(ISSUER, True), (f"{ISSUER}/", True), ("https://example.com/adfs2", False)])
def test_issuers_are_recognized(text, ours):
    """Also by the address of the discovery document."""
    assert OIDC.adapter.recognize(Clue(text=text)) is ours
    assert OIDC.adapter.recognize(Clue(text=f"{text.rstrip('/')}/.well-known/openid-configuration")) is ours


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (Failure("userinfo-refused", "MSIS9921: Received invalid UserInfo request"), "adfs-userinfo"),
        (Failure("userinfo-refused", "status 401"), "adfs-oidc-userinfo"),
        (Failure("provider-error", "invalid_resource: MSIS9602"), "adfs-resource"),
        (Failure("token-refused", "invalid_client: MSIS9622"), "adfs-client"),
        (Failure("provider-error", "invalid_request: MSIS9224: redirect_uri"), "adfs-endpoint"),
        (Failure("provider-error", "access_denied: MSIS5007"), "adfs-access-policy"),
        (Failure("provider-error", "access_denied: MSIS7042"), "adfs-loop"),
        (Failure("claim-missing"), "adfs-oidc-claim-missing"),
        (Failure("issuer-mismatch"), "adfs-oidc-issuer"),
    ],
)
def test_its_errors_are_explained(failure, code):
    """Sections 3 and 13."""
    found = OIDC.adapter.explain(failure)
    assert found is not None
    assert found.code == code
