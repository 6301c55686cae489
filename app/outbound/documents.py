"""Documents of others, kept for all processes: fetched seldom, served old rather than not at all."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from app.outbound.guard import OutboundGuard
from app.outbound.recent import Recent
from app.outbound.rows import Row, claim_attempt, delete_rows, find_row, store_body, store_failure
from app.outbound.scoped import ScopedHttp
from portico_sdk import Document, Http, ProviderUnreachable

_FAILED = "outbound-document"
_POLL_S = 0.05
_WAIT = timedelta(seconds=6)  # a little longer than a fetch may take


class DocumentStore:
    """Fetches a document at most once a minute, whoever and however many processes ask.

    Args:
        guard: what fetches.
        clock: aware UTC.
        sleep: seconds; how a process waits for another one's fetch.
    """

    def __init__(
        self, guard: OutboundGuard, clock: Callable[[], datetime], sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._guard, self._clock, self._sleep = guard, clock, sleep
        self._recent = Recent()

    def http_for(self, scope: str) -> Http:
        """Return the outbound requests of one connection or client: its documents are its own."""
        return ScopedHttp(self._guard, self, scope)

    def get(self, scope: str, url: str, *, max_age_s: int = 3600, newer_than: datetime | None = None) -> Document:
        """Return the document, younger than `max_age_s` where it can be had.

        A copy that is older, or not newer than `newer_than`, is fetched again, at most once a minute over all
        processes; else, and when the fetch fails, the copy that is kept is returned. Inside no transaction.

        Raises ProviderUnreachable: there is no copy, and it cannot be fetched or could not a moment ago.
        """
        now = self._clock()
        recent = self._recent.find(scope, url, now)
        if recent is not None and _fits(recent.fetched_at, now, max_age_s, newer_than):
            return recent
        row = find_row(scope, url)
        if row is not None and row.body is not None and _fits(row.fetched_at, now, max_age_s, newer_than):
            return self._keep(scope, url, row, now)
        if (row is None or row.is_free(now)) and claim_attempt(scope, url, now):
            self._fetch(scope, url, now)
            row = find_row(scope, url)
        elif row is None or row.body is None or newer_than is not None:
            row = self._wait_for_another(scope, url, now)
        return self._keep(scope, url, row, now)

    def forget(self, scope: str) -> None:
        """Forget every document of a connection or client that is gone."""
        self._recent.forget(scope)
        delete_rows(scope)

    def _fetch(self, scope: str, url: str, now: datetime) -> None:
        try:
            response = self._guard.request(
                "GET", url, headers={"Accept": "application/json, application/xml;q=0.9, */*"}
            )
            if response.status != 200:
                raise ProviderUnreachable(_FAILED, f"{url} answered {response.status}")
            check_document(url, response.body)
        except ProviderUnreachable as error:
            store_failure(scope, url, f"{error.code}: {error.detail}"[:1000])
            return
        except BaseException:
            store_failure(scope, url, "the fetch was interrupted")
            raise
        store_body(scope, url, response.body, response.headers.get("content-type", ""), now)

    def _wait_for_another(self, scope: str, url: str, now: datetime) -> Row | None:
        """Return what another process is fetching: at a key's rotation everybody asks at once, and none can do without."""
        row = find_row(scope, url)
        for _ in range(int(_WAIT.total_seconds() / _POLL_S)):
            if row is None or not row.under_way or not timedelta(0) <= now - row.attempted_at < _WAIT:
                break
            self._sleep(_POLL_S)
            row = find_row(scope, url)
        return row

    def _keep(self, scope: str, url: str, row: Row | None, now: datetime) -> Document:
        if row is None or row.body is None or row.fetched_at is None:
            why = row.failure if row is not None and row.failure else f"{url} is being fetched by another process"
            raise ProviderUnreachable(_FAILED, why)
        document = Document(body=row.body, fetched_at=row.fetched_at, stale=bool(row.failure))
        self._recent.keep(scope, url, document, now)
        return document


def check_document(url: str, body: bytes) -> None:
    """Raise ProviderUnreachable unless `body` begins like JSON or XML: a maintenance page must not replace a good copy."""
    text = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{"):
        try:
            json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ProviderUnreachable(_FAILED, f"{url} answered with JSON that cannot be read") from error
    elif not text.startswith(b"<") or text[:15].lower().startswith((b"<!doctype html", b"<html")):
        raise ProviderUnreachable(_FAILED, f"{url} answered with neither JSON nor XML, but {bytes(text[:40])!r}")


def _fits(fetched_at: datetime | None, now: datetime, max_age_s: int, newer_than: datetime | None) -> bool:
    if fetched_at is None or not timedelta(minutes=-1) <= now - fetched_at < timedelta(seconds=max_age_s):
        return False
    return newer_than is None or fetched_at > newer_than
