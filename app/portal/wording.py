"""Texts of adapters in the visitor's language. Each distribution brings its own catalogues; the English text is the id."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup, escape

from app.translations import say

Said = Callable[[str, str], str]
Spoken = Callable[[str, str], Markup]


def make_said(language: Callable[[], str]) -> Said:
    """Return a function of (distribution, English text) that gives the text in the present language, or in English."""

    def said(distribution: str, text: str) -> str:
        return say(text, language(), distribution)

    return said


def make_spoken(said: Said, language: Callable[[], str]) -> Spoken:
    """Return the same for the text of a page: what stays English is marked as English, for screen readers (WCAG 3.1.2)."""

    def spoken(distribution: str, text: str) -> Markup:
        told = said(distribution, text)
        stays = told == text and language() != "en" and any(char.isalpha() for char in text)
        return Markup('<span lang="en">{}</span>').format(text) if stays else escape(told)

    return spoken
