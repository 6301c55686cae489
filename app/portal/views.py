"""Requests and responses of the portal. Every page of a visit passes the same checks here, in this order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import structlog
from flask import Blueprint, Response, make_response, redirect, render_template, request

from app.errors import BadRequest, NotFound, Problem
from app.portal import door
from app.portal.appearance import THEMES, theme_cookie, theme_name
from app.portal.routes import ROUTES, Route, opens
from app.portal.showing import make_globals
from app.portal.turn import Answer, File, Leaving, Onward, Page, Portal, Shown, Turn
from app.portal.wording import make_said, make_spoken
from app.setup_links import CodeNeeded, LinkUnusable, Visit, VisitOver
from app.translations import say
from app.web.actions import render_action
from app.web.cookies import Cookie, browser_cookie
from app.web.csrf import FIELD, check_form, check_own_origin, token_for
from app.web.language import keep_language, read_language
from app.web.references import new_reference

TOKEN = "/setup/<string(length=43):token>"  # noqa: S105 -- a pattern

log = structlog.get_logger(__name__)


def blueprint(portal: Portal) -> Blueprint:
    """Return the portal's routes, and give its templates what they say with."""
    routes = Blueprint("portal", __name__)
    shown = make_globals(read_language, portal.clock)
    said = make_said(read_language)
    shown |= {"said": said, "spoken": make_spoken(said, read_language)}
    routes.record_once(lambda state: state.app.jinja_env.globals.update(shown))
    cookie = Cookie("setup", secure=portal.secure, max_age_s=8 * 3600)
    for route in ROUTES:
        for method, page in (("GET", route.get), ("POST", route.post)):
            if page is not None:
                endpoint = f"{method} {route.path}".replace(".", "-")
                view = _view(portal, cookie, route, page)
                routes.add_url_rule(route.path, endpoint, view, methods=[method])
    _add_door(routes, portal, cookie)

    @routes.post("/setup/appearance")
    def appearance() -> Response:
        check_own_origin(origin=portal.base_url)
        if not {"language", "theme"} & request.form.keys():
            raise BadRequest("neither a theme nor a language")
        response = redirect(_own_path(request.form.get("back", "")), 303)
        if "language" in request.form:
            keep_language(_as_response(response), request.form["language"], secure=portal.secure)
        else:
            theme_cookie(response, request.form.get("theme", ""), secure=portal.secure)
        return _as_response(response)

    return routes


def _add_door(routes: Blueprint, portal: Portal, cookie: Cookie) -> None:
    @routes.post(f"{TOKEN}/language")
    def choose_language(token: str) -> Response:
        check_own_origin(origin=portal.base_url)
        response = _as_response(redirect(f"/setup/{token}", 303))
        keep_language(response, request.form.get("language", ""), secure=portal.secure)
        return response

    @routes.get(TOKEN)
    def look(token: str) -> Response:
        return _render(door.show_door(portal, token))

    @routes.post(TOKEN)
    def enter(token: str) -> Response:
        check_own_origin(origin=portal.base_url)
        try:
            _, value = portal.links.exchange(token, now=portal.clock())
        except LinkUnusable as error:
            return _render(door.show_closed(error))
        response = _as_response(redirect("/setup/", 303))
        cookie.write(response, value)
        return response

    @routes.post(f"{TOKEN}/ask")
    def ask(token: str) -> Response:
        check_own_origin(origin=portal.base_url)
        return _render(door.ask_for_new(portal, token))


def _view(portal: Portal, cookie: Cookie, route: Route, page: Page) -> Callable[..., Response]:
    def view(**parts: str) -> Response:
        value, now = cookie.read(request), portal.clock()
        try:
            visit = portal.links.visit(value, now)
        except VisitOver:
            return _render(Shown("portal/over.html", {}, status=401))
        if request.method == "POST":
            check_form(value, origin=portal.base_url)
        if not visit.may(*route.features):
            raise NotFound(f"{visit.link_id} does not open {route.path}")
        if route.step:
            visit.check_step(route.step.format(**parts))
        turn = _turn(portal, visit)
        try:
            answer = page(turn, **parts)
        except CodeNeeded:
            answer = Onward("/setup/code")
        return _respond(answer, turn, value or "")

    return view


