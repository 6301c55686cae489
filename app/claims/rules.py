"""Claim rules as people write them: parsed into data with every bound checked, written back, and merged field by field."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from app.claims.expressions import Expression, ExpressionRefused, parse_expression
from app.errors import Invalid, Problem
from portico_sdk import PROFILE_FIELDS, ClaimRule, ClaimRules, Transform
from portico_sdk.claims import TransformKind
from portico_sdk.transforms import MAX_LENGTH

MAX_SOURCES = 30
MAX_SOURCE_LENGTH = 500
MAX_TRANSFORMS = 10
MAX_TABLE = 500

_KINDS: tuple[str, ...] = get_args(TransformKind)
_WITH_ARGUMENT = frozenset({"split", "strip_prefix", "constant", "join"})
_NEEDS_ARGUMENT = frozenset({"strip_prefix", "constant"})


@dataclass(frozen=True, slots=True)
class ExpressedRule(ClaimRule):
    """A rule whose values an operator's expression makes. Adapters and customers have no such rules."""

    expression: Expression | None = None


def parse_rules(written: Any, field: str = "claim_rules", *, attributes: Collection[str] = ()) -> ClaimRules:
    """Return the rules that `written` says, only for the fields it names.

    Args:
        written: `{"email": {"sources": ["mail"], "transforms": [{"kind": "lower"}]}}`; transforms may have `argument`
            (split, strip_prefix, constant, join) or `table` (replace); `expression` stands in the place of `sources`.
        field: the path under which problems are reported.
        attributes: names that operators added to the profile.

    Does not ask who wrote them: see `check_customer_rules`.

    Raises:
        Invalid: every problem is named.
    """
    if not isinstance(written, Mapping):
        raise Invalid(Problem(field, "rules-syntax", "Claim rules are an object, one member per field of the profile."))
    known = (*PROFILE_FIELDS, *sorted(attributes))
    problems = [
        problem for name, rule in written.items() for problem in _rule_problems(f"{field}.{name}", name, rule, known)
    ]
    if problems:
        raise Invalid(*problems)
    return tuple(_rule(name, written[name]) for name in known if name in written)


def parse_stored_rules(stored: Mapping[str, Any]) -> ClaimRules:
    """Return rules that were judged when they were stored. One for an attribute that was since removed stays harmless."""
    return parse_rules(stored, attributes=[name for name in stored if name not in PROFILE_FIELDS])


def check_customer_rules(written: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a customer's rules leave: theirs, and the operators' expressions, which they neither make nor lose.

    Args:
        written: as `parse_rules` accepted them.

    Raises:
        Invalid: they hold an expression, or a rule in the place of one.
    """
    theirs = {name: rule for name, rule in stored.items() if "expression" in rule}
    problems = [
        Problem(f"claim_rules.{name}", "operator-only", "Only your provider's operators change this.")
        for name, rule in written.items()
        if rule != theirs.get(name) and ("expression" in rule or name in theirs)
    ]
    if problems:
        raise Invalid(*problems)
    return {**theirs, **written}


def dump_rules(rules: ClaimRules) -> dict[str, Any]:
    """Return what parse_rules would read as these rules."""
    return {
        rule.field: {**_dump_values(rule), "transforms": [_dump_transform(t) for t in rule.transforms]}
        for rule in rules
    }


def merge_rules(*layers: ClaimRules) -> ClaimRules:
    """Return for each field the rule of the first layer that has one."""
    merged: dict[str, ClaimRule] = {}
    for layer in layers:
        for rule in layer:
            merged.setdefault(rule.field, rule)
    further = sorted(field for field in merged if field not in PROFILE_FIELDS)
    return tuple(merged[field] for field in (*PROFILE_FIELDS, *further) if field in merged)


def _rule(name: str, written: Mapping[str, Any]) -> ClaimRule:
    steps = tuple(
        Transform(step["kind"], step.get("argument") or "", dict(step.get("table") or {}))
        for step in written.get("transforms") or ()
    )
    if "expression" in written:
        return ExpressedRule(name, (), steps, parse_expression(written["expression"]))
    return ClaimRule(name, tuple(written.get("sources") or ()), steps)


def _dump_values(rule: ClaimRule) -> dict[str, Any]:
    if isinstance(rule, ExpressedRule) and rule.expression is not None:
        return {"expression": rule.expression.text}
    return {"sources": list(rule.sources)}


def _dump_transform(step: Transform) -> dict[str, Any]:
    argument = {"argument": step.argument} if step.argument else {}
    return {"kind": step.kind, **argument, **({"table": dict(step.table)} if step.table else {})}


def _rule_problems(path: str, name: Any, rule: Any, known: tuple[str, ...]) -> Iterator[Problem]:
    if name not in known:
        yield Problem(path[:200], "unknown-field", f"The profile has {', '.join(known)}.")
    elif not isinstance(rule, Mapping) or not {"sources", "transforms", "expression"}.issuperset(rule):
        message = "A rule has `sources` or an `expression`, and `transforms`, and nothing else."
        yield Problem(path, "rule-syntax", message)
    else:
        sources, steps = rule.get("sources") or [], rule.get("transforms") or []
        yield from _source_problems(f"{path}.sources", sources)
        yield from _step_problems(f"{path}.transforms", steps)
        if "expression" in rule:
            yield from _expression_problems(f"{path}.expression", rule["expression"], sources)
        elif sources == [] and not (isinstance(steps, list) and any(_kind(step) == "constant" for step in steps)):
            yield Problem(f"{path}.sources", "required", "Name at least one attribute, or use a constant.")


def _expression_problems(path: str, expression: Any, sources: Any) -> Iterator[Problem]:
    if sources:
        yield Problem(path, "rule-syntax", "An expression stands in the place of sources: give one of the two.")
    try:
        parse_expression(expression if isinstance(expression, str) else "")
    except ExpressionRefused as error:
        yield Problem(path, "expression", str(error))


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
