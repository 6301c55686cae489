"""Okta over OpenID Connect, as section 1 of the provider facts has it."""

from __future__ import annotations

import pytest

from portico_oidc.testing import World
from portico_okta import OIDC
from portico_sdk import Clue, Failure, Redirect


@pytest.fixture
def world() -> World:
    """A whole sign-in at an Okta organization."""
    return World(adapter=OIDC.adapter)  # type: ignore[arg-type]


def test_groups_are_asked_for_and_come_in_the_id_token(world):
    """The organization's own server releases them for the scope `groups`."""
    begun = world.begin()
    assert isinstance(begun.action, Redirect)
    assert "scope=openid+profile+email+groups" in begun.action.url
    world.provider.claims = {"groups": ["Everyone"]}
    identity = world.login()
    assert identity.attributes["groups"] == ("Everyone",)
    assert identity.incomplete == frozenset()
    assert identity.subject_source == "sub"


def test_a_hundred_groups_are_unknown_groups(world):
    """Okta cuts at 100: nobody may lose a group by that."""
    world.provider.claims = {"groups": [f"g{n}" for n in range(100)]}
    identity = world.login()
    assert identity.incomplete == {"groups"}
    assert "groups" not in identity.attributes
    found = OIDC.adapter.explain(Failure("groups-incomplete"))
    assert found is not None
    assert found.code == "okta-oidc-groups"
    assert "100" in found.causes[0]


def test_okta_is_asked_for_nothing_it_does_not_know(world):
    """No domain_hint, which is Microsoft's."""
    world.changes = {"domain_hint": "example.com"}
    begun = world.begin()
    assert isinstance(begun.action, Redirect)
    assert "domain_hint" not in begun.action.url


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("https://acme.okta.com", True),
        ("https://acme.okta.com/", True),
        ("https://acme.oktapreview.com/oauth2/default", True),
        ("https://acme.okta.com/oauth2/aus1/.well-known/openid-configuration", True),
        ("https://acme.okta.com.evil.example", False),
        ("https://acme.example.com", False),
    ],
)
def test_issuers_are_recognized(text, ours):
    """Both kinds of authorization server; custom domains stay generic."""
    assert OIDC.adapter.recognize(Clue(text=text)) is ours


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (Failure("provider-error", "access_denied: User is not assigned to the client application."), "not-assigned"),
        (Failure("provider-error", "access_denied: Policy evaluation failed for this request"), "okta-access-policy"),
        (Failure("token-refused", "invalid_client: The client secret supplied is invalid"), "secret"),
        (Failure("outbound-document", "https://a.okta.com/oauth2/default/x answered 404"), "okta-no-server"),
        (Failure("issuer-mismatch"), "issuer"),
        (Failure("no-response"), "no-response"),
    ],
)
def test_okta_mistakes_are_explained(failure, code):
    """Sections 1 and 13."""
    found = OIDC.adapter.explain(failure)
    assert found is not None
    assert found.code in (code, f"okta-oidc-{code}")
