"""A small evaluation of claim rules, for tests of an adapter's defaults. The gateway does the same, within bounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from portico_sdk.claims import ClaimRule
from portico_sdk.flow import ExternalIdentity
from portico_sdk.transforms import apply_transform

_LISTS = frozenset({"groups", "roles"})


def read_profile(rules: Iterable[ClaimRule], identity: ExternalIdentity) -> Mapping[str, str | tuple[str, ...] | None]:
    """Return what the rules make of the identity: None where nothing was sent, or the provider left values out."""
    return {rule.field: _read(rule, identity) for rule in rules}


def _read(rule: ClaimRule, identity: ExternalIdentity) -> str | tuple[str, ...] | None:
    values: tuple[str, ...] = ()
    for source in rule.sources:
        if source in identity.incomplete:
            return None
        values = tuple(value for value in identity.attributes.get(source, ()) if value.strip())
        if values:
            break
    for transform in rule.transforms:
        values = apply_transform(values, transform)
    if rule.field in _LISTS:
        return values or None
    return values[0] if values else None
