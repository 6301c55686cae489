"""The functions that an expression may call: a closed list, each of which pays for what it reads and makes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jmespath import exceptions, functions

#: Those of JMESPath that cannot multiply what they are given, and four of ours.
FUNCTIONS = frozenset(
    re.findall(
        r"\w+",
        "contains ends_with join keys length lower map max max_by min min_by not_null replace reverse sort sort_by split "
        "starts_with to_array to_number to_string type upper values",
    )
)

#: Of one evaluation: nodes visited, and characters read, as a multiple of the input.
MAX_STEPS = 30_000
MAX_REREAD = 100
#: How many times longer than its input anything may become.
MAX_GROWTH = 10
SMALL = 256  # an input shorter than this counts as this long: the longest expression has as many characters


class TooMuch(Exception):
    """The evaluation used up what it may use; the text says of what."""


class Meter:
    """What one evaluation may still use.

    Args:
        size: characters of the input.
    """

    def __init__(self, size: int) -> None:
        self.longest = MAX_GROWTH * max(size, SMALL)
        self._steps, self._made, self._read = MAX_STEPS, self.longest, MAX_REREAD * max(size, SMALL)

    def step(self) -> None:
        """Count one node."""
        self._steps -= 1
        if self._steps < 0:
            raise TooMuch("it takes too many steps")

    def make(self, length: int) -> None:
        """Pay for characters before they are made."""
        self._made -= length
        if self._made < 0:
            raise TooMuch(f"it makes more than {MAX_GROWTH} times what was sent")

    def read(self, value: object) -> None:
        """Pay for looking through a text or a list."""
        if isinstance(value, str | list | dict):
            self._read -= len(value)
        if self._read < 0:
            raise TooMuch("it reads the same over and over")


class MeteredFunctions(functions.Functions):  # type: ignore[misc]
    """The functions, for one evaluation."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter

    def call_function(self, function_name: str, resolved_args: list[Any]) -> Any:
        """Return the function's value. Raises JMESPathError for arguments that it cannot take, TooMuch."""
        if function_name not in FUNCTIONS:
            raise exceptions.UnknownFunctionError(f"there is no function {function_name}")
        for argument in resolved_args:
            self._meter.read(argument)
        return super().call_function(function_name, resolved_args)

    @functions.signature({"types": ["string"]})  # type: ignore[untyped-decorator]
    def _func_lower(self, text: str) -> str:
        return self._made(text.lower())

    @functions.signature({"types": ["string"]})  # type: ignore[untyped-decorator]
    def _func_upper(self, text: str) -> str:
        return self._made(text.upper())

    @functions.signature({"types": ["string"]}, {"types": ["string"]})  # type: ignore[untyped-decorator]
    def _func_split(self, separator: str, text: str) -> list[str]:
        self._meter.make(len(text))
        return text.split(separator) if separator else [text]

    @functions.signature({"types": ["string"]}, {"types": ["string"]}, {"types": ["string"]})  # type: ignore[untyped-decorator]
    def _func_replace(self, old: str, new: str, text: str) -> str:
        if not old:
            return text
        self._meter.make(len(text) + text.count(old) * max(len(new) - len(old), 0))
        return text.replace(old, new)

    @functions.signature({"types": ["string"]}, {"types": ["array-string"]})  # type: ignore[untyped-decorator]
    def _func_join(self, separator: str, parts: list[str]) -> str:
        self._meter.make(sum(map(len, parts)) + len(separator) * len(parts))
        return separator.join(parts)

    @functions.signature({"types": []})  # type: ignore[untyped-decorator]
    def _func_to_string(self, value: Any) -> str:
        """Texts of lists would double their quotes at each call."""
        if isinstance(value, list | dict) or value is None:
            raise exceptions.JMESPathTypeError(
                "to_string", value, type(value).__name__, ["string", "number", "boolean"]
            )
        return self._made(as_text(value))

    @functions.signature({"types": ["array", "string"]}, {"types": ["string"]})  # type: ignore[untyped-decorator]
    def _func_contains(self, where: list[Any] | str, text: str) -> bool:
        return text in where if isinstance(where, str) else any(isinstance(one, str) and one == text for one in where)

    def _made(self, text: str) -> str:
        self._meter.make(len(text))
        return text


def as_text(value: str | float | bool) -> str:
    """Return a scalar as the text that stands for it in a profile."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)


def count_arguments(name: str) -> tuple[int, int | None]:
    """Return how many arguments the function takes: at least, and at most (None: any number)."""
    table: Mapping[str, Any] = MeteredFunctions.FUNCTION_TABLE
    signature = table[name]["signature"]
    return len(signature), None if signature and signature[-1].get("variadic") else len(signature)
