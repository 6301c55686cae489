"""Routes: the search for sign-ins, one of them with every step, and the box that finds anything."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, redirect, request

from app.connections import list_connection_names
from app.console import Console
from app.console.attempt import Failed, attempt
from app.console.desk import Desk
from app.console.forms import asked_of, page
from app.console.session.views import open_desk, signed_in
from app.console.sign_ins.timeline import list_turns
from app.errors import NotFound
from app.organizations import list_organization_names

FILTERS = ("outcome", "organization_id", "connection_id", "email", "after")
_REFERENCE = re.compile(r"[0-9a-f]{32}")
_ID = re.compile(r"(org|con|cli)-[a-z0-9-]{1,40}")
_PATHS = {"org": "organizations", "con": "connections", "cli": "clients"}


def add_routes(blueprint: Blueprint, console: Console) -> None:
    """Add the pages."""

    @blueprint.get("/sign-ins")
    @signed_in
    def sign_ins() -> Any:
        reference = request.args.get("reference", "").strip().lower()
        if _REFERENCE.fullmatch(reference):
            return redirect(f"/console/sign-ins/{reference}", 303)
        failed = Failed({"reference": "A reference has 32 digits and letters a to f."}, 422) if reference else None
        return _list(open_desk(console), asked_of(FILTERS), reference, failed)

    @blueprint.get("/sign-ins/<sign_in_id>")
    @signed_in
    def sign_in(sign_in_id: str) -> Response:
        desk = open_desk(console)
        one = desk.ask("sign-in", "get", sign_in_id)
        turns, ours_ms = list_turns(one.steps)
        return page(
            "sign_in_trace",
            at="sign-ins",
            one=one,
            turns=turns,
            ours_ms=ours_ms,
            names=_names([one]),
            distribution=_distribution(desk, one),
        )

    @blueprint.get("/find")
    @signed_in
    def find() -> Any:
        wanted = request.args.get("q", "").strip()[:200]
        if _REFERENCE.fullmatch(wanted.lower()):
            return redirect(f"/console/sign-ins/{wanted.lower()}", 303)
        if found := _ID.fullmatch(wanted.lower()):
            return redirect(f"/console/{_PATHS[found[1]]}/{wanted.lower()}", 303)
        if "@" in wanted:
            return _list(open_desk(console), {"email": wanted.lower()}, "", None)
        known = attempt(lambda: open_desk(console).ask("organization", "list", search=wanted)) if wanted else None
        if known is None or isinstance(known, Failed):
            return redirect("/console/organizations", 303)
        if len(known.items) == 1 and known.next is None:
            return redirect(f"/console/organizations/{known.items[0].id}", 303)
        return page("organizations", at="organizations", page=known, wanted={"search": wanted})


def _list(desk: Desk, wanted: dict[str, str], reference: str, failed: Failed | None) -> Response:
    if "email" in wanted:
        wanted = {**wanted, "email": wanted["email"].lower()}
    found: Any = failed or attempt(lambda: desk.ask("sign-in", "list", **wanted))
    refused = isinstance(found, Failed)
    return page(
        "sign_ins",
        found.status if refused else 200,
        at="sign-ins",
        page=None if refused else found,
        names={} if refused else _names(found.items),
        said={**dict.fromkeys(FILTERS, ""), "reference": reference, **wanted},
        wanted={name: text for name, text in wanted.items() if name != "after"},
        problems=found.problems if refused else {},
    )


def _distribution(desk: Desk, one: Any) -> str:
    """Whose adapter explains the sign-in; empty where the connection is gone."""
    try:
        return str(desk.ask("connection", "get", one.connection_id).distribution) if one.connection_id else ""
    except NotFound:
        return ""


def _names(rows: list[Any]) -> dict[str, str]:
    """Names of the organizations and connections that the rows are of, by id; those that are gone have none."""
    organizations = {row.organization_id for row in rows if row.organization_id}
    connections = {row.connection_id for row in rows if row.connection_id}
    return {**list_organization_names(organizations), **list_connection_names(connections)}
