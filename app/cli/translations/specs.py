"""Finds the texts that an adapter declares as data: labels, help, steps, choices, explanations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from importlib import import_module

from portico_sdk import AdapterSpec, Explanation, SettingField, SetupStep


def find_declared(package: str) -> Iterator[str]:
    """Yield every text of the adapters that a package registers, some several times. Imports the package."""
    for spec in import_module(package).portico_register_adapters():
        yield from _of_spec(spec)
        yield from (text for one in _walk(spec, set()) for text in _of_explanation(one))


def find_names(package: str) -> Iterator[str]:
    """Yield what a provider's own console calls things: fields that its steps ask for, what to choose and to paste."""
    for spec in import_module(package).portico_register_adapters():
        asked = {name for step in spec.setup_steps for name in step.asks}
        yield from (field.label for field in spec.settings if field.name in asked)
        for step in spec.setup_steps:
            yield from (label for _, label in step.copies)
            yield from (text for pair in step.choices for text in pair)
            yield from (label for label, _ in step.snippets)


def _of_spec(spec: AdapterSpec) -> Iterator[str]:
    yield spec.label
    for field in spec.settings:
        yield from _of_field(field)
    for step in spec.setup_steps:
        yield from _of_step(step)


def _of_field(field: SettingField) -> Iterator[str]:
    yield from (field.label, field.help)


def _of_step(step: SetupStep) -> Iterator[str]:
    yield from (step.title, step.body, *(label for _, label in step.copies))
    for pair in step.choices:
        yield from pair
    for label, _ in step.snippets:
        yield label


def _of_explanation(explanation: Explanation) -> Iterator[str]:
    yield from (explanation.title, *explanation.causes, explanation.fix)


def _walk(value: object, seen: set[int]) -> Iterator[Explanation]:
    """Every explanation that an object of the contract or of its adapter holds, however deep."""
    if id(value) in seen or isinstance(value, type):
        return
    seen.add(id(value))
    if isinstance(value, Explanation):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _walk(getattr(value, field.name), seen)
    elif isinstance(value, tuple | list | frozenset):
        for one in value:
            yield from _walk(one, seen)
    elif type(value).__module__.startswith("portico"):
        for one in vars(value).values():
            yield from _walk(one, seen)
