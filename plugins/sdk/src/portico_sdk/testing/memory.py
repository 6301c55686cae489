"""Noticing what an adapter keeps between sign-ins, outside of its cache."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Any

from portico_sdk.spec import AdapterSpec

_DEEPEST = 3


def fingerprint(spec: AdapterSpec) -> Mapping[str, str]:
    """Return the changeable values that the adapter's packages and the adapter itself hold, by where they are."""
    found = {f"adapter.{name}": _print(value, 0) for name, value in _members(spec.adapter)}
    modules = list(_modules(spec))
    own = {module.__name__ for module in modules}
    for module in modules:
        for name, value in list(vars(module).items()):
            changeable = isinstance(value, dict | list | set | bytearray) or type(value).__module__ in own
            if changeable and not name.startswith("__"):
                found[f"{module.__name__}.{name}"] = _print(value, 0)
    return found


def _modules(spec: AdapterSpec) -> Iterator[ModuleType]:
    """The package of the adapter's class, and those whose module holds this very spec; their test kits left out."""
    modules = [(name, module) for name, module in list(sys.modules.items()) if isinstance(module, ModuleType)]
    tops = {type(spec.adapter).__module__.split(".")[0]}
    tops |= {name.split(".")[0] for name, module in modules if any(value is spec for value in vars(module).values())}
    tops -= {"portico_sdk", "tests", "conftest"}
    for name, module in modules:
        parts = name.split(".")
        if parts[0] in tops and "testing" not in parts and not parts[-1].startswith("test_"):
            yield module


def _members(value: object) -> Iterator[tuple[str, Any]]:
    for kind in type(value).__mro__:
        slots = vars(kind).get("__slots__", ())
        names = (slots,) if isinstance(slots, str) else slots
        yield from ((name, getattr(value, name)) for name in names if hasattr(value, name))
        yield from ((name, one) for name, one in vars(kind).items() if isinstance(one, dict | list | set))
    yield from vars(value).items() if hasattr(value, "__dict__") else ()


def _print(value: Any, depth: int) -> str:
    if depth > _DEEPEST:
        return type(value).__name__
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_print(k, depth + 1)}:{_print(v, depth + 1)}" for k, v in list(value.items())) + "}"
    if isinstance(value, list | tuple | set | frozenset):
        parts = [_print(part, depth + 1) for part in value]
        return f"[{','.join(sorted(parts) if isinstance(value, set | frozenset) else parts)}]"
    if isinstance(value, str | bytes | bytearray | int | float | bool | None):
        return repr(value)
    if hasattr(value, "__dict__") and not isinstance(value, type | ModuleType | FunctionType):
        return f"{type(value).__name__}{_print(vars(value), depth + 1)}"
    return f"{type(value).__name__}@{id(value)}"
