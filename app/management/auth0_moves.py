"""How organizations move from their connections in an Auth0 tenant to those here."""

from __future__ import annotations

from typing import Any, Literal, cast

from app.auth0.importing import Move
from app.auth0.importing.listing import list_imports_of
from app.auth0.importing.moves import WAYS, State, change_move, get_move, list_moves
from app.management.auth0_imports import READ, WRITE
from app.management.operation import Call, Operation
from app.management.paging import cut_page
from app.management.shapes import Page, Paging, Shape, Time
from app.organizations import get_organization

MoveState = Literal["imported", "dual-run", "moved", "back"]

_MEANS = {
    "imported": "People use the tenant's connections; the drafts here wait.",
    "dual-run": "People sign in through Portico, which tells their old ids; the tenant's connections are still there.",
    "moved": "People sign in through Portico alone; old ids are told no more.",
    "back": "People use the tenant's connections again; old ids are not told.",
}

_LINK = "Write the linking Action anew: portico auth0 import link-action --deploy."
_NEXT = {
    "imported": ["Test and activate its imported connections.", "Record old ids that do not name their connection."],
    "dual-run": ["Take its domains off the old connections in the tenant.", _LINK],
    "moved": [_LINK, "Delete the old connections in the tenant when you like."],
    "back": ["Put its domains back on the old connections in the tenant.", _LINK],
}


class MoveIn(Shape):
    to: MoveState
    """The next state: `dual-run` from `imported`, `moved` from `dual-run`, `back` from both of the latter."""


class MovesIn(Paging):
    state: MoveState | None = None


class MoveOut(Shape):
    organization_id: str
    organization: str
    state: MoveState
    means: str
    can_go_to: list[MoveState]
    connections: list[str]
    """Imported connections of the organization, by their names in the tenant."""
    changed_at: Time
    next: list[str]
    """What you do now, in the tenant and here."""


def list_all(call: Call[MovesIn]) -> Page[MoveOut]:
    said = call.takes
    rows = list_moves(limit=said.limit + 1, after=said.after, state=said.state)
    return cut_page(rows, said, _show, lambda row: row.organization_id)


def get(call: Call[Shape], organization_id: str) -> MoveOut:
    return _show(get_move(organization_id))


def change(call: Call[MoveIn], organization_id: str) -> MoveOut:
    return _show(change_move(organization_id, call.takes.to, actor=call.actor, now=call.now))


def _show(row: Move) -> MoveOut:
    state = cast(State, row.state)
    return MoveOut(
        organization_id=row.organization_id,
        organization=get_organization(row.organization_id).name,
        state=state,
        means=_MEANS[state],
        can_go_to=cast(Any, list(WAYS[state])),
        connections=[one.name for one in list_imports_of(row.organization_id)],
        changed_at=row.changed_at,
        next=_NEXT[state],
    )


ONE = "/organizations/{organization_id}/move"

OPERATIONS = (
    Operation(("auth0-move", "list"), "GET", "/auth0/moves", READ, "List how far organizations have moved", list_all,
              MovesIn, Page[MoveOut]),
    Operation(("auth0-move", "get"), "GET", ONE, READ, "Show how far an organization has moved", get, gives=MoveOut),
    Operation(("auth0-move", "change"), "POST", ONE, WRITE, "Take an organization one step further, or back", change,
              MoveIn, MoveOut, example="org-… --to dual-run"),
)  # fmt: skip
