"""A tenant's configuration: what Auth0's Management API would refuse is refused here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app.demo.standin.settings import parse_tenant
from app.demo.standin.tenant.options import ALIASES
from app.demo.standin.tenant.state import Tenant


def tenant(**connection: Any) -> dict[str, Any]:
    base = {"name": "portico", "discovery_url": "https://sso.example.com", "client_id": "c"}
    return {"base_url": "https://t.example", "applications": [], "connection": base | connection}


@pytest.mark.parametrize("alias", ["organization", "connection", "invitation", "state", "ext-x", "scope"])
def test_what_is_not_an_alias_cannot_be_forwarded(alias: str) -> None:
    """Section 1: only the fixed list of names may stand as an alias."""
    assert alias not in ALIASES
    with pytest.raises(ValueError, match="cannot be forwarded"):
        parse_tenant(tenant(upstream_params={"x": {"alias": alias}}))


def test_a_parameter_has_an_alias_or_a_value() -> None:
    """Neither and both are mistakes."""
    for entry in ({}, {"alias": "prompt", "value": "x"}):
        with pytest.raises(ValueError, match="an alias or a value"):
            parse_tenant(tenant(upstream_params={"x": entry}))


def test_algorithms_and_scope_are_checked() -> None:
    """HS256 is no choice; openid must be in the scope."""
    with pytest.raises(ValueError, match="algs"):
        parse_tenant(tenant(algorithms=["HS256"]))
    with pytest.raises(ValueError, match="openid"):
        parse_tenant(tenant(scope="profile"))


def test_the_issuer_of_a_tenant_ends_with_a_slash() -> None:
    """Auth0's issuer is its domain with a slash; the callback has none."""
    made = Tenant(parse_tenant(tenant()).base_url, lambda: datetime.now(UTC), lambda size: b"r" * size)
    assert (made.issuer, made.callback_url) == ("https://t.example/", "https://t.example/login/callback")
