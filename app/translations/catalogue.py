"""One catalogue: a sentence by itself, or by its form when it quotes values."""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

_VALUE = re.compile(r"%\((\w+)\)s")
_LONGEST = 1000  # of a sentence that is recognized by its form
_LONGEST_VALUE = 400
#: A form with less fixed text than this would be seen in everything.
FEWEST_LETTERS = 8


class Catalogue:
    """The texts of one package in one language. Reading it never fails: what is not in it is not translated."""

    def __init__(self, translations: gettext.NullTranslations) -> None:
        self.translations = translations
        texts: Mapping[object, str] = getattr(translations, "_catalog", {})
        self._texts = {id_: text for id_, text in texts.items() if isinstance(id_, str) and id_ and text}
        forms = (Form(id_) for id_ in self._texts if _VALUE.search(id_))
        self._forms = sorted(
            (form for form in forms if form.letters >= FEWEST_LETTERS), key=lambda form: form.letters, reverse=True
        )

    def find(self, text: str) -> str | None:
        """Return the text in this language; None when it is not in the catalogue."""
        return self._texts.get(text)

    def recognize(self, text: str) -> tuple[str, dict[str, str]] | None:
        """Return the translated form of a sentence that quotes values, and the values; the most particular form counts."""
        if len(text) > _LONGEST:
            return None
        for form in self._forms:
            values = form.read(text)
            if values is not None:
                return self._texts[form.id], values
        return None


class Form:
    """A sentence with places for values: `%(label)s is missing.` `letters`: how much of it is fixed."""

    def __init__(self, id_: str) -> None:
        parts = [part.replace("%%", "%") for part in _VALUE.split(id_)]
        fixed, names = parts[::2], parts[1::2]
        self.id = id_
        self.letters = sum(len(part) for part in fixed)
        self._longest_part = max(fixed, key=len)
        pattern, seen = re.escape(fixed[0]), set[str]()
        for name, part in zip(names, fixed[1:], strict=True):
            pattern += f"(?P={name})" if name in seen else f"(?P<{name}>.{{1,{_LONGEST_VALUE}}}?)"
            pattern += re.escape(part)
            seen.add(name)
        self._pattern = re.compile(pattern, re.DOTALL)

    def read(self, text: str) -> dict[str, str] | None:
        """Return the values of a sentence of this form, or None."""
        found = self._pattern.fullmatch(text) if self._longest_part in text else None
        return found.groupdict() if found else None


@cache
def read_catalogue(package: str, language: str) -> Catalogue:
    """Return the catalogue that a package brings in its folder `translations`; an empty one where it brings none."""
    try:
        place = str(resources.files(package) / "translations")
        return Catalogue(gettext.translation("messages", place, languages=[language]))
    except (ImportError, OSError, TypeError, ValueError, UnicodeError):
        return Catalogue(gettext.NullTranslations())
