"""The pages of one adapter's wizard, made of its data. Pure.

A step that asks for a metadata address becomes the page with three ways in; one that only tells what to do in the
provider's console is done when the visitor says so; one that asks is done when what it asks for is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.web.setting_fields import Asked, ask_field, read_value
from portico_sdk import AdapterSpec, SettingField, SetupStep

#: Values of ours that an old adapter may name and this connection does not have are left out.
Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Copied:
    """A value of ours, by the name that the provider's console has for the place it goes to."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class WizardPage:
    """One page: what to paste and choose there, and what to bring back."""

    step: SetupStep
    kind: Literal["console", "metadata", "form"]
    copies: tuple[Copied, ...]
    asked: tuple[Asked, ...]
    done: bool

    @property
    def name(self) -> str:
        """As links of one step and the task list call it."""
        return f"step-{self.step.id}"


def list_pages(
    spec: AdapterSpec, settings: Mapping[str, Any], secrets: frozenset[str], ours: Values, done: frozenset[str]
) -> tuple[WizardPage, ...]:
    """Return the pages in the order of the provider's console.

    Args:
        settings: those stored, certificates as PEM or as described.
        secrets: names of the secrets that are set.
        ours: our side of the connection by name.
        done: pages that the visitor said are done.
    """
    fields = {field.name: field for field in spec.settings}
    return tuple(_page(step, spec, fields, settings, secrets, ours, done) for step in spec.setup_steps)


def parse_typed(page: WizardPage, form: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings that a form brought, ready to be laid over those stored.

    An empty secret and empty certificates keep what is stored. What the customer may not change is not read.
    """
    typed: dict[str, Any] = {}
    for asked in page.asked:
        field, text = asked.field, form.get(asked.field.name, "").strip()
        if field.kind in ("secret", "certificates") and not text:
            continue
        typed[field.name] = read_value(field, text)
    return typed


def missing_of(page: WizardPage, typed: Mapping[str, Any]) -> tuple[SettingField, ...]:
    """Return the required fields that are neither stored nor typed."""
    return tuple(
        one.field for one in page.asked if one.required and not typed.get(one.field.name, one.given and one.value)
        and not (one.given and one.field.name not in typed)
    )  # fmt: skip


def _page(
    step: SetupStep,
    spec: AdapterSpec,
    fields: Mapping[str, SettingField],
    settings: Mapping[str, Any],
    secrets: frozenset[str],
    ours: Values,
    done: frozenset[str],
) -> WizardPage:
    asked = tuple(
        ask_field(fields[name], settings, secrets)
        for name in step.asks
        if name in fields and fields[name].editable_by == "customer"
    )
    reads = "metadata_url" in step.asks and "metadata_import" in spec.capabilities
    kind: Literal["console", "metadata", "form"] = "metadata" if reads else "form" if asked else "console"
    copies = tuple(Copied(name, label, ours[name]) for name, label in step.copies if ours.get(name))
    said = f"step-{step.id}" in done
    filled = all(one.given for one in asked if one.required)
    complete = said if kind == "console" else filled and (said or any(one.required for one in asked))
    if kind == "metadata":  # without an address the values themselves may have come from a file
        complete = said or bool(settings.get("metadata_url"))
    return WizardPage(step, kind, copies, asked, complete)
