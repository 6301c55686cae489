"""Loads a plug-in as the gateway would and asks its settings: run in a process of its own by `portico plugins check`."""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from app.adapters import Registry
from portico_sdk import AdapterSpec
from portico_sdk.testing import AdapterConformance

#: Tests of the kit that need no provider.
_OF_SETTINGS = (
    "test_a_draft_may_be_empty",
    "test_an_unknown_setting_is_refused",
    "test_choices_and_bounds_are_kept",
    "test_every_problem_is_named_at_once",
    "test_settings_can_be_told_apart",
    "test_what_a_customer_must_fill_in_is_asked_for",
    "test_setup_steps_copy_what_this_protocol_has",
    "test_setup_steps_are_worded",
    "test_no_claim_rule_is_empty",
)


@dataclass(frozen=True)
class Point:
    """An entry point of a distribution that is not installed."""

    name: str
    module: str
    dist: Any

    def load(self) -> object:
        """Import it."""
        return importlib.import_module(self.module)


def probe(said: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Yield findings as (part, subject, state, reason)."""
    distribution = SimpleNamespace(name=said["distribution"], version=said["version"])
    points = [Point(name, module, distribution) for name, module in said["entry_points"].items()]
    registry = Registry.load(frozenset({said["distribution"]}), points)
    for failed in registry.failed():
        yield "contract", failed.distribution, "fail", f"the gateway would not load it: {failed.reason}"
    for adapter in registry.specs():
        yield "contract", adapter.spec.key, "ok", f"contract {adapter.spec.contract}, loaded in {adapter.load_s:.1f} s"
        yield from _ask_settings(adapter.spec)


def _ask_settings(spec: AdapterSpec) -> Iterator[tuple[str, str, str, str]]:
    kit: Any = type(
        "Kit", (AdapterConformance,), {"spec": spec, "make_provider": lambda *_: SimpleNamespace(now=_NOW)}
    )()
    wrong = 0
    for name in _OF_SETTINGS:
        test = getattr(kit, name)
        try:
            test()
        except Exception as error:
            wrong += 1
            yield "settings", spec.key, "fail", f"{str(error).splitlines()[0]} ({test.__doc__.splitlines()[0]})"
    if not wrong:
        yield "settings", spec.key, "ok", f"{len(spec.settings)} settings, {len(spec.setup_steps)} set-up steps"


_NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

if __name__ == "__main__":
    findings = list(probe(json.loads(sys.argv[1])))
    Path(os.environ["PORTICO_CHECK_ANSWER"]).write_text(json.dumps(findings))
