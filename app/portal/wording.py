"""Texts of adapters in the visitor's language. Each distribution brings its own catalogues; the English text is the id."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import lru_cache
from importlib import resources

Said = Callable[[str, str], str]


def make_said(language: Callable[[], str]) -> Said:
    """Return a function of (distribution, English text) that gives the text in the present language, or in English."""

    @lru_cache(maxsize=200)
    def catalogue(distribution: str, wanted: str) -> gettext.NullTranslations:
        try:
            place = str(resources.files(distribution.replace("-", "_")) / "translations")
            return gettext.translation("messages", place, languages=[wanted])
        except (ModuleNotFoundError, OSError, TypeError, ValueError):
            return gettext.NullTranslations()

    def said(distribution: str, text: str) -> str:
        if not text or language() == "en":
            return text
        found = catalogue(distribution, language()).gettext(text)
        generic = "portico-oidc" if "oidc" in distribution else "portico-saml"
        if found == text:  # what a vendor's profile inherits is said by the generic adapters
            for inherited in (generic, "portico-saml", "portico-oidc"):
                found = catalogue(inherited, language()).gettext(text)
                if found != text:
                    break
        return found

    return said
