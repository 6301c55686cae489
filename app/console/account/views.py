"""Routes: one's own sessions and password. Changing anything needs a sign-in of the last half hour."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request

from app.access.operators import TooManyTries, change_password, end_other_sessions, end_session, list_sessions
from app.console import Console
from app.console.session.views import freshly_signed_in, get_actor, get_operator, get_session_id, signed_in
from app.errors import Invalid

HERE = "/console/account"


def add_routes(blueprint: Blueprint, console: Console) -> None:
    """Add the page and what it sends."""

    @blueprint.get("/account")
    @signed_in
    def account() -> Any:
        return _page(console, {}, "", 200)

    @blueprint.post("/account/password")
    @freshly_signed_in
    def password() -> Any:
        me, said = get_operator(), request.form
        try:
            change_password(
                me.id,
                said.get("old_password", ""),
                said.get("password", ""),
                keep_session=get_session_id(),
                address=request.remote_addr or "",
                now=console.clock(),
            )
        except Invalid as error:
            return _page(console, {problem.field: problem.message for problem in error.problems}, "", 422)
        except TooManyTries as error:
            return _page(console, {"old_password": error.public}, "", error.status)
        return _page(console, {}, "Your password is changed. Your other sessions are ended.", 200)

    @blueprint.post("/account/sessions/<session_id>/end")
    @freshly_signed_in
    def end_one(session_id: str) -> Any:
        end_session(get_operator().id, session_id, actor=get_actor(), now=console.clock())
        return redirect(HERE, 303)

    @blueprint.post("/account/sessions/end-others")
    @freshly_signed_in
    def end_others() -> Any:
        end_other_sessions(get_operator(), get_session_id(), now=console.clock())
        return redirect(HERE, 303)


def _page(console: Console, problems: dict[str, str], done: str, status: int) -> Response:
    sessions = list_sessions(get_operator().id, now=console.clock())
    page = render_template(
        "console/account.html", sessions=sessions, this=get_session_id(), problems=problems, done=done, at="account"
    )
    return make_response(page, status)
