"""Addresses of routes, compiled once a test process: a thousand tests make the same application of three hundred routes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


def compile_routes_once() -> None:
    """Let Werkzeug keep what it compiles to build an address, for every rule that says the same.

    What it compiles asks the rule that it is called on for its converters, so rules of several applications share it.
    """
    make: Callable[..., Any] = Rule._compile_builder
    if getattr(make, "remembers", False):
        return
    made: dict[tuple[object, ...], Any] = {}

    def remember(rule: Rule, append_unknown: bool = True) -> Any:
        defaults = tuple(sorted((name, repr(value)) for name, value in (rule.defaults or {}).items()))
        known = (tuple(rule._trace), defaults, append_unknown)
        if known not in made:
            made[known] = make(rule, append_unknown)
        return made[known]

    remember.remembers = True  # type: ignore[attr-defined]
    Rule._compile_builder = remember  # type: ignore[method-assign]
