"""From what the identity provider sent to a Profile, and the explanation of how. Pure: no database, no clock.

Nothing is cut short. A text that is too long or unprintable, and a list that cannot be given whole, is absent: half an
e-mail address is another person's, and half a list of groups is a wrong list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.claims.additions import NOTHING_ADDED, Additions, GroupRole, find_role
from app.claims.profile import LIST_FIELDS, Profile
from app.claims.results import Result, as_boolean, as_list, as_text
from app.claims.selecting import Selected, select_values
from app.translations import marked
from portico_sdk import PROFILE_FIELDS, ClaimRule, ClaimRules, ExternalIdentity
from portico_sdk.transforms import MAX_LENGTH, Values, apply_transform


@dataclass(frozen=True, slots=True)
class Explained:
    """How one field came about, for people who debug a mapping.

    Args:
        source: the attribute that won, or the operator's expression; None when none was there.
        raw: its values as sent, at most ten of them.
        steps: what each transform made of them: (kind, values), at most ten of them each.
        result: the field of the profile.
        remark: why the field is absent although something was sent.
    """

    field: str
    source: str | None
    raw: Values
    steps: tuple[tuple[str, Values], ...]
    result: Result
    remark: str = ""


def normalize(rules: ClaimRules, identity: ExternalIdentity, additions: Additions = NOTHING_ADDED) -> Profile:
    """Return the profile that the rules make of the identity. Never raises for anything an identity provider sends."""
    return make_profile(explain(rules, identity, additions))


def make_profile(explained: Sequence[Explained]) -> Profile:
    """Return the profile whose explanation this is."""
    fields = {one.field: one.result for one in explained if one.field in PROFILE_FIELDS}
    further = {one.field: one.result for one in explained if one.field not in fields and one.result is not None}
    return Profile(**fields, attributes=further)  # type: ignore[arg-type]


def explain(
    rules: ClaimRules, identity: ExternalIdentity, additions: Additions = NOTHING_ADDED
) -> tuple[Explained, ...]:
    """Return how each field comes about, those of every profile first. `normalize` gives exactly these results."""
    by_field = {rule.field: rule for rule in rules}
    types = {field: "list" if field in LIST_FIELDS else "string" for field in PROFILE_FIELDS}
    types |= {attribute.name: attribute.type for attribute in additions.attributes}
    explained = [_explain(by_field.get(name, ClaimRule(name, ())), identity, kind) for name, kind in types.items()]
    said = {one.field: one for one in explained}
    said["name"] = _full_name(said)
    if additions.group_roles:
        said["roles"] = _role(additions.group_roles, said["groups"])
    return tuple(said.values())


def missing_attributes(profile: Profile, additions: Additions) -> tuple[str, ...]:
    """Return the names of required attributes that the profile lacks: its sign-in is refused."""
    return tuple(one.name for one in additions.attributes if one.required and one.name not in profile.attributes)


def _full_name(said: dict[str, Explained]) -> Explained:
    """The name as it is, or made of its parts: many providers send only those, and Auth0 would show the e-mail instead."""
    name, parts = said["name"], [said[field].result for field in ("given_name", "family_name")]
    made = " ".join(part for part in parts if isinstance(part, str))
    if name.result is not None or name.remark or not made or len(made) > MAX_LENGTH:
        return name
    return replace(name, result=made, remark=marked("made of given_name and family_name"))


def _role(rules: tuple[GroupRole, ...], groups: Explained) -> Explained:
    """Where there are rules they alone decide: what the provider calls a role is not one of the application's."""
    if groups.remark and groups.result is None:
        return Explained("roles", "groups", groups.raw, (), None, marked(f"the groups are unknown: {groups.remark}"))
    member_of = groups.result if isinstance(groups.result, tuple) else ()
    decided = find_role(rules, member_of)
    if decided is None:
        return Explained(
            "roles", "groups", member_of[:10], (("group_roles", ()),), (), marked("no group has a role here")
        )
    by = marked("the default") if decided.group is None else f"in {decided.group}"
    return Explained("roles", "groups", member_of[:10], (("group_roles", (decided.role,)),), (decided.role,), by)


def _explain(rule: ClaimRule, identity: ExternalIdentity, kind: str) -> Explained:
    selected = select_values(rule, identity)
    if selected.remark:
        return Explained(rule.field, selected.source, _few(selected.values), (), None, selected.remark)
    values, steps = _transform(rule, selected)
    if selected.source is None and not any(step.kind == "constant" for step in rule.transforms):
        return Explained(rule.field, None, (), steps, None)
    result, remark = _AS[kind](rule.field, values)
    return Explained(rule.field, selected.source, _few(selected.values), steps, result, remark)


def _transform(rule: ClaimRule, selected: Selected) -> tuple[Values, tuple[tuple[str, Values], ...]]:
    values, steps = selected.values, []
    for transform in rule.transforms:
        values = apply_transform(values, transform)
        steps.append((transform.kind, _few(values)))
    return values, tuple(steps)


_AS = {"string": as_text, "list": as_list, "boolean": as_boolean}


def _few(values: Values) -> Values:
    return tuple(value[:MAX_LENGTH] for value in values[:10])
