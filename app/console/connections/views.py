"""Routes: connections: listed, looked at, added. Changing them has pages of its own; what ends something is an act."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect

from app.adapters import AdapterUnavailable
from app.console import Console
from app.console.attempt import Failed, attempt
from app.console.desk import Desk
from app.console.forms import asked_of, page, text_of
from app.console.session.views import freshly_signed_in, open_desk, signed_in
from app.errors import NotFound
from app.organizations import list_organization_names
from app.translations import say
from app.web.language import read_language
from portico_sdk import AdapterSpec

ONE = "/connections/<connection_id>"
NEW = "/organizations/<organization_id>/connections/new"


def add_routes(blueprint: Blueprint, console: Console) -> None:
    """Add the pages and what they send."""
    _add_looking(blueprint, console)
    _add_new(blueprint, console)


def _add_looking(blueprint: Blueprint, console: Console) -> None:
    @blueprint.get("/connections")
    @signed_in
    def connections() -> Response:
        desk = open_desk(console)
        found = desk.ask("connection", "list", **asked_of(("after",)))
        return page(
            "connections",
            at="connections",
            page=found,
            names=list_organization_names({one.organization_id for one in found.items}),
        )

    @blueprint.get(ONE)
    @signed_in
    def connection(connection_id: str) -> Response:
        return show_connection(console, connection_id, Failed({}, 200))


def show_connection(console: Console, connection_id: str, failed: Failed) -> Response:
    """Return the page of a connection, with what could not be done about it."""
    desk = open_desk(console)
    one = desk.ask("connection", "get", connection_id)
    spec = find_spec(console, one)
    draft = desk.ask("connection", "get-draft", connection_id) if spec else None
    return page(
        "connection",
        failed.status,
        at="connections",
        one=one,
        spec=spec,
        draft=draft if draft is not None and draft.draft else None,
        defaults=_defaults(spec),
        labels={field.name: say(field.label, read_language(), one.distribution) for field in spec.settings}
        if spec
        else {},
        certificates=desk.ask("connection", "list-certificates", connection_id).items if spec else [],
        keys=desk.ask("connection", "list-keys", connection_id).items if spec else [],
        watch=_find_watch(desk, connection_id),
        recent=desk.ask("sign-in", "list", connection_id=connection_id, limit=10).items,
        organization=desk.ask("organization", "get", one.organization_id),
        problems=failed.problems,
    )


def _add_new(blueprint: Blueprint, console: Console) -> None:
    def show(organization_id: str, said: dict[str, str], failed: Failed) -> Response:
        desk = open_desk(console)
        adapters = [one for one in desk.ask("adapter", "list", limit=200).items if one.state == "ready"]
        organization = desk.ask("organization", "get", organization_id)
        adapters.sort(key=lambda one: one.label.casefold())
        choices = [
            (one.key, f"{say(one.label, read_language(), one.distribution)} ({one.protocol.upper()})")
            for one in adapters
        ]
        return page(
            "new_connection",
            failed.status,
            at="organizations",
            one=organization,
            choices=choices,
            said=said,
            problems=failed.problems,
        )

    @blueprint.get(NEW)
    @signed_in
    def new_connection(organization_id: str) -> Response:
        return show(organization_id, {}, Failed({}, 200))

    @blueprint.post(NEW)
    @freshly_signed_in
    def add_connection(organization_id: str) -> Any:
        said = text_of("adapter", "name")
        given = {name: text for name, text in said.items() if text or name == "adapter"}
        made = attempt(lambda: open_desk(console).ask("connection", "create", organization_id, **given))
        if isinstance(made, Failed):
            return show(organization_id, said, made)
        return redirect(f"/console/connections/{made.id}/settings", 303)


def find_spec(console: Console, one: Any) -> AdapterSpec | None:
    """Return the adapter of a connection; None while it is not loaded."""
    try:
        return console.rooms.registry.get(one.adapter, one.distribution)
    except AdapterUnavailable:
        return None


def _defaults(spec: AdapterSpec | None) -> dict[str, Any]:
    """What settings are when nobody says otherwise, in the form of answers."""
    found = {field.name: field.default for field in spec.settings} if spec else {}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


def _find_watch(desk: Desk, connection_id: str) -> Any:
    try:
        return desk.ask("connection", "get-metadata", connection_id)
    except NotFound:
        return None
