"""Auth0's Management API, as far as it is used: a token, JSON calls, paging, patience, and errors with a type each.

Everything travels through the outbound guard. Nothing that a tenant answers is logged: its answers hold secrets in clear.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

from app.auth0.errors import (
    Auth0Busy,
    Auth0Conflict,
    Auth0CredentialsRefused,
    Auth0Failed,
    Auth0NotFound,
    Auth0Refused,
    Auth0ScopesMissing,
    Auth0Unreachable,
)
from app.auth0.pace import Pace
from portico_sdk import HttpResponse, ProviderUnreachable

Query = Mapping[str, "str | int | bool | Sequence[str]"]

#: Tries of one call that a tenant answers 429 or, for what only reads, 5xx or nothing.
MAX_TRIES = 8
#: Seconds to wait where the tenant does not say how long: doubled with each try.
FIRST_PAUSE_S = 0.5
#: Pages of one list, against a tenant that names the same next page for ever.
MAX_PAGES = 2_000
#: Items on a numbered page.
PER_PAGE = 50

_SCOPE = re.compile(r"\b[a-z]+:[a-z0-9_]+\b")


class Requests(Protocol):
    """The guarded way out."""

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, data: bytes | None = None
    ) -> HttpResponse:
        """Return the answer whatever its status. Raises ProviderUnreachable."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Of a machine-to-machine application of the tenant, authorized for its Management API."""

    client_id: str
    client_secret: str = field(repr=False)


class Tenant:
    """One tenant, asked in the name of one machine-to-machine application. Its token lives in this object only.

    Args:
        origin: of the tenant's own domain (`parse_origin`), never a custom domain: the token's audience needs it.
        pace: how long rate limits are waited for, over all calls of this object.

    Every call raises Auth0Failed: see `app.auth0.errors`.
    """

    def __init__(self, origin: str, credentials: Credentials, requests: Requests, pace: Pace) -> None:
        self.origin = origin
        self._credentials = credentials
        self._requests = requests
        self._pace = pace
        self._token = ""
        self._scopes: frozenset[str] | None = None

    @property
    def audience(self) -> str:
        """The identifier of the tenant's Management API."""
        return f"{self.origin}/api/v2/"

    def scopes(self) -> frozenset[str]:
        """Return what the credentials may do, as far as the tenant says."""
        if not self._token:
            self._fetch_token()
        return self._scopes or frozenset()

    def may(self, scope: str) -> bool:
        """Whether the credentials have a scope. Where the tenant does not say, it is asked: it refuses what lacks one."""
        return scope in self.scopes() or self._scopes is None

    def check_scopes(self, needed: Sequence[str]) -> None:
        """Raise Auth0ScopesMissing, naming every one of `needed` that is not granted."""
        missing = [scope for scope in needed if not self.may(scope)]
        if missing:
            raise Auth0ScopesMissing(missing)

    def get(self, path: str, query: Query | None = None) -> Any:
        """Return what is at `path`, below /api/v2, such as `/connections/con_1`. Raises Auth0NotFound among others."""
        return self._call("GET", path, query=query)

    def find(self, path: str, query: Query | None = None) -> Any | None:
        """Return what is at `path`, None where the tenant has nothing there."""
        try:
            return self.get(path, query)
        except Auth0NotFound:
            return None

    def post(self, path: str, body: Any) -> Any:
        """Return what was made. Never sent twice unless the tenant said that it did not do it (429)."""
        return self._call("POST", path, body=body)

    def patch(self, path: str, body: Any) -> Any:
        """Return what it is now; None where the tenant says nothing. Objects inside `body` replace, they do not merge."""
        return self._call("PATCH", path, body=body)

    def delete(self, path: str, body: Any = None) -> None:
        """Delete what is at `path`, whether or not it is still there."""
        try:
            self._call("DELETE", path, body=body)
        except Auth0NotFound:
            return

    def list(self, path: str, key: str, query: Query | None = None, *, take: int = 50) -> Iterator[dict[str, Any]]:
        """Yield everything of a list by checkpoint paging (`take` and `from`): the form without an upper bound.

        Args:
            key: where the answer holds the items, such as `connections`.
            take: on a page; small where items are large: an answer has at most 1 MiB.
        """
        after: str | None = None
        for _page in range(MAX_PAGES):
            asked: dict[str, Any] = {**(query or {}), "take": take}
            if after is not None:
                asked["from"] = after
            answer = self.get(path, asked)
            yield from _items(answer.get(key) if isinstance(answer, dict) else answer, path, key)
            after = answer.get("next") if isinstance(answer, dict) else None
            if not after:
                return
        raise Auth0Refused(f"{path} has no end", code="auth0-malformed")

    def list_numbered(self, path: str, key: str, query: Query | None = None) -> Iterator[dict[str, Any]]:
        """Yield everything of a list that only knows numbered pages (`page`, `per_page`): actions, clients, searches."""
        for page in range(MAX_PAGES):
            answer = self.get(path, {**(query or {}), "page": page, "per_page": PER_PAGE})
            items = _items(answer.get(key) if isinstance(answer, dict) else answer, path, key)
            yield from items
            if len(items) < PER_PAGE:
                return

    def pause(self) -> bool:
        """Wait a moment for the tenant to finish something; False when there is no time left for waiting."""
        return self._pace.wait_until(None, at_least_s=FIRST_PAUSE_S)

    def _call(self, method: str, path: str, *, query: Query | None = None, body: Any = None) -> Any:
        for fresh in (False, True):
            if fresh or not self._token:
                self._fetch_token()
            headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
            answer = self._send(method, self._url(path, query), headers, body)
            if answer.status != 401:
                break
        if 200 <= answer.status < 300:
            return _parse(answer.body, path)
        raise _failure(method, path, answer)

    def _url(self, path: str, query: Query | None) -> str:
        pairs: list[tuple[str, str]] = []
        for name, value in (query or {}).items():
            values = value if isinstance(value, (list, tuple)) else (value,)
            pairs += [(name, _text(part)) for part in values]
        return f"{self.origin}/api/v2{path}" + (f"?{urlencode(pairs)}" if pairs else "")

    def _fetch_token(self) -> None:
        body = {
            "grant_type": "client_credentials",
            "client_id": self._credentials.client_id,
            "client_secret": self._credentials.client_secret,
            "audience": self.audience,
        }
        answer = self._send("POST", f"{self.origin}/oauth/token", {"Accept": "application/json"}, body)
        if answer.status in (400, 401, 403):
            hint = "Check client id and secret, and that the application is authorized for the Auth0 Management API."
            raise Auth0CredentialsRefused(_sentence(answer.body), hint=hint, answered=answer.status)
        if answer.status != 200:
            raise _failure("POST", "/oauth/token", answer)
        said = _parse(answer.body, "/oauth/token")
        token = said.get("access_token") if isinstance(said, dict) else None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
            raise Auth0Refused("the token endpoint gave no token", code="auth0-malformed", answered=200)
        scope = said.get("scope")
        self._token, self._scopes = token, frozenset(scope.split()) if isinstance(scope, str) else None

    def _send(self, method: str, url: str, headers: Mapping[str, str], body: Any) -> HttpResponse:
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        sent = {**headers, "Content-Type": "application/json"} if data is not None else dict(headers)
        reads = method == "GET"
        for position in range(MAX_TRIES):
            if self._pace.is_over:
                raise Auth0Busy(f"{method}: no time for another call")
            pause = FIRST_PAUSE_S * 2**position
            last = position == MAX_TRIES - 1
            try:
                answer = self._requests.request(method, url, headers=sent, data=data)
            except ProviderUnreachable as error:
                if not reads or position >= 2 or not self._pace.wait_until(None, at_least_s=pause):
                    raise Auth0Unreachable(f"{error.code}: {error.detail}"[:300], hint=error.hint) from error
                continue
            if answer.status == 429:
                if last or not self._pace.wait_until(_reset(answer), at_least_s=pause):
                    raise Auth0Busy(f"{method}: rate limited", answered=429)
                continue
            retry = reads and answer.status >= 500 and position < 2
            if not retry or not self._pace.wait_until(None, at_least_s=pause):
                return answer
        raise Auth0Busy(f"{method}: rate limited", answered=429)


