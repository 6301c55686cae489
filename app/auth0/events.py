"""What a tenant's log says about onboarding: that no connection was made, and that everybody came through one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.auth0.tenant import PER_PAGE, Tenant

#: A search sees the newest thousand entries; Auth0 refuses to page further.
MOST = 1_000


@dataclass(frozen=True, slots=True)
class LoginEvents:
    """Successful logins through connections of our name. `connection_ids`: how many by each id."""

    count: int
    connection_ids: dict[str, int]
    users: int
    cut: bool  # there are more than a search shows


def list_created(tenant: Tenant, since: datetime, *, apart_from: str) -> list[dict[str, Any]]:
    """Return who made connections since then, ours apart: name, strategy, when, and by which application or person."""
    found = []
    for event in _search(tenant, 'type:sapi AND description:"Create a connection"', since):
        body = _inside(event, "details", "request", "body")
        made = body if isinstance(body, dict) else {}
        if made.get("name") == apart_from:
            continue
        found.append(
            {
                "name": made.get("name"),
                "strategy": made.get("strategy"),
                "at": event.get("date"),
                "by": event.get("client_name") or event.get("client_id") or event.get("user_name"),
            }
        )
    return found


def count_logins(tenant: Tenant, since: datetime, connection_name: str) -> LoginEvents:
    """Return the logins through connections of this name since then."""
    ids: Counter[str] = Counter()
    users = set()
    for event in _search(tenant, f'type:s AND connection:"{connection_name}"', since):
        ids[str(event.get("connection_id"))] += 1
        users.add(event.get("user_id"))
    return LoginEvents(ids.total(), dict(ids), len(users), ids.total() >= MOST)


def _search(tenant: Tenant, query: str, since: datetime) -> Iterator[dict[str, Any]]:
    """Yield matching entries, the newest first, until those before `since` begin."""
    seen: set[str] = set()
    for page in range(MOST // PER_PAGE):
        asked: dict[str, str | int] = {"q": query, "sort": "date:-1", "page": page, "per_page": PER_PAGE}
        answer = tenant.get("/logs", asked)
        entries = answer.get("logs") if isinstance(answer, dict) else answer
        if not isinstance(entries, list):
            return
        for event in entries:
            at = _time(event.get("date"))
            if at is not None and at < since:
                return
            if event.get("log_id") not in seen:
                seen.add(str(event.get("log_id")))
                yield event
        if len(entries) < PER_PAGE:
            return


def _inside(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _time(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
