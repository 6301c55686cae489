"""The adapters of this installation, and the plug-ins that only watch. Built once, read by all threads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from threading import Lock

import pluggy
import structlog

from app.adapters.first_party import FIRST_PARTY, normalize_distribution
from app.adapters.loader import (
    EntryPoint,
    FailedPlugin,
    RegisteredAdapter,
    find_entry_points,
    load_plugins,
    new_plugin_manager,
    sort_entry_points,
)
from app.adapters.patience import LIMIT_S, SLOW_S, Anything
from app.errors import SignInFailed
from portico_sdk import AdapterSpec, SignInEvent

log = structlog.get_logger(__name__)


class AdapterUnavailable(SignInFailed):
    """The adapter that a connection was made with is not there: its sign-ins fail, all others work."""

    code = "adapter-unavailable"


class Registry:
    """Answers which adapter a connection uses. A key alone never decides: the distribution must be the same too."""

    def __init__(
        self,
        adapters: Iterable[RegisteredAdapter],
        failures: Iterable[FailedPlugin] = (),
        skipped: Iterable[str] = (),
        plugins: pluggy.PluginManager | None = None,
    ) -> None:
        self._adapters = {adapter.spec.key: adapter for adapter in adapters}
        self._failures = tuple(failures)
        self._skipped = tuple(skipped)
        self._plugins = plugins or new_plugin_manager()
        self._observer_failures: Counter[str] = Counter()
        self._lock = Lock()

    @classmethod
    def load(
        cls,
        allowed: frozenset[str],
        entry_points: Iterable[EntryPoint] | None = None,
        *,
        limit_s: float = LIMIT_S,
    ) -> Registry:
        """Return the registry of what is installed. Never raises for what a plug-in does.

        Args:
            allowed: distributions that load beside the first-party ones (PORTICO_ADAPTERS).
            entry_points: those of the group `portico.adapters`; None asks the environment.
            limit_s: how long one plug-in may take to load; one that takes longer counts as failed.
        """
        wanted = {normalize_distribution(name) for name in allowed}
        found = sort_entry_points(find_entry_points() if entry_points is None else entry_points)
        usable = [one for one in found if one.distribution in FIRST_PARTY | wanted]
        skipped = sorted({one.distribution for one in found} - FIRST_PARTY - wanted)
        plugins = new_plugin_manager()
        adapters, failures = load_plugins(plugins, usable, limit_s)
        for name in sorted(wanted - {one.distribution for one in found}):
            failures.append(FailedPlugin("", name, "", "listed in PORTICO_ADAPTERS and not installed as a plug-in"))
        for failure in failures:
            log.error("plugin_failed", plugin=failure.name, distribution=failure.distribution, reason=failure.reason)
        return cls(adapters, failures, skipped, plugins)

    def get(self, key: str, distribution: str) -> AdapterSpec:
        """Return the adapter that `distribution` registered as `key`. Raises AdapterUnavailable.

        Another distribution that registers the same key later never takes over connections.
        """
        adapter = self._adapters.get(key)
        if adapter is None or adapter.distribution != distribution:
            raise AdapterUnavailable(f"{key} of {distribution} is not loaded")
        return adapter.spec

    def find(self, key: str) -> RegisteredAdapter | None:
        """Return the adapter that a new connection with this key would use, or None."""
        return self._adapters.get(key)

    def specs(self) -> tuple[RegisteredAdapter, ...]:
        """Return every usable adapter, by key."""
        return tuple(self._adapters[key] for key in sorted(self._adapters))

    def failed(self) -> tuple[FailedPlugin, ...]:
        """Return the plug-ins that cannot be used, with the reason."""
        return self._failures

    def slow(self) -> Mapping[str, float]:
        """Return the distributions that took long to load, with the seconds."""
        return {a.distribution: round(a.load_s, 1) for a in self._adapters.values() if a.load_s >= SLOW_S}

    def skipped(self) -> tuple[str, ...]:
        """Return distributions that are installed, and neither ours nor listed in PORTICO_ADAPTERS."""
        return self._skipped

    def observe(self, event: SignInEvent) -> None:
        """Tell every observer. One that fails is counted, and neither the sign-in nor the others feel it."""
        for implementation in self._plugins.hook.portico_observe.get_hookimpls():
            others = [plugin for plugin in self._plugins.get_plugins() if plugin is not implementation.plugin]
            try:
                self._plugins.subset_hook_caller("portico_observe", others)(event=event)
            except Anything as error:
                with self._lock:
                    self._observer_failures[implementation.plugin_name] += 1
                log.warning("observer_failed", plugin=implementation.plugin_name, error=type(error).__name__)

    def observer_failures(self) -> Mapping[str, int]:
        """Return how often each observer failed since the start."""
        with self._lock:
            return dict(self._observer_failures)
