"""The import itself: a draft for each connection that was planned.

Safe to run again: what was imported is left exactly as it is, whatever became of it since.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from app.audit import Actor
from app.auth0.importing.matching import find_import, show_import
from app.auth0.importing.plan import TOLD_EVERY, ImportOptions, Planned
from app.auth0.importing.report import Row, make_row
from app.auth0.importing.storing import store_import
from app.connections import Connections
from app.errors import Conflict, Forbidden, Invalid, NotFound


def run_import(
    planned: Sequence[Planned],
    options: ImportOptions,
    connections: Connections,
    *,
    actor: Actor,
    now: datetime,
    tell: Callable[[str], None] = lambda _line: None,
) -> tuple[Row, ...]:
    """Return what became of every planned connection. One that cannot be stored is reported, and the others go on.

    Raises Forbidden: the actor is no operator.
    """
    if actor.kind not in ("operator", "api_key", "cli"):
        raise Forbidden("only an operator imports connections")
    rows = []
    for number, one in enumerate(planned, 1):
        rows.append(_import_one(one, options, connections, actor, now))
        if number % TOLD_EVERY == 0 or number == len(planned):
            tell(f"{number} of {len(planned)} imported")
    return tuple(rows)


def show_plan(planned: Sequence[Planned], options: ImportOptions, connections: Connections) -> tuple[Row, ...]:
    """Return what `run_import` would say, storing nothing."""
    return tuple(_show(one, options.tenant, connections) for one in planned)


def _show(planned: Planned, tenant: str, connections: Connections) -> Row:
    try:
        row = find_import(tenant, planned)
    except Conflict as error:
        return make_row(planned, "failed", notes=[error.hint])
    if row is None:
        return make_row(planned, "planned" if planned.proposal.adapter else "skipped")
    return show_import(planned, row, "already", connections, [])


def _import_one(planned: Planned, options: ImportOptions, connections: Connections, actor: Actor, now: datetime) -> Row:
    try:
        if row := find_import(options.tenant, planned):
            return show_import(planned, row, "already", connections, [])
        if planned.proposal.adapter is None:
            return make_row(planned, "skipped")
        row, notes = store_import(planned, options, connections, actor=actor, now=now)
    except (Conflict, Invalid, NotFound) as error:
        return make_row(planned, "failed", notes=[error.hint or error.detail])
    return show_import(planned, row, "created", connections, notes)
