"""Settings of adapters as forms show and read them: one field at a time, for customers and operators alike. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portico_sdk import SettingField


@dataclass(frozen=True, slots=True)
class Asked:
    """A setting as a form shows it. `given`: whether there is a value; a secret's is never here."""

    field: SettingField
    value: str
    given: bool
    required: bool


def ask_field(field: SettingField, settings: Mapping[str, Any], secrets: frozenset[str]) -> Asked:
    """Return the field with what is stored.

    Args:
        settings: those stored, certificates as PEM or as described.
        secrets: names of the secrets that are set.
    """
    if field.secret:
        return Asked(field, "", field.name in secrets, field.required)
    value = settings.get(field.name)
    return Asked(field, show_value(field, value), value not in (None, "", []), field.required)


def show_value(field: SettingField, value: Any) -> str:
    """Return what a form shows for the value; nothing for certificates, which are added and retired one by one."""
    if value is None or field.kind == "certificates":
        return ""
    if field.kind == "boolean":
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "\n".join(str(one) for one in value)
    return str(value)


def read_value(field: SettingField, text: str) -> Any:
    """Return what somebody typed, as the setting has it; None for nothing. What does not fit is left to validation."""
    if field.kind == "boolean":
        return text == "yes"
    if not text:
        return None
    if field.kind == "list":
        return [line.strip() for line in text.splitlines() if line.strip()]
    if field.kind == "integer" and text.lstrip("-").isdecimal() and len(text) < 20:
        return int(text)
    return [text] if field.kind == "certificates" else text
