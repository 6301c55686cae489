"""Routes of acts: a page that names what ends, and the form that does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request

from app.console import Console
from app.console.acts import of_access, of_connections, of_organizations
from app.console.acts.act import Act, is_confirmed, lead, names_of, pick
from app.console.attempt import Failed, attempt
from app.console.desk import Desk
from app.console.forms import speak_words
from app.console.session.views import freshly_signed_in, open_desk, signed_in

ACTS = (*of_organizations.ACTS, *of_connections.ACTS, *of_access.ACTS)


def add_routes(blueprint: Blueprint, console: Console) -> None:
    """Add the page and the form of every act."""
    for act in ACTS:
        rule = act.path.replace("{", "<").replace("}", ">")
        guard = freshly_signed_in if act.fresh else signed_in
        endpoint = rule.replace("<", "").replace(">", "").strip("/")
        blueprint.add_url_rule(rule, f"GET {endpoint}", guard(_shower(console, act)))
        blueprint.add_url_rule(rule, f"POST {endpoint}", guard(_doer(console, act)), methods=["POST"])


def _shower(console: Console, act: Act) -> Callable[..., Response]:
    def show(**path: str) -> Response:
        desk = open_desk(console)
        return _page(desk, act, desk.ask(*act.subject, *pick(path, act.about)), path, {}, 200)

    return show


def _doer(console: Console, act: Act) -> Callable[..., Any]:
    def do(**path: str) -> Any:
        desk, said = open_desk(console), request.form
        subject = desk.ask(*act.subject, *pick(path, act.about))
        names = _names(desk, subject, path)
        if not is_confirmed(act, subject, said.get("typed", "")):
            problems = {"typed": f"Type “{getattr(subject, act.type_out)}” exactly."}
            return _page(desk, act, subject, path, problems, 422)
        done = attempt(lambda: desk.ask(*act.does, *pick(path, act.on), **act.take(said, path)))
        if isinstance(done, Failed):
            return _page(desk, act, subject, path, done.problems, done.status)
        return redirect(f"/console{lead(act.then or act.back, {**names, **path})}", 303)

    return do


def _page(
    desk: Desk, act: Act, subject: Any, path: Mapping[str, str], problems: Mapping[str, str], status: int
) -> Response:
    names, words = _names(desk, subject, path), speak_words()
    page = render_template(
        "console/act.html",
        at=act.path.split("/")[1],
        act=act,
        title=words(act.title, **names),
        ends=[words(sentence, **names) for sentence in act.ends],
        back=f"/console{lead(act.back, {**names, **path})}",
        type_out=getattr(subject, act.type_out) if act.type_out else "",
        extras=[extra for extra in act.extras if extra.shown(subject)],
        said=request.form if request.method == "POST" else {"subject_source": names.get("subject_source") or ""},
        problems=problems,
    )
    return make_response(page, status)


def _names(desk: Desk, subject: Any, path: Mapping[str, str]) -> dict[str, object]:
    """What sentences name, with the organizations' names: of the subject's, and of the one that the path is below."""
    names = names_of(subject, path)
    if "organization_id" in names:
        names["organization"] = desk.ask("organization", "get", str(names["organization_id"])).name
    if "organization_id" in path:
        names["here"] = desk.ask("organization", "get", path["organization_id"]).name
    return names
