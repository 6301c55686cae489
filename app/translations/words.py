"""Texts that are made in a language from the start: mails, and names that pages give to things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal

from app.translations.catalogue import read_catalogue
from app.translations.languages import LANGUAGES


def marked(text: str) -> str:
    """Return the text: it is a message id, which is translated where it is shown. For whoever collects messages."""
    return text


@dataclass(frozen=True, slots=True)
class Words:
    """Says things in one language. Message ids are the English texts, their values stand in them as `%(name)s`."""

    language: str = "en"

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise ValueError(f"{self.language!r:.20} is not a language of ours")

    def __call__(self, text: str, **values: object) -> str:
        """Return the text in the language, with its values."""
        found = read_catalogue("app", self.language).find(text) or text
        return found % values if values else found

    def many(self, one: str, several: str, num: int, **values: object) -> str:
        """Return the text in the form that the language uses for this number; the text calls it `%(num)s`."""
        found = read_catalogue("app", self.language).translations.ngettext(one, several, num)
        return found % {**values, "num": num}

    def list(self, texts: Sequence[str]) -> str:
        """Return several texts as one enumeration: a, b and c."""
        return format_list(texts, locale=self.language)

    def day(self, value: date) -> str:
        """Return a day: 3 August 2027, 3. August 2027."""
        return format_date(value, _DAY[self.language], locale=self.language)

    def short_day(self, value: date, *, year: bool) -> str:
        """Return a day with its month cut short: 3 Aug, 3. Aug. 2027."""
        return format_date(value, _SHORT[self.language] + (" y" if year else ""), locale=self.language)

    def number(self, value: float) -> str:
        """Return a number as the language writes it: 1,234.5, 1.234,5."""
        return format_decimal(value, locale=self.language)

    def moment(self, value: datetime) -> str:
        """Return a moment to the minute, with its zone: aware UTC in, UTC out."""
        return format_datetime(value, _MOMENT[self.language], locale=self.language) + " UTC"

    def second(self, value: datetime) -> str:
        """Return a moment to the second, with its zone: aware UTC in, UTC out."""
        return format_datetime(value, f"{_MOMENT[self.language]}:ss", locale=self.language) + " UTC"


_DAY = {"en": "d MMMM y", "de": "d. MMMM y"}
_SHORT = {"en": "d MMM", "de": "d. MMM"}
_MOMENT = {"en": "d MMM y, HH:mm", "de": "d. MMM y, HH:mm"}
