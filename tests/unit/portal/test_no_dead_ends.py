"""No page of the portal offers a way that its own link does not open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.support.certificates import make_certified
from tests.support.clock import SettableClock
from tests.support.visitor import Visitor
from tests.support.whole_app import whole_app

SETTINGS = {"idp_entity_id": "https://idp.halden.example", "sso_url": "https://idp.halden.example/sso"}
LINKS: dict[str, dict[str, Any]] = {
    "everything": {"features": ["sso", "domains"]},
    "sign-in": {"features": ["sso"]},
    "domains": {"features": ["domains"]},
    "renewal": {"features": ["certificates"]},
}
STEPS = ("domains", "test", "mapping", "activate", "step-check-values", "certificates")


@pytest.fixture
def portal_app(database_url: str, clock: SettableClock, tmp_path: Path) -> Iterator[Flask]:
    with whole_app(database_url, clock, tmp_path) as app:
        yield app


@pytest.fixture
def visitor(portal_app: Flask, clock: SettableClock) -> Visitor:
    """At an organization with an active connection, a draft beside it and a domain."""
    made = Visitor(portal_app, clock)
    certificates = [make_certified("idp.halden.example").certificate_pem]
    path = f"/organizations/{made.organization}"
    body = {"adapter": "okta-saml", "settings": {**SETTINGS, "certificates": certificates}}
    connection = made.api.ok("POST", f"{path}/connections", body)["id"]
    made.api.ok("POST", f"/connections/{connection}/activate", {"skip_test": True})
    more = {"certificates": [make_certified("next.halden.example").certificate_pem]}
    made.api.ok("POST", f"/connections/{connection}/certificates", more)
    made.api.ok("POST", f"{path}/domains", {"domain": "halden.example"})
    return made


def crawl(client: Any) -> dict[str, str]:
    """Follow every link from the start; returns those that lead nowhere, with the page that offers them."""
    seen, wanted, wrong = set[str](), [("/setup/", "")], {}
    while wanted:
        path, offered_by = wanted.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path)
        if answer.status_code in (302, 303):
            wanted.append((answer.headers["Location"], path))
        elif answer.status_code != 200:
            wrong[path] = f"{answer.status_code}, offered by {offered_by}"
        elif answer.mimetype == "text/html":
            links = re.findall(r'<a [^>]*href="(/setup/[^"#]*)"', answer.text)
            wanted.extend((link.replace("&amp;", "&"), path) for link in links)
    assert len(seen) > 1, seen
    return wrong


@pytest.mark.parametrize("kind", LINKS)
def test_every_way_that_is_offered_is_open(visitor: Visitor, kind: str) -> None:
    visitor.link(**LINKS[kind], contact="mira@halden.example")
    visitor.enter()
    assert crawl(visitor.client) == {}


@pytest.mark.parametrize("step", STEPS)
def test_a_colleague_is_offered_only_the_one_step(portal_app: Flask, visitor: Visitor, step: str) -> None:
    """Requirement 8."""
    visitor.link(features=["sso", "domains", "certificates"], contact="mira@halden.example")
    visitor.enter()
    made = visitor.post("/setup/colleague", status=200, step=step).text
    path = re.search(r"/setup/[A-Za-z0-9_-]{43}", made)
    assert path
    colleague = portal_app.test_client()
    assert colleague.post(path[0]).status_code == 303
    assert crawl(colleague) == {}
