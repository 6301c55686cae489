"""What a spec must be before a gateway takes it. A plug-in is somebody else's code: nothing is taken for granted.

The gateway asks this when it starts, `portico plugins check` and the conformance kit ask it while an author works.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args

from portico_sdk.claims import PROFILE_FIELDS, ClaimRule, Transform, TransformKind
from portico_sdk.settings import FieldKind, SettingField, SetupStep
from portico_sdk.spec import CAPABILITIES, CONTRACT_VERSION, Adapter, AdapterSpec

#: Names of our values that a setup step may copy.
COPIES = frozenset(
    {
        "entity_id",
        "acs_url",
        "metadata_url",
        "slo_url",
        "certificate",
        "redirect_uri",
        "post_logout_redirect_uri",
        "backchannel_logout_uri",
    }
)
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_VERSION = re.compile(r"(\d{1,4})\.(\d{1,4})")


class BrokenContract(Exception):
    """The plug-in breaks the contract; the text says how, for whoever installed it."""


def check_spec(spec: Any) -> AdapterSpec:
    """Return the spec when it keeps the contract. Raises BrokenContract with the first thing that is wrong."""
    if type(spec) is not AdapterSpec:  # a subclass could answer differently each time it is asked
        raise BrokenContract(f"portico_register_adapters gave a {type(spec).__name__}, not an AdapterSpec")
    for wrong in _wrongs(spec):
        raise BrokenContract(f"{spec.key!r:.60}: {wrong}")
    return spec


def _wrongs(spec: AdapterSpec) -> Iterator[str]:
    if not _is_text(spec.key, 40) or not _KEY.fullmatch(spec.key):
        yield "the key is not lower-case kebab of at most 40 characters"
    yield from _contract_wrongs(spec.contract)
    if not _is_text(spec.label, 100):
        yield "the label is not a text of 1 to 100 characters"
    if spec.protocol not in ("saml", "oidc"):
        yield f"the protocol {spec.protocol!r:.40} is neither saml nor oidc"
    if not _is_adapter(spec.adapter):
        yield "the adapter does not have the methods of portico_sdk.Adapter"
    yield from _capability_wrongs(spec.capabilities, spec.adapter)
    yield from _setting_wrongs(spec.settings)
    yield from _step_wrongs(spec)
    yield from _rule_wrongs(spec.claim_rules)


def _contract_wrongs(contract: Any) -> Iterator[str]:
    ours = _VERSION.fullmatch(CONTRACT_VERSION)
    theirs = _VERSION.fullmatch(contract) if isinstance(contract, str) else None
    assert ours is not None
    if theirs is None:
        yield f"the contract version {contract!r:.40} is not MAJOR.MINOR"
    elif theirs[1] != ours[1] or int(theirs[2]) > int(ours[2]):
        yield f"it was written for contract {contract}, here is {CONTRACT_VERSION}"


def _capability_wrongs(declared: Any, adapter: object) -> Iterator[str]:
    if not isinstance(declared, frozenset):
        yield "capabilities are not a frozenset"
        return
    for name in sorted(declared, key=str):
        if name not in CAPABILITIES:
            yield f"there is no capability {name!r:.40}"
        elif not isinstance(adapter, CAPABILITIES[name]):
            yield f"it declares {name} and does not implement {CAPABILITIES[name].__name__}"


def _setting_wrongs(settings: Any) -> Iterator[str]:
    if not isinstance(settings, tuple) or any(type(field) is not SettingField for field in settings):
        yield "settings are not a tuple of SettingField"
        return
    names = [field.name for field in settings]
    if len(set(names)) != len(names):
        yield "two settings have the same name"
    for field in settings:
        for wrong in _field_wrongs(field):
            yield f"setting {field.name!r:.60}: {wrong}"


def _field_wrongs(field: SettingField) -> Iterator[str]:
    if not _is_text(field.name, 60) or not _NAME.fullmatch(field.name):
        yield "the name is not snake_case"
    if not _is_text(field.label, 200):
        yield "the label is not a text of 1 to 200 characters"
    if field.kind not in get_args(FieldKind):
        yield f"there is no kind {field.kind!r:.40}"
    if (field.kind == "secret") is not field.secret:
        yield "a secret has kind `secret` and secret=True, both or neither"  # else it would be stored or shown in clear
    if field.secret and field.default is not None:
        yield "a secret has no default"
    if field.editable_by not in ("operator", "customer"):
        yield "editable_by is neither operator nor customer"
    if field.kind == "choice" and (not field.choices or field.default not in (None, *field.choices)):
        yield "a choice has choices, and its default is one of them"
    if field.minimum is not None and field.maximum is not None and field.minimum > field.maximum:
        yield "the minimum is above the maximum"


def _step_wrongs(spec: AdapterSpec) -> Iterator[str]:
    steps = spec.setup_steps
    if not isinstance(steps, tuple) or any(type(step) is not SetupStep for step in steps):
        yield "setup_steps are not a tuple of SetupStep"
        return
    if len({step.id for step in steps}) != len(steps) or any(not _KEY.fullmatch(step.id) for step in steps):
        yield "ids of setup steps are kebab-case and unique"
    fields = {field.name for field in spec.settings}
    for step in steps:
        if not COPIES.issuperset(name for name, _ in step.copies):
            yield f"setup step {step.id}: copies names a value that there is not"
        if not fields.issuperset(step.asks):
            yield f"setup step {step.id}: asks for a setting that there is not"


def _rule_wrongs(rules: Any) -> Iterator[str]:
    if not isinstance(rules, tuple) or any(type(rule) is not ClaimRule for rule in rules):
        yield "claim_rules are not a tuple of ClaimRule"
        return
    fields = [rule.field for rule in rules]
    if len(set(fields)) != len(fields) or not set(fields).issubset(PROFILE_FIELDS):
        yield "claim rules name each field of the profile at most once, and no other"
    for rule in rules:
        if not isinstance(rule.sources, tuple) or not all(isinstance(source, str) for source in rule.sources):
            yield f"claim rule {rule.field}: sources are not a tuple of names"
        if any(type(step) is not Transform or step.kind not in get_args(TransformKind) for step in rule.transforms):
            yield f"claim rule {rule.field}: a transform is not one of the contract's"


def _is_adapter(value: object) -> bool:
    return isinstance(value, Adapter) and not isinstance(value, type)


def _is_text(value: Any, maximum: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= maximum and value.isprintable()
