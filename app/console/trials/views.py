"""Routes: a test sign-in on a connection: begun, waited for, and what was found."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, request

from app.console import Console
from app.console.attempt import Failed, attempt
from app.console.connections.views import show_connection
from app.console.forms import page
from app.console.session.views import get_actor, open_desk, signed_in
from app.signin.findings import explain_waiting
from app.signin.testing import get_test, start_test
from app.signin.trying import begin_test
from app.web.actions import render_action
from app.web.cookies import browser_cookie

ONE = "/connections/<connection_id>"


def add_routes(blueprint: Blueprint, console: Console) -> None:
    """Add the form, the way to the provider, and the page that says what came of it."""
    journey, cookie = console.rooms.journey, browser_cookie(secure=console.secure)

    @blueprint.post(f"{ONE}/test")
    @signed_in
    def start(connection_id: str) -> Any:
        """A form's answer may not lead to the provider (form-action): it leads to a page that does."""
        organization_id = open_desk(console).ask("connection", "get", connection_id).organization_id
        started = attempt(
            lambda: start_test(
                journey,
                connection_id,
                organization_id=organization_id,
                return_path=f"/console/connections/{connection_id}/tests/{{test}}",
                actor=get_actor(),
                now=console.clock(),
            )
        )
        if isinstance(started, Failed):
            return show_connection(console, connection_id, started)
        return redirect(f"/console/connections/{connection_id}/tests/{started.id}", 303)

    @blueprint.get(f"{ONE}/tests/<test_id>/leave")
    @signed_in
    def leave(connection_id: str, test_id: str) -> Any:
        here = f"/console/connections/{connection_id}/tests/{test_id}"
        if get_test(test_id, connection_id).begun_at is not None:
            return redirect(here, 303)
        begun = begin_test(journey, test_id, connection_id, browser=cookie.read(request), now=console.clock())
        response = render_action(begun.action)
        cookie.write(response, begun.browser)
        return response

    @blueprint.get(f"{ONE}/tests/<test_id>")
    @signed_in
    def trial(connection_id: str, test_id: str) -> Response:
        return _show(console, connection_id, test_id)


def _show(console: Console, connection_id: str, test_id: str) -> Response:
    desk, test = open_desk(console), get_test(test_id, connection_id)
    one = desk.ask("connection", "get", connection_id)
    waits = test.outcome == "waiting"
    spec = console.rooms.registry.get(one.adapter, one.distribution) if waits else None
    response = page(
        "trial",
        at="connections",
        one=one,
        organization=desk.ask("organization", "get", one.organization_id),
        test=test,
        causes=explain_waiting(spec, test, desk.now) if spec and test.begun_at else None,
        current=test.revision == console.rooms.journey.connections.working_revision(connection_id),
    )
    if waits:
        onward = f"/console/connections/{connection_id}/tests/{test_id}/leave"
        response.headers["Refresh"] = "10" if test.begun_at else f"0; url={onward}"
    return response
