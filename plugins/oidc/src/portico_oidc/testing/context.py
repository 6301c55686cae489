"""An AdapterContext made of plain values."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, TypeVar

from portico_sdk import AdapterContext, CheckResult, Http, ServiceProvider

T = TypeVar("T")

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CALLBACK = "https://portico.test/sso/oidc/con-1/callback"


class FakeCache:
    """The memory of one version of one connection."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def get_or_make(self, name: str, make: Callable[[], T]) -> T:
        """Return what `make` returned the first time."""
        if name not in self._made:
            self._made[name] = make()
        made: T = self._made[name]
        return made


def fake_context(
    settings: Mapping[str, Any],
    http: Http,
    *,
    now: datetime = NOW,
    record: list[CheckResult] | None = None,
    cache: FakeCache | None = None,
    connection_id: str = "con-1",
    redirect_uri: str = CALLBACK,
) -> AdapterContext:
    """Return a context whose random bytes differ at every call and are the same in every run."""
    counter = itertools.count()
    return AdapterContext(
        connection_id=connection_id,
        settings=settings,
        service_provider=ServiceProvider(
            redirect_uri=redirect_uri,
            post_logout_redirect_uri=redirect_uri.replace("/callback", "/logout"),
            backchannel_logout_uri=redirect_uri.replace("/callback", "/backchannel-logout"),
        ),
        now=now,
        random=lambda size: (sha256(f"{connection_id}{next(counter)}".encode()).digest() * (size // 32 + 1))[:size],
        http=http,
        cache=cache or FakeCache(),
        record=(record if record is not None else []).append,
    )
