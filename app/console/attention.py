"""What needs an operator's attention, the most urgent first, each with the page where it is put right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.console.desk import Desk

MOST = 200  # of each kind that is looked at: an overview, not a report
LOOK_BACK = timedelta(hours=24)
WARN_DAYS = 60
STUCK_AFTER = timedelta(days=3)
_ORDER = {"bad": 0, "warn": 1, "wait": 2}
_NOTICES = {
    "link-requested": ("wait", "Somebody asks for a new set-up link", "Show links"),
    "metadata-failing": ("warn", "Metadata cannot be read", "Show connection"),
    "metadata-differs": ("bad", "Metadata names other addresses than we have", "Show connection"),
    "certificate-expiring": ("warn", "A certificate ends soon", "Show connection"),
    "domain-lapsed": ("bad", "A domain is not verified any more", "Show domain"),
    "mail-failing": ("bad", "The mail server takes nothing", ""),
    "auth0-drift": ("bad", "The trust with Auth0 is not as it should be: portico auth0 verify", ""),
    "auth0-failing": ("warn", "The Auth0 tenant cannot be asked: portico auth0 verify", ""),
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
        *_refusals(desk, organizations, connections),
        *_notices(desk, organizations),
        *_certificates(desk.now, organizations, connections),
        *_of_organizations(desk, organizations),
    ]
    return sorted(items, key=lambda item: _ORDER[item.level])


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
        level, title, label = _NOTICES[row.kind.value]
        path = f"/console/organizations/{row.organization_id}" if row.organization_id else ""
        if row.target.startswith("con-"):
            path = f"/console/connections/{row.target}"
        who = _name(organizations, row.organization_id)
        often = f", {row.count} times" if row.count > 1 else ""
        yield Item(level, title, f"{who}{often}", row.last_at, label if path else "", path, row.id)


def _certificates(now: datetime, organizations: dict[str, Any], connections: dict[str, Any]) -> Iterator[Item]:
    for connection in connections.values():
        if connection.status != "active":
            continue
        ends = [_time(one["not_after"]) for one in connection.settings.get("certificates") or [] if one["not_after"]]
        if not ends or max(ends) > now + timedelta(days=WARN_DAYS):
            continue  # another certificate is there already
        days = (max(ends) - now).days
        title = f"The last certificate ends in {days} days" if days >= 0 else "Every certificate has ended"
        who = _name(organizations, connection.organization_id)
        level = "bad" if days < 7 else "warn"
        yield Item(level, title, f"{who}, {connection.name}", max(ends), "Show connection", _path(connection.id))


def _of_organizations(desk: Desk, organizations: dict[str, Any]) -> Iterator[Item]:
    for row in organizations.values():
        here = f"/console/organizations/{row.id}"
        for domain in desk.ask("domain", "list", row.id, limit=MOST).items:
            if domain.status == "pending":
                text = f"{row.name}. The TXT record of {domain.domain} was not found yet"
                yield Item("wait", "Domain waits for its proof", text, domain.created_at, "Show domain", here)
        for link in desk.ask("setup-link", "list", row.id, limit=MOST).items:
            moved = link.step_reached_at or link.opened_at
            if link.state == "open" and moved is not None and moved < desk.now - STUCK_AFTER:
                text = (
                    f"{row.name}. Link of {link.contact or 'nobody named'}, no step for {(desk.now - moved).days} days"
                )
                title = f"Set-up waits at “{link.step_reached}”" if link.step_reached else "Set-up waits at its start"
                yield Item("wait", title, text, moved, "Show links", here)


def _name(organizations: dict[str, Any], organization_id: str | None) -> str:
    found = organizations.get(organization_id or "")
    return str(found.name) if found else organization_id or "This installation"


def _path(connection_id: str) -> str:
    return f"/console/connections/{connection_id}"


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
