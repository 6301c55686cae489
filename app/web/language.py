"""The language of our pages: what the application asked for, else the visitor's choice, else the browser's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, Response, g, has_request_context, request
from flask_babel import Babel, refresh

from app.translations import LANGUAGES, Words, choose_language, say

YEAR_S = 365 * 86_400
_ENGLISH_ONLY = ("/api",)  # whose pages have no other language, so that a page is in one
_NAMES = ("__Host-portico-language", "portico-language")


def init_language(app: Flask) -> None:
    """Give templates `_()`, `language()` and `told()`, which says in that language what a room wrote in English."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, default_locale="en", default_timezone="UTC", locale_selector=read_language)
    app.jinja_env.globals.update(language=read_language, languages=LANGUAGES, told=told, **_WRITTEN)


def read_language() -> str:
    """Return the language for this request, one of LANGUAGES."""
    if not has_request_context() or request.path.startswith(_ENGLISH_ONLY):
        return "en"
    asked = str(g.get("asked_language", ""))
    if asked:
        return asked
    chosen = next((request.cookies[name] for name in _NAMES if name in request.cookies), "")
    wishes = [tag for tag, quality in request.accept_languages if quality > 0]
    return choose_language([chosen, *wishes]) or "en"


def speak(ui_locales: str | None) -> None:
    """Speak the first language of an application's wish that we know, for this request; else nothing changes.

    Args:
        ui_locales: blank-separated language tags, unverified (OIDC Core 3.1.2.1).
    """
    asked = choose_language((ui_locales or "")[:200].split())
    if asked is not None:
        g.asked_language = asked
        refresh()


def told(text: Any) -> str:
    """Return a sentence of a room in the visitor's language."""
    return say(str(text), read_language())


def at_moment(value: datetime) -> str:
    """Return a moment as the visitor's language writes it."""
    return Words(read_language()).moment(value)


def at_minute(value: datetime) -> str:
    """Return a moment without its zone, for a place that names it."""
    return at_moment(value).removesuffix(" UTC")


def at_second(value: datetime) -> str:
    """Return a moment to the second, without its zone."""
    return Words(read_language()).second(value).removesuffix(" UTC")


def at_day(value: datetime, now: datetime) -> str:
    """Return a day, cut short, with its year where that is not the present one."""
    return Words(read_language()).short_day(value, year=value.year != now.year)


def number(value: float) -> str:
    """Return a number as the visitor's language writes it."""
    return Words(read_language()).number(value)


def keep_language(response: Response, language: str, *, secure: bool) -> None:
    """Keep the visitor's choice in the browser, where it is a language that we speak; it says nothing about anybody."""
    if language in LANGUAGES:
        name = _NAMES[0] if secure else _NAMES[1]
        response.set_cookie(name, language, max_age=YEAR_S, path="/", secure=secure, httponly=True, samesite="Lax")


#: What templates write times and numbers with.
_WRITTEN = {
    "at_moment": at_moment,
    "at_minute": at_minute,
    "at_second": at_second,
    "at_day": at_day,
    "number": number,
}
