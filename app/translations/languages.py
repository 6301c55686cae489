"""The languages that we speak, and which of them somebody's wishes come down to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, get_args

Language = Literal["en", "de"]

#: Each with the name by which its speakers know it. All are complete: a test holds the catalogues to that.
LANGUAGES: Final[dict[str, str]] = {"en": "English", "de": "Deutsch"}
assert tuple(LANGUAGES) == get_args(Language)


def is_language(value: object) -> bool:
    """Return whether we speak it."""
    return isinstance(value, str) and value in LANGUAGES


def choose_language(wishes: Iterable[str]) -> str | None:
    """Return the first wish that we can grant, or None. A wish for `de-CH` is granted by `de` (RFC 4647 3.4).

    Args:
        wishes: BCP 47 tags, the dearest first. Unverified.
    """
    for wish in wishes:
        primary = wish.strip().partition("-")[0].lower()
        if primary in LANGUAGES:
            return primary
    return None
