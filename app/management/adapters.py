"""Adapters: what can be connected, and which settings that takes. All of it is data of the plug-ins."""

from __future__ import annotations

from typing import Any, Literal

from app.adapters import FailedPlugin, RegisteredAdapter
from app.management.operation import Call, Operation
from app.management.shapes import Page, Paging, Shape

READ = "connections:read"


class SettingOut(Shape):
    name: str
    kind: str
    label: str
    required: bool
    secret: bool
    editable_by: Literal["operator", "customer"]
    default: Any
    choices: list[str]
    minimum: int | None
    maximum: int | None
    help: str
    example: str


class CopyOut(Shape):
    value: str
    """Which of our values: `acs_url` and the like."""
    label: str
    """What the provider calls the field that it goes into."""


class ChoiceOut(Shape):
    field: str
    """What the provider calls the field."""
    value: str
    """What the provider calls the value."""


class SnippetOut(Shape):
    label: str
    text: str


class SetupStepOut(Shape):
    id: str
    title: str
    body: str
    copies: list[CopyOut]
    asks: list[str]
    """Names of the settings to fill in."""
    choices: list[ChoiceOut]
    """What to choose there."""
    snippets: list[SnippetOut]
    """What to paste there as it is: claim rules, commands, expressions."""


class AdapterOut(Shape):
    key: str
    label: str
    protocol: Literal["saml", "oidc"] | None
    distribution: str
    version: str
    contract: str
    capabilities: list[str]
    settings: list[SettingOut]
    setup_steps: list[SetupStepOut]
    state: Literal["ready", "failed"]
    """`failed`: the plug-in could not be loaded, and sign-ins through its connections are refused."""
    reason: str
    """Why it failed."""


def _show(adapter: RegisteredAdapter) -> AdapterOut:
    spec = adapter.spec
    return AdapterOut(
        key=spec.key,
        label=spec.label,
        protocol=spec.protocol,
        distribution=adapter.distribution,
        version=adapter.version,
        contract=spec.contract,
        capabilities=sorted(spec.capabilities),
        settings=[
            SettingOut(
                **{name: getattr(field, name) for name in SettingOut.model_fields if name != "choices"},
                choices=list(field.choices),
            )
            for field in spec.settings
        ],
        setup_steps=[
            SetupStepOut(
                id=step.id,
                title=step.title,
                body=step.body,
                copies=[CopyOut(value=value, label=label) for value, label in step.copies],
                asks=list(step.asks),
                choices=[ChoiceOut(field=field, value=value) for field, value in step.choices],
                snippets=[SnippetOut(label=label, text=text) for label, text in step.snippets],
            )
            for step in spec.setup_steps
        ],
        state="ready",
        reason="",
    )


def _show_failed(plugin: FailedPlugin) -> AdapterOut:
    return AdapterOut(
        key=plugin.name, label=plugin.name, protocol=None, distribution=plugin.distribution, version=plugin.version,
        contract="", capabilities=[], settings=[], setup_steps=[], state="failed", reason=plugin.reason,
    )  # fmt: skip


def list_all(call: Call[Paging]) -> Page[AdapterOut]:
    registry = call.rooms.registry
    shown = [_show(adapter) for adapter in registry.specs()] + [_show_failed(plugin) for plugin in registry.failed()]
    return Page(items=shown, next=None)


OPERATIONS = (
    Operation(("adapter", "list"), "GET", "/adapters", READ,
              "List adapters with their settings and set-up steps, and plug-ins that failed", list_all, Paging,
              Page[AdapterOut]),
)  # fmt: skip
