"""Outbound requests that stay in this process and keep the contract of `portico_sdk.Http`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from requests.adapters import BaseAdapter

from portico_oidc.testing.context import NOW
from portico_sdk import Document, HttpResponse, ProviderUnreachable, SignInRefused

_REFETCH = timedelta(minutes=1)


@dataclass(frozen=True)
class SentRequest:
    """A request that would have left. `headers` have lower-case names."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


class FakeHttp:
    """Answers requests from a function, with the document store's rule of one fetch a minute.

    Args:
        answer: the world: returns the response, or raises ProviderUnreachable.
        allow: origins in plain http that count as allowed by the operator.

    Attributes:
        now: the store's clock; move it to let time pass.
        sent: every request that reached the world, in order.
    """

    def __init__(self, answer: Callable[[SentRequest], HttpResponse], *, allow: frozenset[str] = frozenset()) -> None:
        self.now: datetime = NOW
        self.sent: list[SentRequest] = []
        self._answer = answer
        self._allow = allow
        self._documents: dict[str, Document] = {}
        self._attempts: dict[str, datetime] = {}

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        data: Mapping[str, str] | bytes | None = None,
    ) -> HttpResponse:
        """Return the world's answer, for origins that the guard would let through."""
        try:
            self.check_browser_url(url)
        except SignInRefused as error:
            raise ProviderUnreachable("outbound-url-refused", error.detail) from error
        body = urlencode(data).encode() if isinstance(data, Mapping) else data or b""
        names = {name.lower(): value for name, value in (headers or {}).items()}
        request = SentRequest(method, url, names, body)
        self.sent.append(request)
        return self._answer(request)

    def document(self, url: str, *, max_age_s: int = 3600, newer_than: datetime | None = None) -> Document:
        """Return the document, fetched at most once a minute; an old copy when it cannot be fetched."""
        kept, tried = self._documents.get(url), self._attempts.get(url)
        fresh = kept is not None and self.now - kept.fetched_at < timedelta(seconds=max_age_s)
        if kept is not None and fresh and (newer_than is None or kept.fetched_at > newer_than):
            return kept
        if tried is None or self.now - tried >= _REFETCH:
            self._attempts[url] = self.now
            try:
                self._documents[url] = kept = self._fetch(url)
            except ProviderUnreachable:
                if kept is None:
                    raise
                self._documents[url] = kept = Document(kept.body, kept.fetched_at, stale=True)
        if kept is None:
            raise ProviderUnreachable("outbound-recently-failed", f"{url} failed less than a minute ago")
        return kept

    def guard(self, session: Any) -> Any:
        """Let the session's requests end here."""
        session.adapters.clear()
        session.mount("", _InProcess(self))
        session.trust_env = False
        return session

    def check_browser_url(self, url: str) -> None:
        """Refuse what the real guard refuses by its look: no https and not allowed, a user name, a fragment, loopback."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        plain = bool(parts.hostname) and "@" not in parts.netloc and not parts.fragment
        private = (parts.hostname or "").startswith(("127.", "10.", "169.254.", "localhost", "::1"))
        if not plain or (origin not in self._allow and (parts.scheme != "https" or private)):
            raise SignInRefused("browser-url-refused", f"not allowed: {url[:200]}")

    def sent_to(self, url: str) -> list[SentRequest]:
        """Return the requests that went to `url`."""
        return [request for request in self.sent if request.url == url]

    def _fetch(self, url: str) -> Document:
        response = self.request("GET", url)
        if response.status != 200:
            raise ProviderUnreachable("outbound-status", f"status {response.status}")
        return Document(response.body, self.now, stale=False)


class _InProcess(BaseAdapter):
    def __init__(self, http: FakeHttp) -> None:
        super().__init__()
        self._http = http

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        raw = request.body or b""
        body = raw.encode() if isinstance(raw, str) else bytes(raw)
        answer = self._http.request(request.method or "GET", request.url or "", headers=request.headers, data=body)
        response = requests.Response()
        response.status_code = answer.status
        response.headers.update(answer.headers)
        response._content = answer.body
        response.request = request
        response.url = request.url or ""
        return response

    def close(self) -> None:
        """Nothing is open."""
