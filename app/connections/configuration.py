"""From what somebody wrote to settings that an adapter accepts: merged, validated, split into public and secret."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import structlog

from app.errors import Invalid, Problem
from portico_sdk import AdapterSpec, SettingField, SettingsError

log = structlog.get_logger(__name__)

MAX_TEXT = 10_000
MAX_ITEMS = 100

Canonical = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Configuration:
    """Settings in canonical form. `public` may be shown; `secret` has only those that are set."""

    public: dict[str, Any]
    secret: dict[str, str]

    @property
    def all(self) -> Canonical:
        """Every setting, as adapters get them."""
        return {**self.public, **self.secret}


def make_configuration(spec: AdapterSpec, written: Mapping[str, Any], now: datetime) -> Configuration:
    """Return what the adapter makes of `written`. Raises Invalid naming every field at fault."""
    canonical = _validate(spec, _as_pem(spec, written), now)
    problems = [problem for field in spec.settings for problem in _kind_problems(field, canonical[field.name])]
    if problems:
        raise Invalid(*problems)
    secret = {f.name: canonical[f.name] for f in spec.settings if f.secret and canonical[f.name] is not None}
    return Configuration({f.name: canonical[f.name] for f in spec.settings if not f.secret}, secret)


def change_configuration(
    spec: AdapterSpec, stored: Canonical, patch: Mapping[str, Any], now: datetime
) -> Configuration:
    """Return the stored settings with `patch` laid over them: absent keeps, null removes.

    What an input-only name such as `metadata_xml` brings replaces what is stored, unless the patch names it too.
    """
    fields = {field.name: field for field in spec.settings}
    written = {
        name: value
        for name, value in stored.items()
        if name in fields and value is not None and value != fields[name].default
    }
    input_only = {name: value for name, value in patch.items() if name not in fields and value is not None}
    if input_only:
        brought = _validate(spec, input_only, now)
        nothing = _validate(spec, {}, now)
        written = {name: value for name, value in written.items() if brought[name] == nothing[name]}
    written.update(patch)
    return make_configuration(spec, {name: value for name, value in written.items() if value is not None}, now)


def check_ready(spec: AdapterSpec, settings: Canonical, now: datetime) -> None:
    """Raise Invalid unless a sign-in could work with these settings."""
    required = [f for f in spec.settings if f.required and settings.get(f.name) in (None, "", [])]
    if required:
        raise Invalid(*(_problem(f.name, "required", f"{f.label} is needed.") for f in required))
    _ask(spec, lambda: spec.adapter.check_ready(settings, now))


def check_customer_may(spec: AdapterSpec, patch: Mapping[str, Any]) -> None:
    """Raise Invalid when `patch` names a setting that only operators change."""
    closed = [f.name for f in spec.settings if f.editable_by != "customer" and f.name in patch]
    if closed:
        raise Invalid(
            *(_problem(name, "operator-only", "Only your provider's operators change this.") for name in closed)
        )


def _as_pem(spec: AdapterSpec, written: Mapping[str, Any]) -> dict[str, Any]:
    """What we show of a certificate may come back as it was shown: its PEM counts."""
    fields = {field.name for field in spec.settings if field.kind == "certificates"}
    return {
        name: [item.get("pem") if isinstance(item, Mapping) else item for item in value]
        if name in fields and isinstance(value, list)
        else value
        for name, value in written.items()
    }


def _validate(spec: AdapterSpec, written: Mapping[str, Any], now: datetime) -> Canonical:
    canonical: Any = _ask(spec, lambda: spec.adapter.validate(written, now))
    if not isinstance(canonical, dict) or set(canonical) != {field.name for field in spec.settings}:
        log.error("adapter_broke_contract", adapter=spec.key, step="validate")
        raise Invalid(Problem("settings", "adapter-failed", "The adapter does not give the settings that it declares."))
    return canonical


def _ask(spec: AdapterSpec, ask: Callable[[], T]) -> T:
    try:
        return ask()
    except SettingsError as error:
        raise Invalid(*(_problem(p.field, p.code, p.message) for p in error.problems)) from error
    except Exception as error:
        log.exception("adapter_failed", adapter=spec.key, step="settings")
        raise Invalid(Problem("settings", "adapter-failed", "The adapter cannot read these settings.")) from error


def _kind_problems(field: SettingField, value: Any) -> Iterator[Problem]:
    """The adapter's answer is checked against its own declaration before it is stored."""
    if value is None:
        return
    if field.kind in ("text", "url", "secret", "choice"):
        fits = isinstance(value, str) and len(value) <= MAX_TEXT and "\0" not in value
        fits = fits and (field.kind != "choice" or value in field.choices)
    elif field.kind == "boolean":
        fits = isinstance(value, bool)
    elif field.kind == "integer":
        fits = isinstance(value, int) and not isinstance(value, bool) and _within(field, value)
    else:
        fits = isinstance(value, list) and len(value) <= MAX_ITEMS and all(_is_item(item) for item in value)
    if not fits:
        yield _problem(field.name, "wrong-kind", f"{field.label} does not have the form {field.kind}.")


def _within(field: SettingField, value: int) -> bool:
    return (field.minimum is None or value >= field.minimum) and (field.maximum is None or value <= field.maximum)


def _is_item(item: Any) -> bool:
    return isinstance(item, str) and len(item) <= MAX_TEXT and "\0" not in item


def _problem(field: str, code: str, message: str) -> Problem:
    return Problem(f"settings.{field}" if field else "settings", code, message)
