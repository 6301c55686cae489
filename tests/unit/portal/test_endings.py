"""Requirement 8: whoever does one part only sees what happened and whom to tell; no page is a dead end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app.database import transaction
from tests.support.certificates import make_certified
from tests.support.clock import SettableClock
from tests.support.databases import Databases
from tests.support.leftovers import find_leftovers
from tests.support.visitor import Visitor
from tests.support.whole_app import whole_app

SETTINGS = {"idp_entity_id": "https://idp.halden.example", "sso_url": "https://idp.halden.example/sso"}
TELL_MIRA = '<a href="mailto:mira@halden.example?subject='


@pytest.fixture(scope="module")
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture(scope="module")
def app(databases: Databases, clock: SettableClock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One for the module: every test has an organization of its own."""
    folder = tmp_path_factory.mktemp("app")
    with databases.database("sqlite") as url, whole_app(url, clock, folder) as made:
        yield made


@pytest.fixture
def mira(app: Flask, clock: SettableClock) -> Visitor:
    """Got the link for everything, and has a name among the contacts."""
    made = Visitor(app, clock, contact="mira@halden.example", features=["sso", "domains", "certificates"])
    (contact,) = made.api.ok("GET", f"/organizations/{made.organization}/contacts")["items"]
    made.api.ok("PATCH", f"/organizations/{made.organization}/contacts/{contact['id']}", {"name": "Mira Berg"})
    made.enter()
    return made


def pass_on(app: Flask, clock: SettableClock, mira: Visitor, step: str) -> Visitor:
    """A colleague at the link that Mira made for this step."""
    made = mira.post("/setup/colleague", status=200, step=step).text
    path = re.search(r"/setup/[A-Za-z0-9_-]{43}", made)
    assert path
    colleague = Visitor.__new__(Visitor)
    colleague.api, colleague.organization, colleague.client = mira.api, mira.organization, app.test_client()
    colleague.path = path[0]
    assert colleague.enter().status_code == 303
    return colleague


def ending(text: str) -> str:
    """What the page says at its end."""
    found = re.search(r'<div class="note" id="ending">(.*?)</div>', text, re.S)
    assert found, re.findall(r"<h1[^>]*>[^<]*", text)
    assert TELL_MIRA in found[1]
    return found[1]


def draft(mira: Visitor, **settings: Any) -> str:
    """A connection to be; returns the root of its pages."""
    root = mira.choose("saml")
    if settings:
        mira.api.ok("PATCH", f"/connections/{root.removeprefix('/setup/')}", {"settings": settings})
    return root


def test_8_domains_only(app: Flask, clock: SettableClock, mira: Visitor) -> None:
    """Before the record is found, and once every domain is verified."""
    colleague = pass_on(app, clock, mira, "domains")
    colleague.post("/setup/domains", "/setup/domains", domain="halden.example")
    assert "nothing is left to do" in ending(colleague.get("/setup/domains/halden.example"))
    api, path = mira.api, f"/organizations/{mira.organization}/domains"
    api.ok("DELETE", f"{path}/halden.example")
    api.ok("POST", path, {"domain": "halden.example", "verified": True})
    assert "Tell Mira Berg that the domain is verified. You can" in ending(
        colleague.get("/setup/domains/halden.example")
    )
    assert "Every domain is verified." in ending(colleague.get("/setup/domains"))
    colleague.client.set_cookie("portico-language", "de")
    german = colleague.get("/setup/domains")
    assert "Sagen Sie es Mira Berg" in ending(german)
    assert find_leftovers(german, "de", ()) == []


def test_8_one_certificate_only(app: Flask, clock: SettableClock, mira: Visitor) -> None:
    """The new one is in: testing it and putting it in place is not theirs."""
    root = draft(mira, **SETTINGS, certificates=[make_certified("idp").certificate_pem])
    mira.api.ok("POST", f"/connections/{root.removeprefix('/setup/')}/activate", {"skip_test": True})
    more = {"certificates": [make_certified("next").certificate_pem]}
    mira.api.ok("POST", f"/connections/{root.removeprefix('/setup/')}/certificates", more)
    colleague = pass_on(app, clock, mira, "certificates")
    assert "the new certificate is in" in ending(colleague.get(f"{root}/certificates"))


def test_8_the_test_only(app: Flask, clock: SettableClock, mira: Visitor) -> None:
    """Before there is anything to test. What comes after one is in test_requirements_visit.py."""
    root = draft(mira)
    colleague = pass_on(app, clock, mira, "test")
    assert "the provider's details are needed" in ending(colleague.get(f"{root}/test"))


def test_8_turning_on_only(app: Flask, clock: SettableClock, mira: Visitor) -> None:
    """Before a test passed; and when it is on the summary is shown, not a page that knows nothing of it."""
    root = draft(mira, **SETTINGS, certificates=[make_certified("idp").certificate_pem])
    colleague = pass_on(app, clock, mira, "activate")
    assert "a test has to pass" in ending(colleague.get(f"{root}/activate"))
    with app.app_context(), transaction():
        connections, identity = app.extensions["portico"].connections, root.removeprefix("/setup/")
        connections.note_tested(identity, connections.working_revision(identity), now=clock())
    sent = colleague.post(f"{root}/activate", f"{root}/activate")
    assert sent.headers["Location"] == f"{root}/done"
    assert "Tell Mira Berg that single sign-on is on." in ending(colleague.get(f"{root}/done"))


@pytest.mark.parametrize("step", ["step-create-application", "mapping", "step-check-values"])
def test_8_one_page_of_the_wizard_only(app: Flask, clock: SettableClock, mira: Visitor, step: str) -> None:
    """After saving: it is done, and who does the rest."""
    root = draft(mira, **SETTINGS, certificates=[make_certified("idp").certificate_pem])
    colleague = pass_on(app, clock, mira, step)
    page = f"{root}/{step}"
    sent = colleague.post(page, page, do="save", **{**SETTINGS} if "values" in step else {})
    assert sent.headers["Location"] == "/setup/thanks"
    assert "Tell Mira Berg that this step is done" in ending(colleague.get("/setup/thanks"))


def test_a_senders_name_is_text(app: Flask, clock: SettableClock, mira: Visitor) -> None:
    """Names are typed by customers."""
    path = f"/organizations/{mira.organization}/contacts"
    (contact,) = mira.api.ok("GET", path)["items"]
    mira.api.ok("PATCH", f"{path}/{contact['id']}", {"name": "<script>x</script> %(name)s"})
    root = draft(mira)
    shown = ending(pass_on(app, clock, mira, "test").get(f"{root}/test"))
    assert "<script" not in shown
    assert "&lt;script&gt;x&lt;/script&gt; %(name)s" in shown


def test_a_sender_without_a_name_is_whoever_sent_it(app: Flask, clock: SettableClock) -> None:
    """A link of an API key has no address to write to; the sentence still says whom to tell."""
    visitor = Visitor(app, clock, features=["domains"])
    visitor.enter()
    visitor.post("/setup/domains", "/setup/domains", domain="other.example")
    text = visitor.get("/setup/domains/other.example")
    assert 'id="ending"' in text
    assert "mailto:" not in text
