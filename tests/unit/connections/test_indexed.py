"""Every lookup of a login goes through an index, however many customers there are (issue 12: 10,000 connections)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app.access import find_client, verify_api_key, verify_client_secret
from app.cipher import Cipher
from app.database import db
from app.errors import NotFound
from app.organizations import find_domain_owner, find_domain_standing, find_organization_by_selector
from tests.support.clock import SettableClock
from tests.support.customers import connections_of

NOW = SettableClock()()
LOOKUPS: dict[str, Callable[[Any], object]] = {
    "open": lambda connections: connections.open("con-x"),
    "find_route": lambda connections: connections.find_route("con-x"),
    "active_of": lambda connections: connections.active_of("org-x"),
    "domain owner": lambda _: find_domain_owner("acme.example"),
    "domain standing": lambda _: find_domain_standing("acme.example", "org-x"),
    "by slug": lambda _: find_organization_by_selector("slug", "x"),
    "by external id": lambda _: find_organization_by_selector("external_id", "x"),
    "client": lambda _: find_client("cli-x"),
    "client secret": lambda _: verify_client_secret("cli-x", "s", now=NOW),
    "api key": lambda _: verify_api_key("portico_key_x", now=NOW),
}


@pytest.mark.parametrize("name", LOOKUPS)
def test_no_lookup_of_a_login_reads_a_whole_table(name: str, app_context: Flask, cipher: Cipher) -> None:
    """authorize at 10,000 connections within 1.2 times of 10."""
    sent: list[tuple[str, Any]] = []

    def note(_conn: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        sent.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        LOOKUPS[name](connections_of(cipher))
    except NotFound:
        pass
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert sent
    for statement, parameters in sent:
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        assert not [step for step in plan if str(step[3]).startswith("SCAN")], (statement, plan)
