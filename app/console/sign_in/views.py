"""Routes: the enrolment link, the two steps of signing in, signing out."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Flask,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    session,
)
from flask_login import LoginManager, login_user

from app.access.operators import (
    Enrolment,
    Invitations,
    OperatorSessions,
    Refused,
    SignIn,
    TooManyTries,
    find_active_operator,
    note_signed_out,
)
from app.cipher import hash_token
from app.console import Console
from app.console.qr_code import draw_qr_code
from app.console.session.views import User, find_operator, get_operator, page_at_hand, signed_in
from app.console.sign_in.paths import check_next
from app.errors import Invalid
from app.web.cookies import Cookie
from app.web.server_sessions import ServerSessions

PASSWORD_GOOD_FOR = timedelta(minutes=10)
FRESH_FOR = timedelta(minutes=30)


def init_sign_in(app: Flask, console: Console) -> None:
    """Let Flask-Login say who uses the console, from sessions that are kept on the server."""
    # Flask-Login would verify its "remember me" cookie with it. We give none out; with this key none can be made.
    app.config["SECRET_KEY"] = secrets.token_bytes(32)
    cookie = Cookie("console", secure=console.secure)
    app.session_interface = ServerSessions(OperatorSessions(), cookie, "/console/", console.clock)
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = "strong"
    manager._session_identifier_generator = _identify_browser
    manager.user_loader(_load_user)
    manager.unauthorized_handler(_to_sign_in)
    manager.needs_refresh_handler(_to_sign_in)

    def age() -> None:
        started = getattr(session, "facts", {}).get("started_at")
        if session.get("_fresh") and started is not None and console.clock() - started > FRESH_FOR:
            session["_fresh"] = False

    app.before_request(age)


def add_routes(blueprint: Blueprint, console: Console) -> None:
    """Add everything that works without being signed in, and signing out."""
    sign_in, invitations = SignIn(console.cipher), Invitations(console.cipher, console.base_url)
    _add_enrolment(blueprint, console, invitations)
    _add_steps(blueprint, console, sign_in)

    @blueprint.post("/sign-out")
    @signed_in
    def sign_out() -> Any:
        note_signed_out(get_operator(), now=console.clock())
        session.clear()
        return redirect("/console/sign-in", 303)


def _add_enrolment(blueprint: Blueprint, console: Console, invitations: Invitations) -> None:
    @blueprint.get("/enrol/<token>")
    def enrol(token: str) -> Any:
        return _enrolment_page(invitations.find(token, now=console.clock()), {}, {}, 200)

    @blueprint.post("/enrol/<token>")
    def enrolled(token: str) -> Any:
        found = invitations.find(token, now=console.clock())
        said = {name: request.form.get(name, "") for name in ("email", "name", "password", "code")}
        try:
            codes = invitations.enrol(token, Enrolment(**said), now=console.clock())
        except Invalid as error:
            problems = {problem.field: problem.message for problem in error.problems}
            return _enrolment_page(found, said, problems, 422)
        session.clear()
        return render_template("console/recovery.html", codes=codes)


def _add_steps(blueprint: Blueprint, console: Console, sign_in: SignIn) -> None:
    @blueprint.get("/sign-in")
    def ask_password() -> Any:
        following = check_next(request.args.get("next", ""))
        if find_operator() and session.get("_fresh"):
            return redirect(following, 303)
        return render_template("console/sign_in.html", following=following, email="", problem="")

    @blueprint.post("/sign-in")
    def check_password() -> Any:
        email, following = request.form.get("email", "")[:320], check_next(request.form.get("next", ""))
        try:
            operator_id = sign_in.check_password(
                email, request.form.get("password", ""), address=_address(), now=console.clock()
            )
        except (Refused, TooManyTries) as error:
            page = render_template("console/sign_in.html", following=following, email=email, problem=error.public)
            return make_response(page, error.status if isinstance(error, TooManyTries) else 422)
        until = console.clock() + PASSWORD_GOOD_FOR
        session["pending"] = {"operator": operator_id, "until": until.isoformat(), "next": following}
        _renew()
        return redirect("/console/sign-in/code", 303)

    @blueprint.get("/sign-in/code")
    def ask_code() -> Any:
        if _pending(console.clock()) is None:
            return redirect("/console/sign-in", 303)
        return render_template("console/code.html", problem="")

    @blueprint.post("/sign-in/code")
    def check_code() -> Any:
        pending = _pending(console.clock())
        if pending is None:
            return redirect("/console/sign-in", 303)
        try:
            code = request.form.get("code", "")
            done = sign_in.check_code(pending["operator"], code, address=_address(), now=console.clock())
        except (Refused, TooManyTries) as error:
            page = render_template("console/code.html", problem=error.public)
            return make_response(page, error.status if isinstance(error, TooManyTries) else 422)
        operator = find_active_operator(done.operator_id)
        assert operator is not None
        session.clear()
        login_user(User(operator))
        _renew()
        return redirect(check_next(pending["next"]), 303)


def _enrolment_page(found: Any, said: dict[str, str], problems: dict[str, str], status: int) -> Response:
    page = render_template(
        "console/enrol.html", found=found, qr_code=draw_qr_code(found.totp_uri), said=said, problems=problems
    )
    return make_response(page, status)


def _pending(now: datetime) -> dict[str, str] | None:
    """Who gave the right password a moment ago in this browser."""
    pending = session.get("pending")
    if not pending or now >= datetime.fromisoformat(pending["until"]):
        return None
    found: dict[str, str] = pending
    return found


def _load_user(operator_id: str) -> User | None:
    operator = find_active_operator(operator_id)
    return None if operator is None else User(operator)


def _to_sign_in() -> Any:
    return redirect(f"/console/sign-in?{urlencode({'next': check_next(page_at_hand())})}", 303)


def _identify_browser() -> str:
    """What a session is bound to. Unlike Flask-Login's own it believes no X-Forwarded-For of strangers."""
    return hash_token(f"{_address()}\0{request.headers.get('User-Agent', '')}")


def _address() -> str:
    return request.remote_addr or ""


def _renew() -> None:
    cast(Any, session).renew()
