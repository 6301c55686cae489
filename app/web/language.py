"""The language of our pages: the visitor's choice, else the browser's, of those whose catalogue is complete."""

from __future__ import annotations

from flask import Flask, has_request_context, request
from flask_babel import Babel

LANGUAGES = {"en": "English"}
COOKIE = "portico-language"


def init_language(app: Flask) -> None:
    """Give templates `_()` and `language()`. Catalogues are in `app/translations`, message ids are the English texts."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, default_locale="en", default_timezone="UTC", locale_selector=read_language)
    app.jinja_env.globals["language"] = read_language
    app.jinja_env.globals["languages"] = LANGUAGES


def read_language() -> str:
    """Return the language for this request."""
    if not has_request_context():
        return "en"
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else request.accept_languages.best_match(list(LANGUAGES), "en") or "en"
