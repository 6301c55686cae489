"""What every group of checks starts from: a provider, a connection to it, and one sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from portico_sdk.flow import AdapterContext, BeginRequest, BeginResult, Callback, CheckResult
from portico_sdk.spec import Adapter, AdapterSpec
from portico_sdk.testing.network import no_network
from portico_sdk.testing.provider import MemoryCache, Provider, WatchedHttp, make_context

HANDLE = "handle-of-the-first-sign-in_0123456789"


@dataclass
class SignIn:
    """One sign-in at one connection, during which every connection past the guard fails.

    Attributes:
        http, records: there to be looked at, or changed before it begins.
        unguarded: addresses that were tried past the guard.
    """

    adapter: Adapter
    provider: Provider
    settings: Mapping[str, Any]
    http: WatchedHttp
    connection_id: str = "con-1"
    handle: str = HANDLE
    records: list[CheckResult] = field(default_factory=list)
    cache: MemoryCache = field(default_factory=MemoryCache)
    unguarded: list[str] = field(default_factory=list)

    def context(self) -> AdapterContext:
        """Return what the gateway would give for one call."""
        return make_context(
            self.adapter,
            self.provider,
            settings=self.settings,
            http=self.http,
            records=self.records,
            connection_id=self.connection_id,
            cache=self.cache,
        )

    def begin(self) -> BeginResult:
        """Begin it. Raises what the adapter raises."""
        with no_network(self.unguarded):
            return self.adapter.begin(self.context(), BeginRequest(handle=self.handle))

    def complete(self, callback: Callback) -> Any:
        """Complete it. Raises what the adapter raises."""
        with no_network(self.unguarded):
            return self.adapter.complete(self.context(), callback)

    def run(self) -> Any:
        """Begin, sign in at the provider, complete."""
        return self.complete(self.provider.answer(self.begin()))


class Setup:
    """Attributes and fixtures of the kit; see AdapterConformance."""

    spec: ClassVar[AdapterSpec]
    extra_settings: ClassVar[Mapping[str, Any]] = {}
    expects: ClassVar[Mapping[str, str | tuple[str, ...] | None]] = {}
    recognizes: ClassVar[tuple[str, ...]] = ()
    metadata: ClassVar[bytes] = b""

    def make_provider(self, name: str) -> Provider:
        """Return a new provider in memory, with a connection of its own called `name`."""
        raise AssertionError(f"{type(self).__name__} has to define make_provider(name)")

    def written(self, provider: Provider) -> dict[str, Any]:
        """What an administrator types for a connection to this provider."""
        return {**provider.settings(), **self.extra_settings}

    def sign_in(self, name: str = "one", *, handle: str = HANDLE) -> SignIn:
        """Return a sign-in that has not begun, at a new connection."""
        provider = self.make_provider(name)
        return SignIn(
            self.spec.adapter,
            provider,
            self.written(provider),
            WatchedHttp(provider.http),
            connection_id=f"con-{name}",
            handle=handle,
        )
