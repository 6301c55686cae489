"""Claim rules as people write them: parsed into data with every bound checked, written back, and merged field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from app.claims.transforms import MAX_LENGTH
from app.errors import Invalid, Problem
from portico_sdk import PROFILE_FIELDS, ClaimRule, ClaimRules, Transform
from portico_sdk.claims import TransformKind

MAX_SOURCES = 30
MAX_SOURCE_LENGTH = 500
MAX_TRANSFORMS = 10
MAX_TABLE = 500

_KINDS: tuple[str, ...] = get_args(TransformKind)
_WITH_ARGUMENT = frozenset({"split", "strip_prefix", "constant", "join"})
_NEEDS_ARGUMENT = frozenset({"strip_prefix", "constant"})


def parse_rules(written: Any, field: str = "claim_rules") -> ClaimRules:
    """Return the rules that `written` says, only for the fields it names.

    Args:
        written: `{"email": {"sources": ["mail"], "transforms": [{"kind": "lower"}]}}`; transforms may have `argument`
            (split, strip_prefix, constant, join) or `table` (replace).
        field: the path under which problems are reported.
    Raises:
        Invalid: every problem is named.
    """
    if not isinstance(written, Mapping):
        raise Invalid(Problem(field, "rules-syntax", "Claim rules are an object, one member per field of the profile."))
    problems = [problem for name, rule in written.items() for problem in _rule_problems(f"{field}.{name}", name, rule)]
    if problems:
        raise Invalid(*problems)
    return tuple(_rule(name, written[name]) for name in PROFILE_FIELDS if name in written)


def dump_rules(rules: ClaimRules) -> dict[str, Any]:
    """Return what parse_rules would read as these rules."""
    return {
        rule.field: {"sources": list(rule.sources), "transforms": [_dump_transform(step) for step in rule.transforms]}
        for rule in rules
    }


def merge_rules(*layers: ClaimRules) -> ClaimRules:
    """Return for each field the rule of the first layer that has one."""
    merged: dict[str, ClaimRule] = {}
    for layer in layers:
        for rule in layer:
            merged.setdefault(rule.field, rule)
    return tuple(merged[field] for field in PROFILE_FIELDS if field in merged)


def _rule(name: str, written: Mapping[str, Any]) -> ClaimRule:
    steps = tuple(
        Transform(step["kind"], step.get("argument") or "", dict(step.get("table") or {}))
        for step in written.get("transforms") or ()
    )
    return ClaimRule(name, tuple(written.get("sources") or ()), steps)


def _dump_transform(step: Transform) -> dict[str, Any]:
    argument = {"argument": step.argument} if step.argument else {}
    return {"kind": step.kind, **argument, **({"table": dict(step.table)} if step.table else {})}


def _rule_problems(path: str, name: Any, rule: Any) -> Iterator[Problem]:
    if name not in PROFILE_FIELDS:
        yield Problem(path, "unknown-field", f"The profile has {', '.join(PROFILE_FIELDS)}.")
    elif not isinstance(rule, Mapping) or not {"sources", "transforms"}.issuperset(rule):
        yield Problem(path, "rule-syntax", "A rule has `sources` and `transforms`, and nothing else.")
    else:
        sources, steps = rule.get("sources") or [], rule.get("transforms") or []
        yield from _source_problems(f"{path}.sources", sources)
        yield from _step_problems(f"{path}.transforms", steps)
        if sources == [] and not (isinstance(steps, list) and any(_kind(step) == "constant" for step in steps)):
            yield Problem(f"{path}.sources", "required", "Name at least one attribute, or use a constant.")


def _source_problems(path: str, sources: Any) -> Iterator[Problem]:
    if not isinstance(sources, list) or len(sources) > MAX_SOURCES:
        yield Problem(path, "sources-syntax", f"Sources are a list of at most {MAX_SOURCES} attribute names.")
        return
    for position, source in enumerate(sources):
        if not _is_text(source, MAX_SOURCE_LENGTH):
            yield Problem(f"{path}[{position}]", "source-syntax", "An attribute name is text on one line.")


def _step_problems(path: str, steps: Any) -> Iterator[Problem]:
    if not isinstance(steps, list) or len(steps) > MAX_TRANSFORMS:
        yield Problem(path, "transforms-syntax", f"Transforms are a list of at most {MAX_TRANSFORMS} steps.")
        return
    for position, step in enumerate(steps):
        yield from _one_step_problems(f"{path}[{position}]", step)


def _one_step_problems(path: str, step: Any) -> Iterator[Problem]:
    kind = _kind(step)
    if kind not in _KINDS:
        yield Problem(path, "transform-unknown", f"A transform has a kind: {', '.join(_KINDS)}.")
        return
    allowed = (
        {"kind"} | ({"argument"} if kind in _WITH_ARGUMENT else set()) | ({"table"} if kind == "replace" else set())
    )
    for name in step:
        if name not in allowed:
            yield Problem(f"{path}.{name}"[:200], "transform-argument", f"{kind} has no such argument.")
    if (kind in _NEEDS_ARGUMENT or step.get("argument") is not None) and not _is_text(step.get("argument"), 200):
        yield Problem(f"{path}.argument", "transform-argument", f"{kind} needs a text of 1 to 200 characters.")
    if kind == "replace" and not _is_table(step.get("table")):
        yield Problem(f"{path}.table", "transform-table", f"A table has 1 to {MAX_TABLE} texts, each with a text.")


def _kind(step: Any) -> Any:
    kind = step.get("kind") if isinstance(step, Mapping) else None
    return kind if isinstance(kind, str) else None


def _is_text(value: Any, maximum: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= maximum and value.isprintable()


def _is_table(table: Any) -> bool:
    if not isinstance(table, Mapping) or not 0 < len(table) <= MAX_TABLE:
        return False
    return all(_is_text(key, MAX_LENGTH) and _is_text(value, MAX_LENGTH) for key, value in table.items())
