"""Routes: domains of an organization: added, vouched for, looked for in DNS."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, request

from app.console import Console
from app.console.attempt import WHOLE, Failed, attempt
from app.console.desk import Desk
from app.console.forms import asked_of, is_ticked, page, text_of
from app.console.session.views import freshly_signed_in, open_desk, signed_in
from app.errors import NotFound

ALL = "/organizations/<organization_id>/domains"


def add_routes(blueprint: Blueprint, console: Console) -> None:
    """Add the page and what it sends. Taking away, vouching later and moving are acts."""

    @blueprint.get(ALL)
    @signed_in
    def domains(organization_id: str) -> Response:
        return _page(open_desk(console), organization_id, Failed({}, 200))

    @blueprint.post(ALL)
    @freshly_signed_in
    def add_domain(organization_id: str) -> Any:
        desk, said = open_desk(console), text_of("domain")
        vouched = is_ticked("verified")
        done = attempt(lambda: desk.ask("domain", "add", organization_id, domain=said["domain"], verified=vouched))
        if not isinstance(done, Failed):
            return redirect(f"/console/organizations/{organization_id}/domains", 303)
        problems = dict(done.problems)
        problems.setdefault("domain", problems.pop(WHOLE, ""))
        return _page(desk, organization_id, Failed(problems, done.status), said["domain"])

    @blueprint.post(f"{ALL}/<domain>/check")
    @signed_in
    def check_domain(organization_id: str, domain: str) -> Any:
        desk = open_desk(console)
        done = attempt(lambda: desk.ask("domain", "check", organization_id, domain))
        if isinstance(done, Failed):
            return _page(desk, organization_id, done)
        return redirect(f"/console/organizations/{organization_id}/domains", 303)


def _page(desk: Desk, organization_id: str, failed: Failed, typed: str = "") -> Response:
    """The page; where somebody else owns what was typed, with the way to move it."""
    one = desk.ask("organization", "get", organization_id)
    after = asked_of(("after",)) if request.method == "GET" else {}
    listed = desk.ask("domain", "list", organization_id, limit=50, **after)
    foreign = _foreign(desk, typed, organization_id) if typed else None
    problems = {**failed.problems, "domain": "Another organization has this domain."} if foreign else failed.problems
    return page(
        "domains",
        failed.status,
        at="organizations",
        one=one,
        domains=listed.items,
        next=listed.next,
        typed=typed,
        foreign=foreign,
        owner=desk.find_name("organization", foreign.organization_id) if foreign else None,
        problems=problems,
    )


def _foreign(desk: Desk, typed: str, organization_id: str) -> Any:
    try:
        found = desk.ask("domain", "find", typed)
    except NotFound:
        return None
    return None if found.organization_id == organization_id else found
