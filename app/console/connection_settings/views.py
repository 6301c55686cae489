"""Routes: what a connection is made of: its settings, its name and routing, its certificates."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, request

from app.console import Console
from app.console.attempt import WHOLE, Failed, attempt
from app.console.connection_settings.form import list_choices, list_groups, read_changes
from app.console.connections.views import ONE, find_spec
from app.console.forms import is_ticked, lines_of, page, speak_words, text_of
from app.console.session.views import freshly_signed_in, open_desk, signed_in
from app.errors import NotFound
from portico_sdk import AdapterSpec


def add_routes(blueprint: Blueprint, console: Console) -> None:
    """Add the pages and what they send."""
    _add_settings(blueprint, console)
    _add_routing(blueprint, console)
    _add_certificates(blueprint, console)


def _add_settings(blueprint: Blueprint, console: Console) -> None:
    def show(connection_id: str, failed: Failed) -> Response:
        desk = open_desk(console)
        one = desk.ask("connection", "get-draft", connection_id)
        spec = _get_spec(console, one)
        return page(
            "connection_settings",
            failed.status,
            at="connections",
            one=one,
            reads_metadata="metadata_import" in spec.capabilities and spec.protocol == "saml",
            groups=list_groups(spec, one.settings, one.secrets),
            choices=list_choices(spec, speak_words()("None")),
            typed=request.form if request.method == "POST" else None,
            organization=desk.ask("organization", "get", one.organization_id),
            problems=failed.problems,
        )

    @blueprint.get(f"{ONE}/settings")
    @freshly_signed_in
    def connection_settings(connection_id: str) -> Response:
        return show(connection_id, Failed({}, 200))

    @blueprint.post(f"{ONE}/settings")
    @freshly_signed_in
    def change_settings(connection_id: str) -> Any:
        """An active connection's change waits in a draft unless the operator chose otherwise on this very form."""
        desk = open_desk(console)
        one = desk.ask("connection", "get-draft", connection_id)
        now = one.status != "active" or request.form.get("how") == "now"
        if now and one.draft:
            hint = "There is a draft: put it in place or throw it away first."
            return show(connection_id, Failed({WHOLE: hint}, 409))
        changes = read_changes(list_groups(_get_spec(console, one), one.settings, one.secrets), request.form)
        verb = "update" if now else "update-draft"
        done = attempt(lambda: desk.ask("connection", verb, connection_id, settings=changes))
        if isinstance(done, Failed):
            return show(connection_id, done)
        return redirect(f"/console/connections/{connection_id}", 303)


def _add_routing(blueprint: Blueprint, console: Console) -> None:
    def show(connection_id: str, said: dict[str, Any] | None, failed: Failed) -> Response:
        desk = open_desk(console)
        one = desk.ask("connection", "get", connection_id)
        stored = {"name": one.name, "domains": "\n".join(one.domains), "is_default": one.is_default}
        return page(
            "connection_routing",
            failed.status,
            at="connections",
            one=one,
            said=said or stored,
            domains=desk.ask("domain", "list", one.organization_id, limit=200).items,
            organization=desk.ask("organization", "get", one.organization_id),
            problems=failed.problems,
        )

    @blueprint.get(f"{ONE}/routing")
    @signed_in
    def connection_routing(connection_id: str) -> Response:
        return show(connection_id, None, Failed({}, 200))

    @blueprint.post(f"{ONE}/routing")
    @freshly_signed_in
    def change_routing(connection_id: str) -> Any:
        given = {**text_of("name"), "domains": lines_of("domains"), "is_default": is_ticked("is_default")}
        done = attempt(lambda: open_desk(console).ask("connection", "update", connection_id, **given))
        if isinstance(done, Failed):
            return show(connection_id, {**given, "domains": request.form.get("domains", "")}, done)
        return redirect(f"/console/connections/{connection_id}", 303)


def _add_certificates(blueprint: Blueprint, console: Console) -> None:
    def show(connection_id: str, failed: Failed) -> Response:
        desk = open_desk(console)
        one = desk.ask("connection", "get", connection_id)
        organization = desk.ask("organization", "get", one.organization_id)
        return page(
            "connection_certificates",
            failed.status,
            at="connections",
            one=one,
            organization=organization,
            typed=request.form.get("certificates", ""),
            problems=failed.problems,
        )

    @blueprint.get(f"{ONE}/certificates/add")
    @signed_in
    def new_certificates(connection_id: str) -> Response:
        return show(connection_id, Failed({}, 200))

    @blueprint.post(f"{ONE}/certificates/add")
    @freshly_signed_in
    def add_certificates(connection_id: str) -> Any:
        written = text_of("certificates")["certificates"]
        done = attempt(
            lambda: open_desk(console).ask("connection", "add-certificates", connection_id, certificates=[written])
        )
        if isinstance(done, Failed):
            return show(connection_id, Failed({"certificates": next(iter(done.problems.values()))}, done.status))
        return redirect(f"/console/connections/{connection_id}#certificates", 303)

    @blueprint.post(f"{ONE}/metadata/read")
    @signed_in
    def read_metadata(connection_id: str) -> Any:
        open_desk(console).ask("connection", "read-metadata", connection_id)
        return redirect(f"/console/connections/{connection_id}#metadata", 303)


def _get_spec(console: Console, one: Any) -> AdapterSpec:
    spec = find_spec(console, one)
    if spec is None:
        raise NotFound(f"the adapter of {one.id} is not loaded")
    return spec