def _items(items: object, path: str, key: str) -> list[dict[str, Any]]:
    """A list of objects, or a refusal."""
    if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
        raise Auth0Refused(f"{path} gave no list of {key}", code="auth0-malformed")
    return items


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _reset(answer: HttpResponse) -> float | None:
    """Unix seconds of `x-ratelimit-reset`; anything else is no answer to the question."""
    try:
        return float(int(answer.headers.get("x-ratelimit-reset", "")))
    except ValueError:
        return None


def _parse(body: bytes, path: str) -> Any:
    if not body:
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Auth0Refused(f"{path} gave no JSON", code="auth0-malformed", answered=200) from None


def _sentence(body: bytes) -> str:
    """What a tenant says about an error: one printable line of it, never the whole answer."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(said, dict):
        return ""
    text = said.get("message") or said.get("error_description") or said.get("error") or ""
    return "".join(char if char.isprintable() else " " for char in str(text))[:300]


def _failure(method: str, path: str, answer: HttpResponse) -> Auth0Failed:
    said = _sentence(answer.body)
    detail = f"{method} {path}: {answer.status} {said}".strip()
    if answer.status == 403:
        return Auth0ScopesMissing(dict.fromkeys(_SCOPE.findall(said)), detail, answered=403)
    kinds: Mapping[int, type[Auth0Failed]] = {401: Auth0CredentialsRefused, 404: Auth0NotFound, 409: Auth0Conflict}
    return kinds.get(answer.status, Auth0Refused)(detail, hint=said, answered=answer.status)
