"""Finds plug-ins among the installed distributions and takes each as a whole or not at all."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby, islice
from typing import Protocol

import pluggy

from app.adapters.first_party import FIRST_PARTY, RESERVED_KEYS, normalize_distribution
from app.adapters.patience import LIMIT_S, Anything, run_within
from portico_sdk import ENTRY_POINT_GROUP, PROJECT, AdapterSpec, BrokenContract, Hooks, check_spec

MAX_SPECS = 50  # of one distribution: a generator without end must not stop the start


@dataclass(frozen=True, slots=True)
class RegisteredAdapter:
    """An adapter that can be used, and whose it is. `load_s`: how long its plug-in took to load."""

    spec: AdapterSpec
    distribution: str
    version: str
    load_s: float = 0.0


@dataclass(frozen=True, slots=True)
class FailedPlugin:
    """A plug-in that is installed and cannot be used: none of its distribution's adapters are there."""

    name: str
    distribution: str
    version: str
    reason: str


class Distribution(Protocol):
    """What is read of an installed distribution."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...


class EntryPoint(Protocol):
    """What is read of an entry point; that of importlib.metadata is one."""

    @property
    def name(self) -> str: ...
    @property
    def dist(self) -> Distribution | None: ...
    def load(self) -> object: ...


@dataclass(frozen=True, slots=True)
class Found:
    """An entry point with its distribution's name in one spelling."""

    name: str
    distribution: str
    version: str
    entry_point: EntryPoint

    def failed(self, reason: str) -> FailedPlugin:
        return FailedPlugin(self.name, self.distribution, self.version, reason[:500])


def find_entry_points() -> Sequence[EntryPoint]:
    """Return the installed entry points of our group."""
    return tuple(importlib.metadata.entry_points(group=ENTRY_POINT_GROUP))


def sort_entry_points(entry_points: Iterable[EntryPoint]) -> list[Found]:
    """Return them ours first, then by distribution and name: the order is the same on every machine."""
    found = [
        Found(point.name, normalize_distribution(point.dist.name), point.dist.version, point)
        for point in entry_points
        if point.dist is not None
    ]
    return sorted(found, key=lambda one: (one.distribution not in FIRST_PARTY, one.distribution, one.name))


def load_plugins(
    plugins: pluggy.PluginManager, found: Sequence[Found], limit_s: float = LIMIT_S
) -> tuple[list[RegisteredAdapter], list[FailedPlugin]]:
    """Load distribution after distribution. What one of them does, the others do not feel."""
    adapters: list[RegisteredAdapter] = []
    failures: list[FailedPlugin] = []
    for _, group in groupby(found, key=lambda one: one.distribution):
        taken = {adapter.spec.key for adapter in adapters}
        loaded, failure = _load_distribution(plugins, list(group), taken, limit_s)
        adapters += loaded
        failures += [failure] if failure else []
    return adapters, failures


def _load_distribution(
    plugins: pluggy.PluginManager, points: list[Found], taken: set[str], limit_s: float
) -> tuple[list[RegisteredAdapter], FailedPlugin | None]:
    registered: list[str] = []
    adapters: list[RegisteredAdapter] = []
    for point in points:
        name = f"{point.distribution}:{point.name}"
        try:
            loaded = run_within(partial(_load_plugin, point.entry_point), limit_s)
            plugin, specs = loaded.value
            plugins.register(plugin, name=name)
            _check_keys(specs, point.distribution, taken | {adapter.spec.key for adapter in adapters})
        except Anything as error:
            for known in {*registered, name}:
                if plugins.has_plugin(known):
                    plugins.unregister(name=known)
            return [], point.failed(_reason(error))
        registered.append(name)
        adapters += [RegisteredAdapter(spec, point.distribution, point.version, loaded.took_s) for spec in specs]
    return adapters, None


def _load_plugin(entry_point: EntryPoint) -> tuple[object, list[AdapterSpec]]:
    """Import a plug-in and ask it for its adapters, on a manager of its own: it may never come back from this."""
    plugin = entry_point.load()
    if type(plugin).__eq__ is not object.__eq__ or type(plugin).__hash__ is not object.__hash__:
        raise BrokenContract("the entry point is not a module")  # pluggy would ask it who it equals, for every hook
    alone = new_plugin_manager()
    alone.register(plugin)
    alone.check_pending()
    answers = alone.hook.portico_register_adapters()
    given = list(islice((spec for answer in answers for spec in answer), MAX_SPECS + 1))
    if len(given) > MAX_SPECS:
        raise BrokenContract(f"it registers more than {MAX_SPECS} adapters")
    return plugin, [check_spec(spec) for spec in given]


def _check_keys(specs: Iterable[AdapterSpec], distribution: str, taken: set[str]) -> None:
    seen = set(taken)
    for spec in specs:
        owner = RESERVED_KEYS.get(spec.key)
        if owner is not None and owner != distribution:
            raise BrokenContract(f"the key {spec.key} is reserved for {owner}")
        if spec.key in seen:
            raise BrokenContract(f"the key {spec.key} is taken")
        seen.add(spec.key)


def _reason(error: BaseException) -> str:
    try:
        return str(error) if isinstance(error, BrokenContract) else f"{type(error).__name__}: {error}"
    except Anything:  # even the text of its error is the plug-in's code
        return type(error).__name__


def new_plugin_manager() -> pluggy.PluginManager:
    """Return a manager that knows our hooks and no plug-in."""
    plugins = pluggy.PluginManager(PROJECT)
    plugins.add_hookspecs(Hooks)
    return plugins
