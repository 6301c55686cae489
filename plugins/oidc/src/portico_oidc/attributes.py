"""Claims as the claim rules read them: every claim by its name, as a tuple of strings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from portico_oidc.reasons import CheckFailed

_MAX_DEPTH = 5
_MAX_VALUES = 5000
_MAX_CHARACTERS = 256 * 1024
#: What protects the exchange says nothing about the person.
_PROTOCOL = frozenset({"nonce", "at_hash", "c_hash", "s_hash"})


def flatten(claims: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return name -> values: lists stay lists, booleans are `true` and `false`, members of objects have dotted names.

    A claim whose own name has a dot in it comes before a member of an object that would be called the same. Absent
    (null) claims stay absent. Raises CheckFailed: too many, too long or too deeply nested; nothing is cut off silently.
    """
    collected: dict[str, list[str]] = {}
    budget = _Budget()
    plain = {name: value for name, value in claims.items() if not isinstance(value, Mapping)}
    nested = {name: value for name, value in claims.items() if isinstance(value, Mapping)}
    for name, text in budget.spend(_walk_all(plain)):
        collected.setdefault(name, []).append(text)
    taken = set(collected)
    for name, text in budget.spend(_walk_all(nested)):
        if name not in taken:
            collected.setdefault(name, []).append(text)
    return {name: tuple(dict.fromkeys(values)) for name, values in collected.items()}


class _Budget:
    """What all attributes of one person may cost."""

    def __init__(self) -> None:
        self._values, self._characters = _MAX_VALUES, _MAX_CHARACTERS

    def spend(self, pairs: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        for name, text in pairs:
            self._values -= 1
            self._characters -= len(name) + len(text)
            if self._values < 0 or self._characters < 0:
                raise CheckFailed("claims-too-large", expected=f"at most {_MAX_VALUES} values")
            yield name, text


def _walk_all(claims: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in claims.items():
        if name not in _PROTOCOL:
            yield from _walk(name, value, 0)


def _walk(name: str, value: Any, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _MAX_DEPTH:
        raise CheckFailed("claims-too-large", expected=f"at most {_MAX_DEPTH} levels", received=name)
    if isinstance(value, Mapping):
        for member, inner in value.items():
            yield from _walk(f"{name}.{member}", inner, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _walk(name, item, depth + 1)
    elif isinstance(value, bool):
        yield name, "true" if value else "false"
    elif value is not None:
        yield name, str(value)
