"""Claim rules as a table: names, in what order they count, and one of a few ways to change what they bring. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from app.claims import Additions, Explained
from app.translations import marked
from portico_sdk import PROFILE_FIELDS

Rules = Mapping[str, Mapping[str, Any]]

#: Ways to change a value, as the transforms that they are. `other`: what operators wrote, which stays as it is.
HOWS: Final[Mapping[str, tuple[dict[str, str], ...]]] = {
    "keep": (),
    "trim": ({"kind": "trim"},),
    "lower": ({"kind": "trim"}, {"kind": "lower"}),
    "split": ({"kind": "split", "argument": ","}, {"kind": "trim"}),
}
HOW_NAMES: Final[Mapping[str, str]] = {
    "keep": marked("As received"),
    "trim": marked("Trimmed"),
    "lower": marked("Lower case"),
    "split": marked("Split at commas"),
    "other": marked("As set up for you"),
}
_PREFIX: Final = "attribute-"


@dataclass(frozen=True, slots=True)
class Row:
    """One field of the profile.

    Args:
        key: of the form's field.
        typed: names of attributes, separated by commas.
        how: key of HOW_NAMES.
        locked: an operator's expression makes it.
        explained: what comes of what arrived; None when nothing arrived.
    """

    name: str
    key: str
    need: Literal["required", "expected", "optional"]
    typed: str
    how: str
    hows: tuple[str, ...]
    locked: bool
    explained: Explained | None

    @property
    def missing(self) -> bool:
        """Whether something arrived, and not this, which is needed."""
        return self.explained is not None and self.explained.result is None and self.need != "optional"


def list_rows(
    in_force: Rules, form: Mapping[str, str], additions: Additions, explained: Mapping[str, Explained]
) -> tuple[Row, ...]:
    """Return a row for each field of the profile, those that operators added last.

    Args:
        in_force: the rules as they are stored, each field with one.
        form: what was typed, laid over them.
    """
    required = {one.name for one in additions.attributes if one.required}
    names = (*PROFILE_FIELDS, *(one.name for one in additions.attributes))
    by_group = {"roles"} if additions.group_roles else set()
    rows = []
    for name in names:
        rule = in_force.get(name, {})
        stored = how_of(rule.get("transforms") or ())
        how = form.get(f"how-{key_of(name)}", stored)
        need: Literal["required", "expected", "optional"] = (
            "required" if name in required else "expected" if name == "email" else "optional"
        )
        row = Row(
            name,
            key_of(name),
            need,
            form.get(key_of(name), ", ".join(rule.get("sources") or ())),
            how if how in HOW_NAMES else stored,
            (*HOWS, "other") if stored == "other" else tuple(HOWS),
            "expression" in rule or name in by_group,
            explained.get(name),
        )
        rows.append(row)
    return tuple(rows)


def rules_of(presets: Rules, stored: Rules, rows: tuple[Row, ...]) -> dict[str, Any]:
    """Return the rules that are the connection's own: a field as its preset has it needs none.

    Args:
        presets: what would hold without rules of its own.
    """
    rules: dict[str, Any] = dict(stored)
    for row in rows:
        sources = [one.strip() for one in re.split(r"[,\n]", row.typed) if one.strip()]
        now = stored.get(row.name) or presets.get(row.name, {})
        if row.locked:
            continue
        transforms = list(now.get("transforms") or ()) if row.how == "other" else list(HOWS[row.how])
        rule = {"sources": sources, "transforms": transforms}
        if not sources or rule == _plain(presets.get(row.name, {})):
            rules.pop(row.name, None)
        else:
            rules[row.name] = rule
    return rules


def use_source(form: Mapping[str, str], in_force: Rules) -> dict[str, str]:
    """Return the form with the name of a "use this" button put first in its field."""
    key, _, name = form.get("use", "").partition("=")
    field = key.removeprefix(_PREFIX)
    if not name or (field not in in_force and key not in PROFILE_FIELDS and not key.startswith(_PREFIX)):
        return dict(form)
    before = form.get(key, ", ".join(in_force.get(field, {}).get("sources") or ()))
    others = [one.strip() for one in before.split(",") if one.strip() and one.strip() != name]
    return {**form, key: ", ".join([name, *others])}


def how_of(transforms: Any) -> str:
    """Return the way that these transforms are."""
    plain = [dict(step) for step in transforms]
    return next((key for key, steps in HOWS.items() if plain == list(steps)), "other")


def key_of(name: str) -> str:
    """Return the form's name for a field: an added attribute may be called as anything."""
    return name if name in PROFILE_FIELDS else _PREFIX + name


def _plain(rule: Mapping[str, Any]) -> dict[str, Any]:
    return {"sources": list(rule.get("sources") or ()), "transforms": [dict(s) for s in rule.get("transforms") or ()]}
