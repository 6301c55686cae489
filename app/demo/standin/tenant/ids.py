"""Ids and times in the spelling of a tenant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

Random = Callable[[int], bytes]

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def make_id(prefix: str, random: Random, length: int = 16) -> str:
    """Return a new id: the prefix, such as `con_`, and letters and digits."""
    return prefix + "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in random(length))


def make_uuid(random: Random) -> str:
    """Return a new id of an Action, a version or a binding."""
    return str(UUID(bytes=random(16), version=4))


def spell_time(moment: datetime) -> str:
    """Return the moment as the API writes it: UTC, milliseconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
