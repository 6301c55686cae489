"""Routes: the audit log with its filter in the address, one event, and the filter's events as a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, stream_with_context

from app.access.operators import list_operators
from app.audit import EventName
from app.console import Console
from app.console.attempt import Failed, attempt
from app.console.audit.changes import list_changes
from app.console.audit.export import as_csv, as_json, read_all
from app.console.desk import Desk, name_of_actor
from app.console.forms import asked_of, page
from app.console.session.views import open_desk, signed_in

FILTERS = ("name", "organization_id", "target", "actor_id", "since", "until")
FORMATS = {"csv": (as_csv, "text/csv; charset=utf-8"), "json": (as_json, "application/json")}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def add_routes(blueprint: Blueprint, console: Console) -> None:
    """Add the pages and the files."""

    @blueprint.get("/audit")
    @signed_in
    def audit() -> Response:
        desk, wanted = open_desk(console), asked_of(FILTERS)
        found: Any = attempt(lambda: _read(desk, wanted, asked_of(("after",)).get("after"), 50))
        refused = isinstance(found, Failed)
        return page(
            "audit",
            found.status if refused else 200,
            at="audit",
            page=None if refused else found,
            who={} if refused else _who(found.items),
            wanted=wanted,
            said={**dict.fromkeys(FILTERS, ""), **wanted},
            names=[(name.value, name.description) for name in EventName],
            problems=found.problems if refused else {},
        )

    @blueprint.get("/audit/<event_id>")
    @signed_in
    def audit_event(event_id: str) -> Response:
        one = open_desk(console).ask("audit-event", "get", event_id)
        changes = list_changes(one.before, one.after)
        return page("audit_event", at="audit", one=one, changes=changes, who=_who([one])[one.id])

    @blueprint.get("/audit/events.<any(csv, json):kind>")
    @signed_in
    def audit_file(kind: str) -> Response:
        desk, wanted = open_desk(console), asked_of(FILTERS)
        _read(desk, wanted, None, 1)  # a filter that cannot be read is refused before the first byte
        written, content_type = FORMATS[kind]
        lines = written(read_all(lambda after: _read(desk, wanted, after, 200)))
        headers = {"Content-Disposition": f'attachment; filename="audit-events.{kind}"'}
        return Response(stream_with_context(lines), headers=headers, content_type=content_type)


def _who(events: Sequence[Any]) -> dict[str, str]:
    """How people know the actor of each event, by the event's id."""
    operators = {one.id: one.email for one in list_operators()}
    return {event.id: name_of_actor(event, operators) for event in events}


def _read(desk: Desk, wanted: dict[str, str], after: str | None, limit: int) -> Any:
    takes: dict[str, Any] = {**wanted, "limit": limit, **({"after": after} if after else {})}
    for name in ("since", "until"):
        if name in takes and _DAY.fullmatch(takes[name]):
            takes[name] += "T00:00:00Z"
    return desk.ask("audit-event", "list", **takes)
