"""What needs an operator's attention, the most urgent first, each with the page where it is put right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any

from app.console.desk import Desk

MOST = 1_000  # of each kind that is looked at
PAGE = 200
LOOK_BACK = timedelta(hours=24)
WARN_DAYS = 60
STUCK_AFTER = timedelta(days=3)
_ORDER = {"bad": 0, "warn": 1, "wait": 2}
#: By kind of notice: how urgent, what it says, what its link says, and where below the thing's page it leads.
_NOTICES = {
    "link-requested": ("wait", "Somebody asks for a new set-up link", "Show links", "setup-links"),
    "metadata-failing": ("warn", "Metadata cannot be read", "Show metadata", "#metadata"),
    "metadata-differs": ("bad", "Metadata names other addresses than we have", "Compare metadata", "#metadata"),
    "certificate-expiring": ("warn", "A certificate ends soon", "Show certificates", "#certificates"),
    "domain-lapsed": ("bad", "A domain is not verified any more", "Show domain", "domains"),
    "mail-failing": ("bad", "The mail server takes nothing", "Show what it says", ""),
    "auth0-drift": ("bad", "The trust with Auth0 is not what it should be", "Show what differs", ""),
    "legacy-ids-suspended": ("bad", "Old user ids are told no more: look at what was changed", "Show settings", ""),
    "auth0-failing": ("warn", "Auth0 could not be asked", "Show what it says", ""),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the overview."""

    level: str
    title: str
    text: str
    when: datetime | None
    label: str
    path: str
    notice_id: str = ""


def list_attention(desk: Desk) -> Sequence[Item]:
    """Return what needs attention, urgent things first; an item says so where there was more than could be looked at."""
    cut: list[str] = []
    connections = {row.id: row for row in _every(desk, cut, "connection", "list")}
    names = _Names(desk)
    items = [
        *_adapters(desk),
        *_refusals(desk, cut, names, connections),
        *_notices(desk, cut, names),
        *_of_connections(desk, names, connections),
        *_domains(desk, cut, names),
        *_links(desk, cut, names),
    ]
    items += [
        Item("warn", f"Only the first {MOST:,} of each kind are listed", f"There is more under {where}.", None, "", "")
        for where in cut
    ]
    return sorted(items, key=lambda item: _ORDER[item.level])


class _Names:
    """Names of organizations by id, each asked for once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: dict[str, str] = {}

    def of(self, organization_id: str | None) -> str:
        if organization_id is None:
            return "This installation"
        if organization_id not in self._known:
            self._known[organization_id] = self._desk.find_name("organization", organization_id) or organization_id
        return self._known[organization_id]


def _every(desk: Desk, cut: list[str], noun: str, verb: str, **filters: Any) -> Iterator[Any]:
    """Yield every row, page by page; after `MOST` of them `cut` gets the noun."""
    after: dict[str, str] = {}
    for _ in range(MOST // PAGE):
        page = desk.ask(noun, verb, limit=PAGE, **filters, **after)
        yield from page.items
        if page.next is None:
            return
        after = {"after": page.next}
    cut.append(noun)


def _adapters(desk: Desk) -> Iterator[Item]:
    for one in desk.ask("adapter", "list", limit=PAGE).items:
        if one.state == "failed":
            title, text = "An adapter does not load", f"{one.distribution}. {one.reason}"
            yield Item("bad", title, text, None, "Show adapters", "/console/installation")


def _refusals(desk: Desk, cut: list[str], names: _Names, connections: dict[str, Any]) -> Iterator[Item]:
    found: dict[str, list[Any]] = {}
    since = desk.now - LOOK_BACK
    lately = takewhile(lambda row: row.started_at > since, _every(desk, cut, "sign-in", "list", outcome="denied"))
    for row in lately:
        if row.connection_id in connections and row.purpose != "test":
            found.setdefault(row.connection_id, []).append(row)
    for connection_id, rows in found.items():
        connection = connections[connection_id]
        many = "1 sign-in" if len(rows) == 1 else f"{len(rows)} sign-ins"
        yield Item(
            "bad",
            f"{many} refused in the last 24 hours",
            f"{names.of(connection.organization_id)}, {connection.name}. Last reason: {rows[0].code}",
            rows[0].started_at,
            "Show sign-ins",
            f"/console/sign-ins?outcome=denied&connection_id={connection_id}",
        )


def _notices(desk: Desk, cut: list[str], names: _Names) -> Iterator[Item]:
    for row in _every(desk, cut, "notice", "list"):
        level, title, label, place = _NOTICES[row.kind.value]
        if row.target.startswith("con-"):
            path = f"{_path(row.target)}{place}"
        elif row.organization_id:
            path = f"/console/organizations/{row.organization_id}/{place}"
        else:
            path = "/console/installation"
        often = f", {row.count} times" if row.count > 1 else ""
        yield Item(level, title, f"{names.of(row.organization_id)}{often}", row.last_at, label, path, row.id)


def _of_connections(desk: Desk, names: _Names, connections: dict[str, Any]) -> Iterator[Item]:
    for connection in connections.values():
        if connection.status != "active":
            continue
        who = f"{names.of(connection.organization_id)}, {connection.name}"
        if not connection.adapter_available:
            text = f"{who}. Every sign-in is refused: {connection.adapter} is not loaded"
            yield Item("bad", "A connection's adapter is missing", text, None, "Show adapters", "/console/installation")
        yield from _endings(desk.now, connection, who)


def _endings(now: datetime, connection: Any, who: str) -> Iterator[Item]:
    ends = [_time(one["not_after"]) for one in connection.settings.get("certificates") or [] if one["not_after"]]
    if ends and max(ends) <= now + timedelta(days=WARN_DAYS):  # else another certificate is there already
        days = (max(ends) - now).days
        title = f"The last certificate ends in {_days(days)}" if days >= 0 else "Every certificate has ended"
        path = f"{_path(connection.id)}#certificates"
        yield Item("bad" if days < 7 else "warn", title, who, max(ends), "Show certificates", path)
    for name, day in connection.secret_expiries.items():
        until = _time(f"{day}T23:59:59+00:00")
        days = (until - now).days
        if days <= WARN_DAYS:
            title = f"{name} ends in {_days(days)}" if days >= 0 else f"{name} has ended"
            path = f"{_path(connection.id)}/settings"
            yield Item("bad" if days < 7 else "warn", title.capitalize(), who, until, "Replace it", path)


def _domains(desk: Desk, cut: list[str], names: _Names) -> Iterator[Item]:
    for row in _every(desk, cut, "domain", "list-all", status="pending"):
        text = f"{names.of(row.organization_id)}. The TXT record of {row.domain} was not found yet"
        path = f"/console/organizations/{row.organization_id}/domains#{row.id}"
        yield Item("wait", "Domain waits for its proof", text, row.created_at, "Show domain", path)


def _links(desk: Desk, cut: list[str], names: _Names) -> Iterator[Item]:
    for row in _every(desk, cut, "setup-link", "list-all", open_only=True):
        moved = row.step_reached_at or row.opened_at
        if moved is not None and moved < desk.now - STUCK_AFTER:
            days = _days((desk.now - moved).days)
            who = f"{names.of(row.organization_id)}. Link of {row.contact or 'nobody named'}, no step for {days}"
            title = f"Set-up waits at “{row.step_reached}”" if row.step_reached else "Set-up waits at its start"
            path = f"/console/organizations/{row.organization_id}/setup-links#{row.id}"
            yield Item("wait", title, who, moved, "Show link", path)


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _path(connection_id: str) -> str:
    return f"/console/connections/{connection_id}"


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
