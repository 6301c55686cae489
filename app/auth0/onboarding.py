"""The proof that onboarding customers made nothing in Auth0: before and after, who made what, how people came in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from app.auth0.connection import list_connections
from app.auth0.events import count_logins, list_created
from app.auth0.plan import Work
from app.auth0.wanted import Difference
from app.signin.trace import count_customers

LOG_SCOPES = ("read:logs",)
CREATIONS = "Nobody made a connection, says the tenant's log"


def check_onboarding(work: Work) -> Iterator[dict[str, Any]]:
    """Yield the three checks, as keywords of a `Check`."""
    baseline = work.trust.baseline
    if baseline is None:
        title = "No connection was made since the trust was set up"
        yield {"name": "connections", "title": title, "state": "unknown", "message": "Nothing to compare with yet."}
        return
    since = datetime.fromisoformat(baseline["taken_at"])
    yield _compare_lists(work, baseline)
    if not all(work.tenant.may(scope) for scope in LOG_SCOPES):
        message = f"Grant {' '.join(LOG_SCOPES)}: the log is where it can be seen."
        yield {"name": "creations", "title": CREATIONS, "state": "unknown", "message": message}
        return
    yield _ask_creations(work, since)
    yield _ask_logins(work, since)


def _compare_lists(work: Work, baseline: dict[str, Any]) -> dict[str, Any]:
    before = {one["id"]: one for one in baseline["connections"]}
    after = {one["id"]: {name: one.get(name) for name in ("id", "name", "strategy")} for one in _list(work)}
    made = [after[one] for one in sorted(after.keys() - before.keys())]
    gone = [before[one] for one in sorted(before.keys() - after.keys())]
    differences = tuple(Difference(f"connections.{one['name']}", None, one["strategy"]) for one in made)
    return {
        "name": "connections",
        "title": "No connection was made since the trust was set up",
        "state": "drift" if made else "ok",
        "message": "Connections that have nothing to do with it: accept them with --new-baseline." if made else "",
        "differences": differences,
        "facts": {
            "since": baseline["taken_at"],
            "before": len(before),
            "after": len(after),
            "made": made,
            "gone": gone,
        },
    }


def _ask_creations(work: Work, since: datetime) -> dict[str, Any]:
    known = {one["name"] for one in (work.trust.baseline or {}).get("connections", ())}
    events = list_created(work.tenant, since, apart_from=work.trust.connection_name)
    events = [event for event in events if event["name"] not in known]
    return {
        "name": "creations",
        "title": CREATIONS,
        "state": "drift" if events else "ok",
        "differences": tuple(
            Difference(f"log.{event['at']}", None, f"{event['name']} ({event['strategy']}), made by {event['by']}")
            for event in events[:50]
        ),
        "facts": {"since": since.isoformat(), "events": events[:50]},
    }


def _ask_logins(work: Work, since: datetime) -> dict[str, Any]:
    logins = count_logins(work.tenant, since, work.trust.connection_name)
    customers = count_customers(work.trust.client_id, since) if work.trust.client_id else 0
    others = sorted(one for one in logins.connection_ids if one != work.trust.connection_id)
    return {
        "name": "logins",
        "title": "Everybody came in through the one connection",
        "state": "drift" if others else "ok",
        "message": "" if logins.count else "Nobody signed in yet.",
        "differences": tuple(Difference("logins.connection_id", work.trust.connection_id, one) for one in others),
        "facts": {
            "logins": logins.count,
            "users": logins.users,
            "connection_ids": sorted(logins.connection_ids),
            "customers": customers,
            "newest_only": logins.cut,
        },
    }


def _list(work: Work) -> Iterator[dict[str, Any]]:
    return list_connections(work.tenant)
