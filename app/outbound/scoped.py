"""The contract's Http for one connection: the guard's requests, and the documents of that connection alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from app.outbound.guard import OutboundGuard
from portico_sdk import Document, HttpResponse


class Documents(Protocol):
    """Where documents come from."""

    def get(self, scope: str, url: str, *, max_age_s: int = ..., newer_than: datetime | None = ...) -> Document:
        """Return the document of this scope. Raises ProviderUnreachable."""


class ScopedHttp:
    """What an adapter reaches of the world. Implements `portico_sdk.Http`."""

    def __init__(self, guard: OutboundGuard, documents: Documents, scope: str) -> None:
        self._guard, self._documents, self._scope = guard, documents, scope

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        data: Mapping[str, str] | bytes | None = None,
    ) -> HttpResponse:
        """Return the answer whatever its status. Raises ProviderUnreachable."""
        return self._guard.request(method, url, headers=headers, data=data)

    def document(self, url: str, *, max_age_s: int = 3600, newer_than: datetime | None = None) -> Document:
        """Return the document from this connection's store. Raises ProviderUnreachable."""
        return self._documents.get(self._scope, url, max_age_s=max_age_s, newer_than=newer_than)

    def guard(self, session: Any) -> Any:
        """Mount the outbound guard on a requests session, and return it."""
        return self._guard.guard(session)

    def check_browser_url(self, url: str) -> None:
        """Raise SignInRefused unless a browser may be sent to `url`."""
        self._guard.check_browser_url(url)
