"""A connection as a sign-in uses it, and the memory that keeps a login from decrypting anything twice."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar

from app.claims import Additions, ClaimRules
from portico_sdk import AdapterContext, AdapterSpec, CheckResult, Http, ServiceProvider

T = TypeVar("T")

MAX_REMEMBERED = 2000
MAX_SEALED = 100
MAX_CACHED = 200


class ConnectionCache:
    """What an adapter keeps for one version of one connection's configuration. Gone when that version is."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}
        self._lock = Lock()

    def get_or_make(self, name: str, make: Callable[[], T]) -> T:
        """Return what was made first under this name. `make` may run twice at once; one result is kept."""
        if name in self._values:
            return self._values[name]  # type: ignore[no-any-return]
        made = make()  # outside of the lock: it may take long, and may ask for something else
        with self._lock:
            if name not in self._values and len(self._values) >= MAX_CACHED:
                return made
            return self._values.setdefault(name, made)  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class OpenedConfiguration:
    """One version of a connection's configuration, decrypted. Shared by threads, never changed."""

    version: int
    spec: AdapterSpec
    distribution: str
    settings: Mapping[str, Any] = field(repr=False)
    claim_rules: ClaimRules
    service_provider: ServiceProvider = field(repr=False)
    http: Http
    cache: ConnectionCache


@dataclass(frozen=True, slots=True)
class LiveConnection:
    """A connection at this moment, or as it was found at its beginning.

    Args:
        trust: changes whenever something changed that ends sessions; sessions compare it with what they remember.
        subject_source: where subjects come from since the first sign-in; None before.
        additions: what operators added to the profile.
    """

    id: str
    organization_id: str
    organization_external_id: str | None
    organization_status: str
    organization_policy: Mapping[str, Any]
    status: str
    subject_source: str | None
    trust: str
    additions: Additions
    configuration: OpenedConfiguration = field(repr=False)
    random: Callable[[int], bytes] = field(repr=False)
    organization_auth0_id: str | None = None

    @property
    def usable(self) -> bool:
        """Whether a sign-in may use it: connection and organization are active."""
        return self.status == "active" and self.organization_status == "active"

    @property
    def version(self) -> int:
        return self.configuration.version

    @property
    def spec(self) -> AdapterSpec:
        return self.configuration.spec

    @property
    def distribution(self) -> str:
        return self.configuration.distribution

    @property
    def claim_rules(self) -> ClaimRules:
        """The connection's rules over the adapter's over the defaults, field by field."""
        return self.configuration.claim_rules

    @property
    def service_provider(self) -> ServiceProvider:
        return self.configuration.service_provider

    def context(self, now: datetime, record: Callable[[CheckResult], None]) -> AdapterContext:
        """Return all that the adapter may use for one call. Does not look at `usable`: the caller must have."""
        configuration = self.configuration
        return AdapterContext(
            connection_id=self.id,
            settings=configuration.settings,
            service_provider=configuration.service_provider,
            now=now,
            random=self.random,
            http=configuration.http,
            cache=configuration.cache,
            record=record,
        )


class ConfigurationMemory:
    """The configurations used last, at most `limit` of them. One of another version is never given back.

    Beside them a few rows as they are stored, for the moment between finding a connection and opening it.
    """

    def __init__(self, limit: int = MAX_REMEMBERED) -> None:
        self._limit = limit
        self._known: OrderedDict[str, OpenedConfiguration] = OrderedDict()
        self._sealed: OrderedDict[str, Any] = OrderedDict()
        self._lock = Lock()

    def find(self, connection_id: str, version: int) -> OpenedConfiguration | None:
        """Return the remembered configuration when it has exactly this version."""
        with self._lock:
            known = self._known.get(connection_id)
            if known is None or known.version != version:
                return None
            self._known.move_to_end(connection_id)
            return known

    def keep(self, connection_id: str, configuration: OpenedConfiguration) -> OpenedConfiguration:
        """Remember the configuration, and return the one to use: what another thread made of the same version is kept."""
        with self._lock:
            known = self._known.get(connection_id)
            if known is not None and known.version == configuration.version:
                return known
            self._known[connection_id] = configuration
            self._known.move_to_end(connection_id)
            while len(self._known) > self._limit:
                self._known.popitem(last=False)
            return configuration

    def holds(self, connection_id: str) -> bool:
        """Whether some version of this connection's configuration is here."""
        return connection_id in self._known

    def lay_by(self, row: Any) -> None:
        """Keep a row with `id`, `version` and the sealed columns until it is taken, or others have come after it."""
        with self._lock:
            self._sealed[row.id] = row
            while len(self._sealed) > MAX_SEALED:
                self._sealed.popitem(last=False)

    def take_sealed(self, connection_id: str, version: int) -> Any:
        """Return the row laid by for exactly this version and forget it, or None."""
        with self._lock:
            row = self._sealed.pop(connection_id, None)
        return row if row is not None and row.version == version else None

    def __len__(self) -> int:
        return len(self._known)
