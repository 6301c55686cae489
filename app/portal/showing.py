"""What templates of the portal say with: days, moments, fingerprints."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from babel.numbers import format_decimal

from app.portal.evidence_text import differ, lay_out
from app.portal.names import name_check, name_fact, name_field
from app.translations import Words

_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}")
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def make_globals(language: Callable[[], str], clock: Callable[[], datetime]) -> dict[str, Any]:
    """Return the functions for templates."""

    def words() -> Words:
        return Words(language())

    def day(value: datetime | str) -> str:
        return words().day(_moment(value).date())

    def moment(value: datetime | str | None) -> str:
        return "–" if value is None else words().second(_moment(value))

    def days_left(until: datetime | str) -> int:
        return math.floor((_moment(until) - clock()).total_seconds() / 86_400)

    def check_name(name: str) -> str:
        return name_check(words(), name)

    def field_name(name: str) -> str:
        return name_field(words(), name)

    def fact_name(name: str) -> str:
        return name_fact(words(), name)

    def decimal(value: float, digits: int = 1) -> str:
        return format_decimal(round(value, digits), locale=language())

    return {
        "day": day,
        "moment": moment,
        "days_left": days_left,
        "differ": differ,
        "check_name": check_name,
        "field_name": field_name,
        "fact_name": fact_name,
        "decimal": decimal,
        "fingerprint": fingerprint,
        "is_object_id": is_object_id,
        "lay_out": lay_out,
        "near_matches": near_matches,
        "pretty": pretty,
        "short_name": short_name,
    }


def fingerprint(sha256: str) -> str:
    """Return it as consoles show it: pairs of capital hex digits with colons."""
    return ":".join(sha256[i : i + 2] for i in range(0, len(sha256), 2)).upper()


def short_name(name: str) -> str:
    """Return the last part of an attribute's name that is a URI; others whole."""
    tail = re.split(r"[/:]", name.rstrip("/"))[-1] if re.match(r"(?:https?|urn):", name) else name
    return tail or name


def is_object_id(value: str) -> bool:
    """Whether it is a GUID: what Entra sends of a group in the place of its name."""
    return _GUID.fullmatch(value) is not None


def near_matches(field: str, received: Mapping[str, Sequence[str]]) -> list[str]:
    """Return at most three names that arrived and look like the field, by their letters or by the form of the value."""
    words = {"email": ("mail", "upn"), "groups": ("group", "memberof"), "roles": ("role",)}.get(
        field, (field.replace("_", ""),)
    )
    named = [name for name in received if any(word in name.lower().replace("_", "") for word in words)]
    shaped = [
        name for name, values in received.items() if field == "email" and any(_is_address(one) for one in values[:5])
    ]
    return list(dict.fromkeys([*shaped, *named]))[:3]


def _is_address(value: str) -> bool:
    return _ADDRESS.fullmatch(value.strip()) is not None


def pretty(claims: Any) -> str:
    """Return JSON for people."""
    return json.dumps(claims, indent=2, ensure_ascii=False, default=str)


def _moment(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
