"""The second half of a rule: values in the form that a field of the profile has, or absent with the reason."""

from __future__ import annotations

import re

from app.translations import marked
from portico_sdk.transforms import MAX_LENGTH, MAX_VALUES, Values

Result = str | Values | bool | None

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_EMAIL = re.compile(r"[^\s@\"(),:;<>\[\]\\]{1,64}@[^\s@\"(),:;<>\[\]\\]{1,255}")
_BOOLEANS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def as_text(field: str, values: Values) -> tuple[Result, str]:
    """Return the first value as one printable line."""
    if not values or not values[0].strip():
        return None, ""
    if not _is_usable(values[0]):
        return None, marked("too long, or not one printable line")
    if field == "email" and not _EMAIL.fullmatch(values[0]):
        return None, marked("not an e-mail address")
    return values[0], ""


def as_list(field: str, values: Values) -> tuple[Result, str]:
    """Return all values, each once."""
    distinct = tuple(dict.fromkeys(value for value in values if value.strip()))
    if len(values) > MAX_VALUES:
        return None, marked(f"more than {MAX_VALUES} values: unknown, not cut short")
    if not all(_is_usable(value) for value in distinct):
        return None, marked("a value is too long, or not one printable line")
    return distinct, ""


def as_boolean(field: str, values: Values) -> tuple[Result, str]:
    """Return the only value as true or false, in the words that providers use."""
    distinct = {value.strip().lower() for value in values}
    if not distinct:
        return None, ""
    found = _BOOLEANS.get(distinct.pop()) if len(distinct) == 1 else None
    return found, "" if found is not None else marked("neither true nor false")


def _is_usable(value: str) -> bool:
    return len(value) <= MAX_LENGTH and not _UNPRINTABLE.search(value)
