"""What a payload has to be: its properties and their types, and no others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from app.demo.standin.management.refusals import invalid_body

#: The type of each property; a tuple of texts is a choice.
Shape = Mapping[str, "type | tuple[str, ...]"]
_NAMES = {str: "string", bool: "boolean", dict: "object", list: "array", int: "integer"}


def check_object(body: object, shape: Shape, required: tuple[str, ...] = (), what: str = "") -> dict[str, Any]:
    """Return the body: an object with these properties only. Raises ApiRefused (400 invalid_body)."""
    if not isinstance(body, dict):
        raise invalid_body(f"Expected type object but found type {type(body).__name__}{what}")
    unknown = sorted(set(body) - set(shape))
    if unknown:
        raise invalid_body(f"Additional properties not allowed: {', '.join(unknown)}{what}")
    missing = next((name for name in required if name not in body), None)
    if missing is not None:
        raise invalid_body(f"Missing required property: {missing}{what}")
    for name, value in body.items():
        _check_type(name, value, shape[name])
    return body


def _check_type(name: str, value: object, wanted: type | tuple[str, ...]) -> None:
    if isinstance(wanted, tuple):
        if value not in wanted:
            raise invalid_body(f"No enum match for: {value} on property {name}")
        return
    wrong = not isinstance(value, wanted) or (wanted is int and isinstance(value, bool))
    if wrong:
        raise invalid_body(f"Expected type {_NAMES[wanted]} but found type {type(value).__name__} on property {name}")


def check_pattern(name: str, value: str, pattern: str, longest: int) -> None:
    """Raise ApiRefused where the text is too long or written otherwise."""
    if len(value) > longest:
        raise invalid_body(f"String is too long ({len(value)} chars), maximum {longest} on property {name}")
    if not re.fullmatch(pattern, value):
        raise invalid_body(f"String does not match pattern {pattern}: {value} on property {name}")


def check_metadata(value: Mapping[str, Any], name: str = "metadata", most: int = 10) -> None:
    """Raise ApiRefused unless the values are texts: at most `most`, of at most 255 characters."""
    if len(value) > most:
        raise invalid_body(f"Object has too many properties ({len(value)}), maximum {most} on property {name}")
    for key, text in value.items():
        if not isinstance(text, str) or len(text) > 255 or len(key) > 255:
            raise invalid_body(f"Expected a string of at most 255 characters on property {name}.{key}")
