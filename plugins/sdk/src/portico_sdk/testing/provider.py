"""What a test supplies, and what it gives to the adapter: a provider in memory, and a context that is watched."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from portico_sdk.errors import ProviderUnreachable, SignInRefused
from portico_sdk.flow import (
    AdapterContext,
    BeginResult,
    Callback,
    CheckResult,
    Document,
    Http,
    HttpResponse,
    ServiceProvider,
)
from portico_sdk.spec import Adapter

T = TypeVar("T")


class Provider(Protocol):
    """An identity provider in this process, with one connection to it."""

    @property
    def http(self) -> Http:
        """The way to it: answers every request of the adapter without leaving the process."""

    @property
    def now(self) -> datetime:
        """The time of the test, aware UTC."""

    @property
    def service_provider(self) -> ServiceProvider:
        """Our side of the connection."""

    def settings(self) -> Mapping[str, Any]:
        """Return what an administrator types for this connection."""

    def answer(self, begun: BeginResult) -> Callback:
        """Return what the browser brings back after the person signed in; `state` is that of `begun`."""


class MemoryCache:
    """The gateway's cache for one version of one connection."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def get_or_make(self, name: str, make: Callable[[], T]) -> T:
        """Return what `make` returned the first time."""
        if name not in self._made:
            self._made[name] = make()
        made: T = self._made[name]
        return made


@dataclass
class WatchedHttp:
    """Passes everything on to a provider's `http`, and notes it; or fails in its place.

    Attributes:
        asked: URLs of requests and documents, in order.
        checked: URLs that the adapter had checked before it sends a browser there.
        failing: every request raises ProviderUnreachable.
        instead: answer of every request, in the place of the provider's.
        closed: no browser may be sent anywhere.
    """

    inner: Http
    failing: bool = False
    instead: HttpResponse | None = None
    closed: bool = False
    asked: list[str] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        data: Mapping[str, str] | bytes | None = None,
    ) -> HttpResponse:
        """Return the answer of the provider, or what stands in its place."""
        self.asked.append(url)
        self._fail(url)
        return self.instead or self.inner.request(method, url, headers=headers, data=data)

    def document(self, url: str, *, max_age_s: int = 3600, newer_than: datetime | None = None) -> Document:
        """Return the provider's document, or what stands in its place."""
        self.asked.append(url)
        self._fail(url)
        found = self.inner.document(url, max_age_s=max_age_s, newer_than=newer_than)
        return found if self.instead is None else Document(self.instead.body, found.fetched_at, stale=False)

    def guard(self, session: Any) -> Any:
        """Return the session, guarded as the provider's `http` does it. Fails like a request when asked to."""
        self.asked.append("guard")
        self._fail("a guarded session")
        return self.inner.guard(session)

    def check_browser_url(self, url: str) -> None:
        """Note the URL; raise SignInRefused when closed."""
        self.checked.append(url)
        if self.closed:
            raise SignInRefused("browser-url-refused", f"not allowed: {url[:200]}")
        self.inner.check_browser_url(url)

    def was_checked(self, url: str) -> bool:
        """Return whether the address was checked; its query may have been added since."""
        plain = urlsplit(url)._replace(query="", fragment="")
        return any(urlsplit(one)._replace(query="", fragment="") == plain for one in self.checked)

    def _fail(self, url: str) -> None:
        if self.failing:
            raise ProviderUnreachable("outbound-failed", f"{url[:200]} cannot be reached")


def make_context(
    adapter: Adapter,
    provider: Provider,
    *,
    settings: Mapping[str, Any],
    http: Http | None = None,
    records: list[CheckResult] | None = None,
    connection_id: str = "con-1",
    cache: MemoryCache | None = None,
) -> AdapterContext:
    """Return what the gateway would give to the adapter for one call. Raises SettingsError."""
    return AdapterContext(
        connection_id=connection_id,
        settings=adapter.validate(settings, provider.now),
        service_provider=provider.service_provider,
        now=provider.now,
        random=os.urandom,
        http=http or provider.http,
        cache=cache or MemoryCache(),
        record=(records if records is not None else []).append,
    )
