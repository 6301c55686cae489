"""Every page of the portal renders, for SAML and OpenID Connect, and each POST is protected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.support.certificates import make_certified
from tests.support.clock import SettableClock
from tests.support.visitor import Visitor
from tests.support.whole_app import whole_app


@pytest.fixture
def portal_app(database_url: str, clock: SettableClock, tmp_path: Path) -> Iterator[Flask]:
    with whole_app(database_url, clock, tmp_path) as app:
        yield app


PAGES = ("tasks", "mapping", "test", "activate", "overview", "guide")


@pytest.mark.parametrize(
    "adapter", ["okta-saml", "entra-saml", "entra-oidc", "adfs-saml", "google-saml", "saml", "oidc"]
)
def test_every_page_renders(portal_app: Flask, clock: SettableClock, adapter: str) -> None:
    """One h1, and no missing value (templates are strict)."""
    visitor = Visitor(portal_app, clock)
    assert "form" in visitor.get(visitor.path)
    visitor.enter()
    for path in ("/setup/", "/setup/provider", "/setup/domains", "/setup/contacts", "/setup/code", "/setup/colleague"):
        visitor.get(path)
    root = visitor.choose(adapter)
    steps = re.findall(rf'href="({root}/step-[a-z-]+)"', visitor.get(f"{root}/tasks"))
    assert len(steps) >= 3
    pages = [f"{root}/{name}" for name in PAGES] + steps
    pages += [f"{root}/certificates"] if adapter.endswith("saml") else []
    for path in pages:
        text = visitor.get(path)
        assert text.count("<h1") == 1, path
        assert '<html lang="en"' in text
    visitor.post("/setup/domains", domain="halden.example")
    visitor.get("/setup/domains/halden.example")
    visitor.get("/setup/domains")


def test_looking_at_a_link_changes_nothing_and_its_token_leaves_the_address(
    portal_app: Flask, clock: SettableClock
) -> None:
    """Requirement 3: scanners look; Continue answers 303 to a clean address with a cookie."""
    visitor = Visitor(portal_app, clock, single_use=True)
    visitor.get(visitor.path)
    visitor.get(visitor.path)
    entered = visitor.enter()
    assert (entered.status_code, entered.headers["Location"]) == (303, "/setup/")
    assert visitor.client.get("/setup/").headers["Referrer-Policy"] == "no-referrer"
    second = portal_app.test_client().post(visitor.path)
    assert second.status_code == 410
    assert "Halden" not in second.text


def test_a_link_that_is_over_says_why_and_asks_for_a_new_one(portal_app: Flask, clock: SettableClock) -> None:
    """Requirement 2: 410, which of the three, a button that tells the operators, and no organization's name."""
    visitor = Visitor(portal_app, clock)
    clock.advance(8 * 86_400)
    text = visitor.get(visitor.path, 410)
    assert "has expired" in text
    assert "Halden" not in text
    assert visitor.client.post(f"{visitor.path}/ask").status_code == 200
    notices = visitor.api.ok("GET", "/notices")["items"]
    assert [one["kind"] for one in notices] == ["link-requested"]


def test_no_form_of_another_page_is_taken(portal_app: Flask, clock: SettableClock) -> None:
    """Every POST needs the token of this visit, and none is taken from another site."""
    visitor = Visitor(portal_app, clock)
    visitor.enter()
    assert visitor.client.post("/setup/provider", data={"provider": "saml"}).status_code == 403
    assert visitor.client.post("/setup/provider", data={"provider": "saml", "csrf_token": "0" * 64}).status_code == 403
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert visitor.client.post(visitor.path, headers=foreign).status_code == 403


def test_one_organizations_link_opens_nothing_of_anothers(portal_app: Flask, clock: SettableClock) -> None:
    """Row T9: pages of another's connection and domain are not there."""
    one, other = Visitor(portal_app, clock), Visitor(portal_app, clock)
    one.enter()
    other.enter()
    root = one.choose("okta-saml")
    for page in (*PAGES, "certificates", "step-create-app"):
        other.get(f"{root}/{page}", 404)
    one.post("/setup/domains", domain="halden.example")
    other.get("/setup/domains/halden.example", 404)


