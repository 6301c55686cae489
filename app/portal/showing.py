"""What templates of the portal say with: days, moments, fingerprints, names of checks and fields."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from babel.dates import format_date, format_datetime

#: Message ids; `check_name` falls back to the check's own name.
CHECKS = {
    "response": "Response received",
    "signature": "Signature",
    "issuer": "Issuer",
    "audience": "Audience",
    "recipient": "Recipient",
    "destination": "Destination",
    "in-response-to": "Answer to our request",
    "times": "Times",
    "status": "Status",
    "nonce": "Nonce",
    "replay": "Not seen before",
    "name-id": "Subject (NameID)",
    "subject": "Subject",
    "email-domain": "E-mail domain",
    "required-attributes": "Required claims",
}
FIELDS = {
    "email": "E-mail address",
    "name": "Full name",
    "given_name": "First name",
    "family_name": "Last name",
    "preferred_username": "User name",
    "groups": "Groups",
    "roles": "Roles",
}


def make_globals(
    language: Callable[[], str], translate: Callable[[str], str], clock: Callable[[], datetime]
) -> dict[str, Any]:
    """Return the functions for templates."""

    def day(value: datetime | str) -> str:
        return format_date(_moment(value).date(), "d MMMM y", locale=language())

    def moment(value: datetime | str | None) -> str:
        if value is None:
            return "–"
        return format_datetime(_moment(value), "d MMM y, HH:mm:ss", locale=language()) + " UTC"

    def days_left(until: datetime | str) -> int:
        return math.floor((_moment(until) - clock()).total_seconds() / 86_400)

    def check_name(name: str) -> str:
        return translate(CHECKS[name]) if name in CHECKS else name.replace("-", " ").capitalize()

    def field_name(name: str) -> str:
        return translate(FIELDS[name]) if name in FIELDS else name

    return {
        "day": day,
        "moment": moment,
        "days_left": days_left,
        "check_name": check_name,
        "field_name": field_name,
        "fingerprint": fingerprint,
        "near_matches": near_matches,
        "pretty": pretty,
    }


def fingerprint(sha256: str) -> str:
    """Return it as consoles show it: pairs of capital hex digits with colons."""
    return ":".join(sha256[i : i + 2] for i in range(0, len(sha256), 2)).upper()


def near_matches(field: str, received: Iterable[str]) -> list[str]:
    """Return at most three names that arrived and look like the field: the same letters somewhere in them."""
    words = {"email": ("mail", "upn"), "groups": ("group", "memberof"), "roles": ("role",)}.get(
        field, (field.replace("_", ""),)
    )
    return [name for name in received if any(word in name.lower().replace("_", "") for word in words)][:3]


def pretty(claims: Any) -> str:
    """Return JSON for people."""
    return json.dumps(claims, indent=2, ensure_ascii=False, default=str)


def _moment(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
