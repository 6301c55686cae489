"""Noticing that our own value came back: the most common mistake of all. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.errors import Problem


def find_own_values(typed: Mapping[str, Any], base_url: str, labels: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return a problem for each typed value that is an address of ours.

    Args:
        labels: the provider's name of each field.
    """
    return tuple(
        Problem(name, "own-value", f"This is our own address. Paste {labels.get(name, name)} of your provider here.")
        for name, value in typed.items()
        if isinstance(value, str) and (value.strip() + "/").startswith(base_url + "/")
    )
