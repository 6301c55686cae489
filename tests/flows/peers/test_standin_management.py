"""The stand-in's Management API against what is recorded of Auth0's (facts about Auth0, sections 3 and 13)."""

from __future__ import annotations

from tests.support.auth0_tenant import Auth0Tenant


def test_it_answers(auth0_tenant: Auth0Tenant) -> None:
    """The smallest call."""
    assert auth0_tenant.ask("GET", "/connections") == []
