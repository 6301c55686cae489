"""What needs an operator's attention, the most urgent first, each with the page where it is put right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from app.console.desk import Desk

MOST = 200  # of each kind that is looked at: an overview, not a report
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
    """Return what needs attention, urgent things first; looks at the first 200 of each kind."""
    organizations = {row.id: row for row in desk.ask("organization", "list", limit=MOST).items}
    connections = {row.id: row for row in desk.ask("connection", "list", limit=MOST).items}
    items = [
        *_adapters(desk),
        *_refusals(desk, organizations, connections),
        *_notices(desk, organizations),
        *_of_connections(desk, organizations, connections),
        *_of_organizations(desk, organizations),
    ]
    return sorted(items, key=lambda item: _ORDER[item.level])


def _adapters(desk: Desk) -> Iterator[Item]:
    for one in desk.ask("adapter", "list", limit=MOST).items:
        if one.state == "failed":
            title, text = "An adapter does not load", f"{one.distribution}. {one.reason}"
            yield Item("bad", title, text, None, "Show adapters", "/console/installation")


def _refusals(desk: Desk, organizations: dict[str, Any], connections: dict[str, Any]) -> Iterator[Item]:
    found: dict[str, list[Any]] = {}
    for row in desk.ask("sign-in", "list", outcome="denied", limit=MOST).items:
        if row.connection_id in connections and row.started_at > desk.now - LOOK_BACK and row.purpose != "test":
            found.setdefault(row.connection_id, []).append(row)
    for connection_id, rows in found.items():
        connection = connections[connection_id]
        who = _name(organizations, connection.organization_id)
        many = "1 sign-in" if len(rows) == 1 else f"{len(rows)} sign-ins"
        yield Item(
            "bad",
            f"{many} refused in the last 24 hours",
            f"{who}, {connection.name}. Last reason: {rows[0].code}",
            rows[0].started_at,
            "Show sign-ins",
            f"/console/sign-ins?outcome=denied&connection_id={connection_id}",
        )


def _notices(desk: Desk, organizations: dict[str, Any]) -> Iterator[Item]:
    for row in desk.ask("notice", "list", limit=MOST).items:
        level, title, label, place = _NOTICES[row.kind.value]
        if row.target.startswith("con-"):
            path = f"{_path(row.target)}{place}"
        elif row.organization_id:
            path = f"/console/organizations/{row.organization_id}/{place}"
        else:
            path = "/console/installation"
        who = _name(organizations, row.organization_id)
        often = f", {row.count} times" if row.count > 1 else ""
        yield Item(level, title, f"{who}{often}", row.last_at, label, path, row.id)


def _of_connections(desk: Desk, organizations: dict[str, Any], connections: dict[str, Any]) -> Iterator[Item]:
    for connection in connections.values():
        if connection.status != "active":
            continue
        who = f"{_name(organizations, connection.organization_id)}, {connection.name}"
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


def _of_organizations(desk: Desk, organizations: dict[str, Any]) -> Iterator[Item]:
    for row in organizations.values():
        here = f"/console/organizations/{row.id}"
        for domain in desk.ask("domain", "list", row.id, limit=MOST).items:
            if domain.status == "pending":
                text = f"{row.name}. The TXT record of {domain.domain} was not found yet"
                path = f"{here}/domains#{domain.id}"
                yield Item("wait", "Domain waits for its proof", text, domain.created_at, "Show domain", path)
        for link in desk.ask("setup-link", "list", row.id, limit=MOST).items:
            moved = link.step_reached_at or link.opened_at
            if link.state == "open" and moved is not None and moved < desk.now - STUCK_AFTER:
                days = _days((desk.now - moved).days)
                text = f"{row.name}. Link of {link.contact or 'nobody named'}, no step for {days}"
                title = f"Set-up waits at “{link.step_reached}”" if link.step_reached else "Set-up waits at its start"
                yield Item("wait", title, text, moved, "Show link", f"{here}/setup-links#{link.id}")


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _name(organizations: dict[str, Any], organization_id: str | None) -> str:
    found = organizations.get(organization_id or "")
    return str(found.name) if found else organization_id or "This installation"


def _path(connection_id: str) -> str:
    return f"/console/connections/{connection_id}"


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
