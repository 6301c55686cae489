"""Noticing that our own value came back: the most common mistake of all. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.errors import Problem


def find_own_values(
    typed: Mapping[str, Any], base_url: str, labels: Mapping[str, str], ours: Mapping[str, Any]
) -> tuple[Problem, ...]:
    """Return a problem for each typed value that is an address of ours, or what we told the provider to use.

    Args:
        labels: the provider's name of each field.
        ours: our side of the connection by name; an entity ID that was imported need not begin with our address.
    """
    own = {_plain(value) for value in ours.values() if isinstance(value, str) and value}
    return tuple(
        Problem(name, "own-value", f"This is our own address. Paste {labels.get(name, name)} of your provider here.")
        for name, value in typed.items()
        if isinstance(value, str) and (_plain(value) in own or (_plain(value) + "/").startswith(_plain(base_url) + "/"))
    )


def _plain(value: str) -> str:
    """Without what people change on the way: blanks, capital letters, a slash at the end."""
    return value.strip().rstrip("/").lower()
