"""Which language a page is in: the application's wish, the visitor's choice, the browser's; else English."""

from __future__ import annotations

import re

import pytest
from flask import Flask, g

from app.web.language import keep_language, read_language, speak

GERMAN = {"Accept-Language": "de-DE,de;q=0.9,en;q=0.5"}


def spoken(app: Flask, path: str = "/nothing", **more: str) -> tuple[str, str]:
    """Return the language of a page, as it says and as it is."""
    page = app.test_client().get(path, **more).text  # type: ignore[arg-type]
    lang = re.search(r'<html lang="([a-z-]+)"', page)
    assert lang
    return lang[1], "de" if "Hier ist nichts" in page else "en" if "There is nothing here" in page else "?"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("de", "de"),
        ("de-AT,en;q=0.5", "de"),
        ("en-US,de;q=0.5", "en"),
        ("fr,de;q=0.3", "de"),
        ("fr", "en"),
        ("de;q=0", "en"),
        ("*", "en"),
        ("", "en"),
        ("\N{SNOWMAN};q=x," + "a-" * 3000, "en"),
    ],
)
def test_a_browser_is_answered_in_its_language(app: Flask, accepted: str, language: str) -> None:
    """Item 9, and the lang attribute tells a screen reader."""
    assert spoken(app, headers={"Accept-Language": accepted.encode("utf-8").decode("latin-1")}) == (language, language)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["portico-language", "__Host-portico-language"])
def test_the_visitors_own_choice_comes_before_the_browsers(app: Flask, name: str) -> None:
    client = app.test_client()
    client.set_cookie(name, "en")
    assert '<html lang="en"' in client.get("/nothing", headers=GERMAN).text
    client.set_cookie(name, "de")
    assert '<html lang="de"' in client.get("/nothing").text


def test_a_cookie_that_says_nothing_sensible_chooses_nothing(app: Flask) -> None:
    client = app.test_client()
    client.set_cookie("portico-language", '"><script>')
    assert '<html lang="en"' in client.get("/nothing").text


@pytest.mark.parametrize(("path", "language"), [("/console/nothing", "de"), ("/api/nothing", "en")])
def test_pages_that_have_no_other_language_are_english_throughout(app: Flask, path: str, language: str) -> None:
    """A reference in English with a German error in it would be in neither language; the console has both."""
    assert spoken(app, path, headers=GERMAN) == (language, language)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ui_locales", "language"),
    [("de", "de"), ("fr-CA de-DE en", "de"), ("en", "en"), ("fr", "de"), ("", "de"), (None, "de")],
)
def test_an_applications_wish_comes_first(app: Flask, ui_locales: str | None, language: str) -> None:
    """OIDC Core 3.1.2.1: `ui_locales` is a preference; an unknown one is no error."""
    with app.test_request_context("/oauth2/authorize", headers=GERMAN):
        assert read_language() == "de"
        speak(ui_locales)
        assert read_language() == language
        assert "asked_language" not in g or g.asked_language in ("de", "en")


def test_outside_of_a_request_it_is_english(app: Flask) -> None:
    with app.app_context():
        assert read_language() == "en"


def test_a_choice_is_kept_in_a_cookie_that_no_script_and_no_other_site_reads(app: Flask) -> None:
    for secure, expected in (
        (True, "__Host-portico-language=de; Secure; HttpOnly;"),
        (False, "portico-language=de; HttpOnly;"),
    ):
        response = app.response_class()
        keep_language(response, "de", secure=secure)
        kept = response.headers["Set-Cookie"]
        assert kept.startswith(expected.split(";")[0])
        assert all(part.strip() in kept for part in expected.split(";"))
        assert "SameSite=Lax" in kept
    response = app.response_class()
    keep_language(response, "xx", secure=True)
    assert "Set-Cookie" not in response.headers
