"""Texts of adapters in the visitor's language. Each distribution brings its own catalogues; the English text is the id."""

from __future__ import annotations

from collections.abc import Callable

from app.translations import say

Said = Callable[[str, str], str]


def make_said(language: Callable[[], str]) -> Said:
    """Return a function of (distribution, English text) that gives the text in the present language, or in English."""

    def said(distribution: str, text: str) -> str:
        return say(text, language(), distribution)

    return said
