"""The form of a connection's settings, made of its adapter's fields: those that only operators change first. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.translations import marked
from app.web.setting_fields import Asked, ask_field, read_value
from portico_sdk import AdapterSpec

#: Metadata as a document; the adapter reads the settings from it.
DOCUMENT = "metadata_xml"


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under one heading."""

    title: str
    hint: str
    fields: tuple[Asked, ...]


def list_groups(spec: AdapterSpec, settings: Mapping[str, Any], secrets: list[str]) -> tuple[Group, ...]:
    """Return the fields with what is stored. Certificates are no fields: they are added and retired one by one."""
    asked = [ask_field(field, settings, frozenset(secrets)) for field in spec.settings if field.kind != "certificates"]
    ours = tuple(one for one in asked if one.field.editable_by == "operator")
    theirs = tuple(one for one in asked if one.field.editable_by == "customer")
    return (
        Group(marked("Only operators change these"), "The customer's administrator does not see them.", ours),
        Group(marked("The customer's administrator changes these too"), "By a set-up link, step by step.", theirs),
    )


def list_choices(spec: AdapterSpec, none: str) -> dict[str, list[tuple[str, str]]]:
    """Return what each `choice` offers, as (value, words); `none`, the word for nothing, where it has no default."""
    return {
        field.name: [*([] if field.default is not None else [("", none)]), *((one, one) for one in field.choices)]
        for field in spec.settings
        if field.kind == "choice"
    }


def read_changes(groups: tuple[Group, ...], form: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings that differ from what the form showed. An empty secret keeps what is stored."""
    changed: dict[str, Any] = {}
    for asked in (one for group in groups for one in group.fields):
        text = form.get(asked.field.name, "").strip()
        if asked.field.secret and not text and not form.get(f"{asked.field.name}-remove"):
            continue
        if _same(text, asked.value) and not asked.field.secret:
            continue
        changed[asked.field.name] = read_value(asked.field, text) if text else None
    if document := form.get(DOCUMENT, "").strip():
        changed[DOCUMENT] = document
    return changed


def _same(typed: str, shown: str) -> bool:
    """Browsers send line ends as CR LF."""
    return typed.replace("\r\n", "\n") == shown.strip()
