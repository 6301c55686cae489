"""What an event changed, member by member. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """One member before and after; empty: it was not there."""

    name: str
    before: str
    after: str
    differs: bool


def list_changes(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Change]:
    """Return the members of both, those that differ first."""
    before, after = before or {}, after or {}
    names = list(dict.fromkeys([*before, *after]))
    changes = [
        Change(name, _show(before.get(name)), _show(after.get(name)), before.get(name) != after.get(name))
        for name in names
    ]
    return sorted(changes, key=lambda change: not change.differs)


def _show(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
