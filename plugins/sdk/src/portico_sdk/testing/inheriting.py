"""Inherited tests stay: a subclass neither deletes nor replaces one, unless it says why that one is expected to fail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def check_inherited(cls: type) -> None:
    """Raise TypeError when `cls` takes away a test that a class of a kit brings."""
    for name, owner in _inherited_tests(cls):
        if name in vars(cls) and not _expects_failure(vars(cls)[name]):
            raise TypeError(
                f"{cls.__name__} replaces {owner.__name__}.{name}. An inherited test stays as it is; one that is known to "
                f"fail is marked `@pytest.mark.xfail(reason=...)` on an override that calls super()."
            )
    if any(mark.name in ("skip", "skipif") for mark in _marks(vars(cls).get("pytestmark"))):
        raise TypeError(f"{cls.__name__} skips the kit. Mark single tests with `xfail(reason=...)`.")
    if vars(cls).get("__test__", True) is not True:
        raise TypeError(f"{cls.__name__} hides the kit from pytest by `__test__`.")


def _inherited_tests(cls: type) -> Iterator[tuple[str, type]]:
    for base in cls.__mro__[1:]:
        if "testing" in base.__module__.split("."):
            yield from ((name, base) for name in vars(base) if name.startswith("test_"))


def _expects_failure(member: Any) -> bool:
    marks = _marks(getattr(member, "pytestmark", None))
    return any(mark.name == "xfail" and mark.kwargs.get("reason") for mark in marks)


def _marks(found: Any) -> list[Any]:
    return list(found) if isinstance(found, list | tuple) else [] if found is None else [found]
