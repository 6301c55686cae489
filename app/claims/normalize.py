"""From what the identity provider sent to a Profile, and the explanation of how. Pure: no database, no clock.

Nothing is cut short. A text that is too long or unprintable, and a list that cannot be given whole, is absent: half an
e-mail address is another person's, and half a list of groups is a wrong list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from app.claims.profile import LIST_FIELDS, Profile
from app.claims.transforms import MAX_LENGTH, MAX_VALUES, Values, apply_transform
from portico_sdk import PROFILE_FIELDS, ClaimRule, ClaimRules, ExternalIdentity

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_EMAIL = re.compile(r"[^\s@\"(),:;<>\[\]\\]{1,64}@[^\s@\"(),:;<>\[\]\\]{1,255}")


@dataclass(frozen=True, slots=True)
class Explained:
    """How one field came about, for people who debug a mapping.

    Args:
        source: the attribute that won; None when none was there.
        raw: its values as sent, at most ten of them.
        steps: what each transform made of them: (kind, values), at most ten of them each.
        result: the field of the profile.
        remark: why the field is absent although something was sent.
    """

    field: str
    source: str | None
    raw: Values
    steps: tuple[tuple[str, Values], ...]
    result: str | Values | None
    remark: str = ""


def normalize(rules: ClaimRules, identity: ExternalIdentity) -> Profile:
    """Return the profile that the rules make of the identity. Never raises for anything an identity provider sends."""
    fields = {explained.field: explained.result for explained in explain(rules, identity)}
    return Profile(**fields)  # type: ignore[arg-type]


def explain(rules: ClaimRules, identity: ExternalIdentity) -> tuple[Explained, ...]:
    """Return how each field comes about, in the order of the profile. `normalize` gives exactly these results."""
    by_field = {rule.field: rule for rule in rules}
    explained = [_explain(by_field.get(field, ClaimRule(field, ())), identity) for field in PROFILE_FIELDS]
    return tuple(_full_name(explained) if one.field == "name" else one for one in explained)


def _full_name(explained: list[Explained]) -> Explained:
    """The name as it is, or made of its parts: many providers send only those, and Auth0 would show the e-mail instead."""
    said = {one.field: one for one in explained}
    name, parts = said["name"], [said[field].result for field in ("given_name", "family_name")]
    made = " ".join(part for part in parts if isinstance(part, str))
    if name.result is not None or name.remark or not made or len(made) > MAX_LENGTH:
        return name
    return replace(name, result=made, remark="made of given_name and family_name")


def _explain(rule: ClaimRule, identity: ExternalIdentity) -> Explained:
    source, values, unknown = _select(rule, identity)
    if unknown:
        return Explained(rule.field, source, _few(values), (), None, "the provider left out values: unknown, not empty")
    steps: list[tuple[str, Values]] = []
    known = source is not None
    raw = values
    for transform in rule.transforms:
        values = apply_transform(values, transform)
        steps.append((transform.kind, _few(values)))
        known = known or transform.kind == "constant"
    if not known:
        return Explained(rule.field, None, (), tuple(steps), None)
    result, remark = _list(values) if rule.field in LIST_FIELDS else _text(rule.field, values)
    return Explained(rule.field, source, _few(raw), tuple(steps), result, remark)


def _select(rule: ClaimRule, identity: ExternalIdentity) -> tuple[str | None, Values, bool]:
    """The source that wins, its values that are not blank, and whether the provider left values out."""
    if rule.field in identity.incomplete:
        return None, (), True
    empty: str | None = None
    for source in rule.sources:
        if source in identity.incomplete:
            return source, identity.attributes.get(source, ()), True
        if source in identity.attributes:
            values = tuple(value for value in identity.attributes[source] if value and not value.isspace())
            if values:
                return source, values, False
            empty = empty or source
    return empty, (), False


def _text(field: str, values: Values) -> tuple[str | None, str]:
    if not values or not values[0].strip():
        return None, ""
    if not _is_usable(values[0]):
        return None, "too long, or not one printable line"
    if field == "email" and not _EMAIL.fullmatch(values[0]):
        return None, "not an e-mail address"
    return values[0], ""


def _list(values: Values) -> tuple[Values | None, str]:
    distinct = tuple(dict.fromkeys(value for value in values if value.strip()))
    if len(values) > MAX_VALUES:
        return None, f"more than {MAX_VALUES} values: unknown, not cut short"
    if not all(_is_usable(value) for value in distinct):
        return None, "a value is too long, or not one printable line"
    return distinct, ""


def _is_usable(value: str) -> bool:
    return len(value) <= MAX_LENGTH and not _UNPRINTABLE.search(value)


def _few(values: Values) -> Values:
    return tuple(value[:MAX_LENGTH] for value in values[:10])
