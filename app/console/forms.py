"""What forms of the console say, as operations take it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response, make_response, render_template, request

from app.translations import Words
from app.web.language import read_language


def text_of(*names: str) -> dict[str, str]:
    """Return what was typed into these fields, without blanks around it."""
    return {name: request.form.get(name, "").strip() for name in names}


def said_of(*names: str) -> dict[str, str]:
    """Return those of the fields that say something."""
    return {name: text for name, text in text_of(*names).items() if text}


def lines_of(name: str) -> list[str]:
    """Return the lines of a field that say something."""
    return [line.strip() for line in request.form.get(name, "").splitlines() if line.strip()]


def is_ticked(name: str) -> bool:
    """Whether a checkbox was ticked."""
    return request.form.get(name) == "yes"


def number_of(name: str) -> int | str | None:
    """Return a field's number; None when it is empty. Other text stays text, for the operation to refuse."""
    text = request.form.get(name, "").strip()
    return int(text) if text.isdecimal() and len(text) < 12 else text or None


def asked_of(names: Iterable[str]) -> dict[str, str]:
    """Return those of the query's values that say something."""
    return {name: text for name in names if (text := request.args.get(name, "").strip())}


def speak_words() -> Words:
    """Return the words of the operator's language."""
    return Words(read_language())


def page(template: str, status: int = 200, **values: Any) -> Response:
    """Return a page of the console; `problems` is empty unless given."""
    return make_response(render_template(f"console/{template}.html", **{"problems": {}, **values}), status)
