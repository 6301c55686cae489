"""The portal in German: every page, every problem, every explanation; the API and the log stay English (item 9)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.adapters.first_party import RESERVED_KEYS
from app.cli.translations.specs import find_names
from app.portal.wording import make_said, make_spoken
from tests.support.clock import SettableClock
from tests.support.leftovers import find_leftovers
from tests.support.visitor import Visitor
from tests.support.whole_app import whole_app

GERMAN = {"Accept-Language": "de-DE,de;q=0.9"}
NOT_THERE = {"duo-saml", "duo-oidc", "cyberark-saml", "cyberark-oidc"}  # reserved, and not made yet
PAGES = ("tasks", "mapping", "test", "activate", "overview", "guide")


@pytest.fixture
def portal_app(database_url: str, clock: SettableClock, tmp_path: Path) -> Iterator[Flask]:
    with whole_app(database_url, clock, tmp_path) as app:
        yield app


def speak_german(visitor: Visitor) -> Visitor:
    visitor.client.set_cookie("portico-language", "de")
    return visitor


def check_german(page: str, path: str, names: Collection[str] = ()) -> None:
    assert '<html lang="de"' in page, path
    assert find_leftovers(page, "de", names) == [], path


@pytest.mark.parametrize("adapter", sorted(RESERVED_KEYS.keys() - NOT_THERE))
def test_every_page_is_german_throughout(portal_app: Flask, clock: SettableClock, adapter: str) -> None:
    """Item 9: German complete for the shell and every adapter of ours."""
    visitor = speak_german(Visitor(portal_app, clock))
    check_german(visitor.get(visitor.path), "door")
    visitor.enter()
    for path in ("/setup/", "/setup/provider", "/setup/domains", "/setup/contacts", "/setup/code", "/setup/colleague"):
        check_german(visitor.get(path), path)
    root = visitor.choose(adapter)
    steps = re.findall(rf'href="({root}/step-[a-z-]+)"', visitor.get(f"{root}/tasks"))
    pages = [f"{root}/{name}" for name in PAGES] + steps
    pages += [f"{root}/certificates"] if adapter.endswith("saml") else []
    vendor = adapter.partition("-")[0]
    names = () if adapter == vendor else frozenset(find_names(f"portico_{vendor}"))
    for path in pages:
        check_german(visitor.get(path), path, names)
    visitor.post("/setup/domains", domain="halden.example")
    check_german(visitor.get("/setup/domains/halden.example"), "domain")
    check_german(visitor.get("/setup/domains"), "domains")


def test_what_is_wrong_with_a_form_is_said_in_german(portal_app: Flask, clock: SettableClock) -> None:
    """Problems of our rooms, of the generic adapter, and with the label of a field in them."""
    visitor = speak_german(Visitor(portal_app, clock))
    visitor.enter()
    root = visitor.choose("saml")
    for path, form, told in (
        ("/setup/provider", {}, "Wählen Sie Ihren Identitätsanbieter."),
        ("/setup/domains", {"domain": "127.0.0.1"}, "Eine IP-Adresse ist keine Domain."),
        ("/setup/domains", {"domain": "gmail.com"}, "Dort kann jeder eine Adresse haben"),
        ("/setup/contacts", {"name": "M", "email": "x"}, "Geben Sie eine E-Mail-Adresse an"),
        (f"{root}/certificates", {"certificate": "x"}, "Das ist weder PEM noch Base64."),
        (f"{root}/step-give-metadata", {"way": "address", "do": "read"}, "Metadaten-URL fehlt."),
        (
            f"{root}/step-give-metadata",
            {"way": "address", "metadata_url": "x", "do": "read"},
            "Wir lesen nur https://-Adressen",
        ),
        (f"{root}/step-check-values", {"idp_entity_id": "x"}, "Single-Sign-on-URL fehlt."),
    ):
        page = visitor.post(path, page=path, status=422, **form).text
        assert told in page, (path, re.findall(r"<li><a[^>]*>([^<]*)", page))
        check_german(page, path)


def test_the_api_answers_in_english_whatever_the_caller_reads(portal_app: Flask, clock: SettableClock) -> None:
    visitor = Visitor(portal_app, clock)
    path = f"/organizations/{visitor.organization}/domains"
    status, problem = visitor.api.refused("POST", path, {"domain": "127.0.0.1"}, headers=GERMAN)
    assert (status, problem["errors"][0]["message"]) == (422, "An IP address is not a domain.")


@pytest.mark.parametrize("on_the_door", [True, False])
def test_the_language_is_switched_by_a_form_without_javascript(
    portal_app: Flask, clock: SettableClock, on_the_door: bool
) -> None:
    """A POST of a form of ours that leads back to the same page; the choice is kept and changes nothing else."""
    visitor = Visitor(portal_app, clock)
    if not on_the_door:
        visitor.enter()
    page = visitor.path if on_the_door else "/setup/contacts"
    text = visitor.get(page)
    action = re.search(r'<form class="seg[^"]*" action="([^"]+)" method="post" aria-label="Language"', text)
    assert action
    assert re.findall(r'name="language" value="(\w+)" lang="\w+" aria-pressed="(\w+)"', text) == [
        ("en", "true"),
        ("de", "false"),
    ]
    answer = visitor.client.post(action[1], data={"language": "de", "back": page})
    assert (answer.status_code, answer.headers["Location"]) == (303, page)
    switched = visitor.get(page)
    check_german(switched, page)
    assert 'value="de" lang="de" aria-pressed="true"' in switched


def test_no_other_site_switches_the_language(portal_app: Flask, clock: SettableClock) -> None:
    visitor = Visitor(portal_app, clock)
    for path in (f"{visitor.path}/language", "/setup/appearance"):
        foreign = visitor.client.post(path, data={"language": "de"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert foreign.status_code == 403
        assert "Set-Cookie" not in foreign.headers


def test_a_language_that_we_do_not_speak_is_not_kept(portal_app: Flask, clock: SettableClock) -> None:
    visitor = Visitor(portal_app, clock)
    for value in ("xx", "", "de; Path=/x", "../de"):
        answer = visitor.client.post("/setup/appearance", data={"language": value})
        assert answer.status_code == 303
        assert "language" not in answer.headers.get("Set-Cookie", "")


def test_pages_of_a_sign_in_speak_what_the_application_asked_for(portal_app: Flask, clock: SettableClock) -> None:
    """OIDC Core 3.1.2.1: also where the request cannot be answered."""
    client = portal_app.test_client()
    page = client.get("/oauth2/authorize", query_string={"ui_locales": "fr de", "client_id": "cli-none"}).text
    check_german(page, "authorize")
    assert "Passwort" in page
    api = Visitor(portal_app, clock).api
    made = api.ok(
        "POST",
        "/clients",
        {"name": "A", "redirect_uris": ["https://a.example/cb"], "token_endpoint_auth_method": "client_secret_post"},
    )
    asked = {
        "client_id": made["client_id"],
        "redirect_uri": "https://a.example/cb",
        "response_type": "code",
        "scope": "openid",
        "code_challenge": "x" * 43,
        "code_challenge_method": "S256",
        "ui_locales": "de",
    }
    page = client.get("/oauth2/authorize", query_string=asked).text
    check_german(page, "e-mail page")
    hidden = re.search(r'name="request" value="([^"]+)"', page)
    assert hidden
    again = client.post(
        "/oauth2/authorize/email", data={"request": hidden[1].replace("&amp;", "&"), "email": "x@nowhere.example"}
    )
    assert again.status_code == 422
    check_german(again.text, "e-mail page again")
    assert "keine Anmeldung" in again.text


def test_what_stays_english_is_marked_as_english(portal_app: Flask, clock: SettableClock) -> None:
    """WCAG 3.1.2: names of the provider's console, and steps of an adapter without a catalogue; hostile text is escaped."""
    visitor = speak_german(Visitor(portal_app, clock))
    visitor.enter()
    page = visitor.get(f"{visitor.choose('okta-saml')}/step-copy-values")
    assert '<b><span lang="en">Name ID format</span></b>' in page
    german = make_spoken(make_said(lambda: "de"), lambda: "de")
    assert (
        str(german("portico-adapter-acme", "Add <b>Acme</b>")) == '<span lang="en">Add &lt;b&gt;Acme&lt;/b&gt;</span>'
    )
    assert str(german("portico-saml", "Issuer")) == "Aussteller"
    assert str(make_spoken(make_said(lambda: "en"), lambda: "en")("portico-saml", "<Issuer>")) == "&lt;Issuer&gt;"