def test_a_link_for_one_step_opens_only_that(portal_app: Flask, clock: SettableClock) -> None:
    """Requirement 8: "send this step to a colleague"."""
    visitor = Visitor(portal_app, clock)
    visitor.enter()
    root = visitor.choose("okta-saml")
    made = visitor.post("/setup/colleague", status=200, step="domains").text
    path = re.search(r"/setup/[A-Za-z0-9_-]{43}", made)
    assert path
    colleague = portal_app.test_client()
    assert colleague.post(path[0]).status_code == 303
    assert colleague.get("/setup/").headers["Location"] == "/setup/domains"
    assert colleague.get("/setup/domains").status_code == 200
    for hidden in ("/setup/provider", f"{root}/tasks", f"{root}/step-copy-values", "/setup/contacts"):
        assert colleague.get(hidden).status_code == 404, hidden


def test_a_wrong_value_is_named_and_what_was_typed_is_kept(portal_app: Flask, clock: SettableClock) -> None:
    """Requirements 6 and 15: 422, "Error: " in the title, the field marked, our own value noticed."""
    visitor = Visitor(portal_app, clock)
    visitor.enter()
    root = visitor.choose("entra-saml")
    own = f"http://127.0.0.1:8000/sso/saml/{root.removeprefix('/setup/')}/acs"
    page = f"{root}/step-check-values"
    text = visitor.post(page, page, 422, idp_entity_id=own, sso_url="https://login.example/saml2", certificates="").text
    assert "<title>Error: " in text
    assert 'aria-invalid="true"' in text
    assert "This is our own address" in text
    assert "https://login.example/saml2" in text


def test_a_private_key_is_refused_and_never_sent_back(portal_app: Flask, clock: SettableClock) -> None:
    """Requirement 14."""
    visitor = Visitor(portal_app, clock)
    visitor.enter()
    page = f"{visitor.choose('okta-saml')}/step-check-values"
    key = make_certified("idp").key_pem
    form = {"idp_entity_id": "http://www.okta.com/exk1a2b3c4d5e6f7G8h9", "sso_url": "https://a.okta.com/sso"}
    text = visitor.post(page, page, 422, certificates=key, **form).text
    assert "private key" in text.lower()
    assert key.splitlines()[1] not in text
    form["idp_entity_id"] = ""  # something else is wrong as well, and told before the values are stored
    text = visitor.post(page, page, 422, certificates=key, **form).text
    assert "private key" in text.lower()
    assert key.splitlines()[1] not in text


def test_a_secret_is_never_shown_again_and_its_end_is_kept(portal_app: Flask, clock: SettableClock) -> None:
    """Requirement 17."""
    visitor = Visitor(portal_app, clock)
    visitor.enter()
    page = f"{visitor.choose('entra-oidc')}/step-secret"
    secret = "correct-horse-battery"
    visitor.post(page, page, client_secret=secret, client_secret_ends="2030-01-20")
    text = visitor.get(page)
    assert secret not in text
    assert 'value="2030-01-20"' in text
    assert 'type="password"' in text


def test_nothing_is_turned_on_before_a_test_passed(portal_app: Flask, clock: SettableClock) -> None:
    """Requirement 26: no button but the reason; and a form sent all the same changes nothing."""
    visitor = Visitor(portal_app, clock)
    visitor.enter()
    page = f"{visitor.choose('okta-saml')}/activate"
    text = visitor.get(page)
    assert "No test has passed on the present values." in text
    visitor.post(page, status=422)
    connection = page.split("/")[2]
    assert visitor.api.ok("GET", f"/connections/{connection}")["status"] == "draft"


def test_a_theme_that_was_chosen_is_served(portal_app: Flask, clock: SettableClock) -> None:
    visitor = Visitor(portal_app, clock)
    visitor.enter()
    visitor.client.post("/setup/appearance", data={"theme": "dark", "back": "//evil.example"})
    assert 'data-bs-theme="dark"' in visitor.get("/setup/")
    sent = visitor.client.post("/setup/appearance", data={"theme": "auto", "back": "//evil.example"})
    assert sent.headers["Location"] == "/setup/"
