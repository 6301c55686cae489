"""What each transform does. Each is pure and total, and cannot grow a value beyond the bounds.

The gateway evaluates rules with these; an author's tests may too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from portico_sdk.claims import Transform

MAX_VALUES = 1000
MAX_LENGTH = 1024

Values = tuple[str, ...]


def apply_transform(values: Values, transform: Transform) -> Values:
    """Return the values after one step. At most MAX_VALUES + 1 come out: the caller sees that there were too many."""
    return _STEPS[transform.kind](values, transform)[: MAX_VALUES + 1]


def _split(values: Values, transform: Transform) -> Values:
    separator = transform.argument or ","
    parts: list[str] = []
    for value in values:
        parts += value.split(separator, MAX_VALUES + 1)
        if len(parts) > MAX_VALUES:
            break
    return tuple(part for part in parts if part.strip())


def _join(values: Values, transform: Transform) -> Values:
    return ((transform.argument or " ").join(values),) if values else ()


def _constant(values: Values, transform: Transform) -> Values:
    return (transform.argument,)


_STEPS: Mapping[str, Callable[[Values, Transform], Values]] = {
    "trim": lambda values, _: tuple(value.strip() for value in values),
    "lower": lambda values, _: tuple(value.lower() for value in values),
    "split": _split,
    "first": lambda values, _: values[:1],
    "strip_prefix": lambda values, step: tuple(value.removeprefix(step.argument) for value in values),
    "replace": lambda values, step: tuple(step.table.get(value, value) for value in values),
    "constant": _constant,
    "join": _join,
}