def _turn(portal: Portal, visit: Visit) -> Turn:
    browser = browser_cookie(secure=portal.secure).read(request)
    files = {name: stored.read() for name, stored in request.files.items()}
    form, query = request.form.to_dict(), request.args.to_dict()
    return Turn(portal, portal.links.desk(visit), visit, visit.at, form, query, files, browser, read_language())


def _respond(answer: Answer, turn: Turn, cookie: str) -> Response:
    if isinstance(answer, Onward):
        return _as_response(redirect(answer.path if opens(turn.visit, answer.path) else "/setup/thanks", 303))
    if isinstance(answer, File):
        kept = {"Content-Type": answer.mimetype, "Content-Disposition": f'attachment; filename="{answer.name}"'}
        return Response(answer.write(read_language()), 200, kept)
    if isinstance(answer, Leaving):
        response = render_action(answer.action)
        browser_cookie(secure=turn.portal.secure).write(response, answer.browser)
        return response
    response = _render(answer, turn, form_field=FIELD, form_token=token_for(cookie))
    if "onward" in answer.values:
        response.headers["Refresh"] = f"0; url={answer.values['onward']}"
    if answer.template == "portal/test_waiting.html":
        response.headers["Refresh"] = "10"
    return response


def _render(shown: Shown, turn: Turn | None = None, **more: Any) -> Response:
    values: dict[str, Any] = {"visit": None, "organization": None, "step_name": "", **more}
    if turn is not None:
        values |= {"visit": turn.visit, "organization": turn.desk.organization(), "step_name": _step_name()}
        values |= {"brand": turn.portal.brands.of(turn.visit.organization_id), "opens": partial(opens, turn.visit)}
        values |= _who_else(turn)
    names = (theme_name(secure=True), theme_name(secure=False))
    theme = next((request.cookies[name] for name in names if name in request.cookies), "")
    values |= {
        "theme": theme if theme in THEMES else "auto",
        "here": _own_path(request.path),
        "desk": turn and turn.desk,
    }
    problems = _told(shown)
    values |= {"problems": problems, "wrong": {p.field: p for p in reversed(problems)}, **shown.values}
    status = 422 if shown.problems and shown.status == 200 else shown.status
    reference = new_reference() if status >= 400 else ""
    if reference:
        log.info("portal_refused", reference=reference, status=status, template=shown.template)
    return make_response(render_template(shown.template, **values, reference=reference), status)


def _who_else(turn: Turn) -> dict[str, Any]:
    """Whether somebody else does the rest, and who: a page on which nothing is left to do says whom to tell."""
    alone = turn.visit.step is not None or not turn.visit.may("sso")
    return {"alone": alone, "sender": turn.portal.links.sender_of(turn.visit) if alone else ("", "")}


def _told(shown: Shown) -> tuple[Problem, ...]:
    """The problems in the visitor's language; rooms and adapters write them in English."""
    setup = shown.values.get("setup")
    distribution = str(setup.described["distribution"]) if setup else ""
    return tuple(replace(p, message=say(p.message, read_language(), distribution)) for p in shown.problems)


def _step_name() -> str:
    """The name of the task that this page belongs to, for where the visitor stands."""
    rule = request.url_rule.rule if request.url_rule else ""
    route = next((row for row in ROUTES if row.path == rule), None)
    return route.step.format(**(request.view_args or {})) if route else ""


def _own_path(path: str) -> str:
    """A path of the portal, never the token's and never another site."""
    is_page = any(path.startswith(f"/setup/{name}") for name in ("provider", "domains", "contacts", "con-", "code"))
    return path if is_page and "//" not in path and "\\" not in path and path.isprintable() else "/setup/"


def _as_response(response: Any) -> Response:
    return make_response(response)
