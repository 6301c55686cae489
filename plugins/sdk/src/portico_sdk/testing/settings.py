"""Checks of what the adapter makes of settings: canonical, total, and wrong in no other way than SettingsError."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from portico_sdk.errors import SettingsError
from portico_sdk.settings import SettingField
from portico_sdk.testing.setup import Setup

#: Nothing that any kind of setting can be.
_NOTHING_LIKE_IT: dict[str, Any] = {
    "a nested object": {"x": {"y": [1]}},
    "a list of objects": [{"x": 1}],
    "an object": object(),
}


class SettingChecks(Setup):
    """The methods `validate` and `check_ready`."""

    def test_settings_come_back_canonical(self) -> None:
        """Every SettingField is there, nothing else is, each has the form of its kind."""
        provider = self.make_provider("one")
        written = self.written(provider)
        before = copy.deepcopy(written)
        canonical = self.spec.adapter.validate(written, provider.now)
        assert written == before, "validate changed what it was given"
        assert set(canonical) == {field.name for field in self.spec.settings}, (
            "validate gives every declared setting, and no other: "
            f"{sorted(set(canonical) ^ {field.name for field in self.spec.settings})}"
        )
        for field in self.spec.settings:
            assert _fits(field, canonical[field.name]), f"{field.name} does not have the form {field.kind}"
        json.dumps(canonical)

    def test_canonical_settings_are_stable(self) -> None:
        """What was stored may be validated again, and stays as it is."""
        provider = self.make_provider("one")
        once = self.spec.adapter.validate(self.written(provider), provider.now)
        again = self.spec.adapter.validate({n: v for n, v in once.items() if v is not None}, provider.now)
        assert again == once, f"validating twice changes {[name for name in once if again.get(name) != once[name]]}"

    def test_a_draft_may_be_empty(self) -> None:
        """`validate` does not demand what only activation needs."""
        given = self.spec.adapter.validate({}, self.make_provider("one").now)
        for field in self.spec.settings:
            default = list(field.default) if isinstance(field.default, tuple) else field.default
            assert given[field.name] in (default, [] if default is None else default), (
                f"{field.name} of an empty draft is {given[field.name]!r}, its declared default {field.default!r}"
            )

    def test_an_unknown_setting_is_refused(self) -> None:
        """A misspelt name would otherwise be ignored in silence."""
        problems = self._problems({"no_such_setting_here": "x"}, "a setting that there is not")
        assert "no_such_setting_here" in problems, "the problem names the setting at fault"

    @pytest.mark.parametrize("what", _NOTHING_LIKE_IT)
    def test_a_value_of_another_kind_is_refused(self, what: str) -> None:
        """Whatever arrives, the answer is SettingsError that names the setting, never another exception."""
        for field in self.spec.settings:
            problems = self._problems({field.name: _NOTHING_LIKE_IT[what]}, f"{what} as {field.name}")
            assert field.name in problems, f"{what} as {field.name}: the problem names the setting at fault"

    def test_choices_and_bounds_are_kept(self) -> None:
        """What the declaration excludes, the adapter refuses."""
        for field in self.spec.settings:
            for value in _outside(field):
                problems = self._problems({field.name: value}, f"{field.name} = {value!r}")
                assert field.name in problems, f"{field.name} = {value!r}: the problem names the setting at fault"

    def test_every_problem_is_named_at_once(self) -> None:
        """Whoever fills in a form sees all that is wrong with it, not one thing after the other."""
        wrong = {field.name: {"x": 1} for field in self.spec.settings[:2]}
        problems = self._problems(wrong, "two wrong settings")
        assert set(wrong) <= problems, f"two settings are wrong, and only {sorted(problems)} are named"

    def test_working_settings_are_ready(self) -> None:
        """`check_ready` lets pass what a sign-in works with, and takes nothing but a refusal of the rest."""
        provider = self.make_provider("one")
        canonical = self.spec.adapter.validate(self.written(provider), provider.now)
        self.spec.adapter.check_ready(canonical, provider.now)
        empty = self.spec.adapter.validate({}, provider.now)
        if any(field.required for field in self.spec.settings):
            try:
                self.spec.adapter.check_ready(empty, provider.now)
            except SettingsError:
                return
            except Exception as error:
                raise AssertionError(f"check_ready raised {type(error).__name__}, not SettingsError") from error
            raise AssertionError("check_ready lets an empty connection be activated, although settings are required")

    def _problems(self, settings: dict[str, Any], what: str) -> set[str]:
        try:
            self.spec.adapter.validate(settings, self.make_provider("one").now)
        except SettingsError as error:
            return {problem.field.split("[")[0].split(".")[0] for problem in error.problems}
        except Exception as error:
            raise AssertionError(f"{what}: only SettingsError may be raised, not {type(error).__name__}") from error
        raise AssertionError(f"{what} is accepted")


def _fits(field: SettingField, value: Any) -> bool:
    if value is None:
        return True
    match field.kind:
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "list" | "certificates":
            return isinstance(value, list) and all(isinstance(one, str) for one in value)
        case "choice":
            return value in field.choices
    return isinstance(value, str)


def _outside(field: SettingField) -> list[Any]:
    wrong: list[Any] = []
    if field.kind == "choice":
        wrong.append("none-of-the-choices")
    if field.kind == "integer":
        wrong += [] if field.minimum is None else [field.minimum - 1]
        wrong += [] if field.maximum is None else [field.maximum + 1]
    if field.kind == "url":
        wrong += ["http://plain.example/x", "javascript:alert(1)", "not a url"]
    if field.kind == "boolean":
        wrong.append("maybe")
    return wrong
