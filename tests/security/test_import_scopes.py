"""An import makes organizations, connections and domains: no key does by it what it may not do otherwise (row T9)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.auth0.importing.report import write_lines
from tests.support.clock import SettableClock
from tests.support.whole_app import Api, whole_app

BODY: dict[str, Any] = {
    "tenant": "acme.eu.auth0.com",
    "vouch_domains": True,
    "connections": [
        {"name": "a", "strategy": "oidc", "options": {"client_id": "c", "domain_aliases": ["owned-by-a.com"]}}
    ],
}
ALL = ("auth0:write", "organizations:write", "connections:write", "domains:write")


@pytest.mark.parametrize("lacking", ALL)
def test_running_an_import_needs_every_scope_of_what_it_makes(
    database_url: str, clock: SettableClock, tmp_path: Path, lacking: str
) -> None:
    with whole_app(database_url, clock, tmp_path) as app:
        api = Api(app, clock, *(scope for scope in ALL if scope != lacking))
        status, problem = api.refused("POST", "/auth0/imports", BODY)
        assert (status, problem["code"]) == (403, "insufficient-scope")
        assert lacking in problem["detail"]
        assert Api(app, clock, "organizations:read").ok("GET", "/organizations")["items"] == []
        assert Api(app, clock, *ALL).ok("POST", "/auth0/imports", BODY)["outcomes"] == {"created": 1}


def test_a_report_does_not_steer_the_readers_terminal() -> None:
    """Names come from customers' providers and tenants."""
    row = {
        "name": "a",
        "strategy": "oidc",
        "customer": "Evil \x1b]0;owned\x07",
        "verdict": "nothing",
        "outcome": "planned",
    }
    more: dict[str, Any] = {"must_change": "\x9b2J", "confirm": ["\r\n"], "carries": [], "lost": [], "certificates": []}
    counts = {"nothing": 1, "one-thing": 0, "new-setup": 0, "not-migratable": 0}
    report = {"tenant": "t", "customers": counts, "connections": [{**row, **more, "notes": [], "connection_id": None}]}
    assert all(line.isprintable() for line in write_lines(report))
