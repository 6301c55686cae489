"""Sentences that rooms and adapters wrote in English, in another language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.translations.catalogue import Catalogue, read_catalogue

#: Vendor profiles inherit sentences of these; their catalogues are asked when the distribution's own says nothing.
GENERIC = ("portico_saml", "portico_oidc")
_BETWEEN = re.compile(r"(?<=[.?!]) (?=[A-Z])")  # sentences that were put together are said one by one


def say(text: str, language: str, distribution: str = "") -> str:
    """Return the text in the language, or as it is where no catalogue has it.

    Values that a sentence quotes are put into its translation, themselves translated where they are texts of ours.
    The answer is as fit for a page as `text` was: whoever shows it escapes it.

    Args:
        distribution: whose adapter wrote it; empty for rooms of the gateway.
    """
    if not text or language == "en":
        return text
    catalogues = tuple(_catalogues(language, distribution))
    found = _say(catalogues, text)
    if found is None and len(sentences := _BETWEEN.split(text)) > 1:
        parts = [_say(catalogues, sentence) for sentence in sentences]
        found = None if None in parts else " ".join(part or "" for part in parts)
    return text if found is None else found


def _say(catalogues: tuple[Catalogue, ...], text: str) -> str | None:
    found = _find(catalogues, text)
    if found is not None:
        return found
    for catalogue in catalogues:
        recognized = catalogue.recognize(text)
        if recognized is not None:
            form, values = recognized
            return form % {name: _find(catalogues, value) or value for name, value in values.items()}
    return None


def _find(catalogues: tuple[Catalogue, ...], text: str) -> str | None:
    return next((found for catalogue in catalogues if (found := catalogue.find(text)) is not None), None)


def _catalogues(language: str, distribution: str) -> Iterator[Catalogue]:
    own = distribution.replace("-", "_")
    generic = sorted(GENERIC, key=lambda package: package != own)
    for package in (() if not own or own in GENERIC else (own,), generic, ("app",)):
        yield from (read_catalogue(one, language) for one in package)
