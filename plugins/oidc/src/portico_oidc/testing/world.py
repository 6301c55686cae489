"""Whole sign-ins in one process: a provider, a connection to it, and time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portico_oidc.adapter import OidcAdapter
from portico_oidc.testing.context import CALLBACK, NOW, FakeCache, fake_context
from portico_oidc.testing.http import FakeHttp
from portico_oidc.testing.provider import FakeProvider
from portico_sdk import (
    AdapterContext,
    BeginRequest,
    BeginResult,
    Callback,
    CheckResult,
    ExternalIdentity,
    SignInRefused,
)


@dataclass
class World:
    """One connection that fits one provider, until a test changes either.

    Args:
        changes: settings that replace the usual ones.
        checks: what the adapter noted for the trace.
    """

    provider: FakeProvider = field(default_factory=FakeProvider)
    adapter: OidcAdapter = field(default_factory=OidcAdapter)
    changes: dict[str, Any] = field(default_factory=dict)
    now: datetime = NOW
    checks: list[CheckResult] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.http = FakeHttp(self.provider.answer)
        self.cache = FakeCache()

    def context(self, **changes: Any) -> AdapterContext:
        """Return a context for one call; `changes` are arguments of `fake_context`."""
        settings = self.adapter.validate(self.provider.settings(**self.changes), self.now)
        made: Mapping[str, Any] = {"now": self.now, "record": self.checks, "cache": self.cache, **changes}
        return fake_context(settings, self.http, **made)

    def begin(self, request: BeginRequest | None = None) -> BeginResult:
        """Return what begins a sign-in."""
        return self.adapter.begin(self.context(), request or BeginRequest(handle="handle-1"))

    def complete(self, callback: Callback) -> ExternalIdentity:
        """Return the identity behind an answer. Raises SignInRefused."""
        return self.adapter.complete(self.context(), callback)

    def login(self, request: BeginRequest | None = None) -> ExternalIdentity:
        """Return the identity after a whole sign-in. Raises SignInRefused."""
        return self.complete(self.provider.sign_in(self.begin(request)))

    def refusal(self, request: BeginRequest | None = None) -> str:
        """Return the code that a whole sign-in is refused with. Raises AssertionError: it is not."""
        return refusal_of(lambda: self.login(request))

    def refused_answer(self, callback: Callback) -> str:
        """Return the code that an answer is refused with. Raises AssertionError: it is not."""
        return refusal_of(lambda: self.complete(callback))


def refusal_of(act: Callable[[], object]) -> str:
    """Return the code of the SignInRefused that `act` raises; any other outcome is an AssertionError."""
    try:
        accepted = act()
    except SignInRefused as refused:
        return refused.code
    raise AssertionError(f"accepted: {accepted!r}")


def returned(state: Mapping[str, str] | None, *params: tuple[str, str]) -> Callback:
    """Return what a browser brings back, written by hand."""
    return Callback("GET", CALLBACK, "", params, state)
