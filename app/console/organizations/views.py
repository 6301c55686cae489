"""Routes: organizations, one of them, and its set-up links: made, revoked, sent again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request

from app.console import Console
from app.console.pages.views import open_desk
from app.console.session.views import signed_in
from app.errors import Conflict, Invalid

FEATURES = (("sso", "Sign-in"), ("domains", "Domains"), ("certificates", "Certificates"))
ONE = "/organizations/<organization_id>"


def add_routes(blueprint: Blueprint, console: Console) -> None:
    """Add the pages and what they send."""
    _add_organizations(blueprint, console)
    _add_links(blueprint, console)


def _add_organizations(blueprint: Blueprint, console: Console) -> None:
    @blueprint.get("/organizations")
    @signed_in
    def organizations() -> Any:
        after = {"after": request.args["after"]} if request.args.get("after") else {}
        page = open_desk(console).ask("organization", "list", **after)
        return render_template("console/organizations.html", at="organizations", page=page)

    @blueprint.get("/organizations/new")
    @signed_in
    def new_organization() -> Any:
        return _form({}, {}, 200)

    @blueprint.post("/organizations/new")
    @signed_in
    def add_organization() -> Any:
        said = {name: request.form.get(name, "").strip() for name in ("name", "slug", "external_id")}
        given = {name: text for name, text in said.items() if text or name == "name"}
        try:
            made = open_desk(console).ask("organization", "create", **given)
        except Invalid as error:
            return _form(said, {problem.field: problem.message for problem in error.problems}, 422)
        except Conflict as error:
            message = error.hint or "Another organization has this slug or external id."
            return _form(said, {"slug" if said["slug"] else "external_id": message}, 409)
        return redirect(f"/console/organizations/{made.id}", 303)

    @blueprint.get(ONE)
    @signed_in
    def organization(organization_id: str) -> Any:
        return _page(console, organization_id, {}, {}, 200)


def _add_links(blueprint: Blueprint, console: Console) -> None:
    @blueprint.post(f"{ONE}/setup-links")
    @signed_in
    def add_link(organization_id: str) -> Any:
        said = {"contact": request.form.get("contact", "").strip(), "features": request.form.getlist("features")}
        sends = request.form.get("send") == "yes"
        given: dict[str, Any] = {"features": said["features"], "send": sends and bool(said["contact"])}
        if said["contact"]:
            given["contact"] = said["contact"]
        try:
            made = open_desk(console).ask("setup-link", "create", organization_id, **given)
        except Invalid as error:
            problems = {problem.field.split("[")[0]: problem.message for problem in error.problems}
            return _page(console, organization_id, said, problems, 422)
        return _page(console, organization_id, {}, {}, 200, made=made)

    @blueprint.post(f"{ONE}/setup-links/<link_id>/revoke")
    @signed_in
    def revoke_link(organization_id: str, link_id: str) -> Any:
        open_desk(console).ask("setup-link", "revoke", organization_id, link_id)
        return redirect(f"/console/organizations/{organization_id}#links", 303)

    @blueprint.post(f"{ONE}/setup-links/<link_id>/resend")
    @signed_in
    def resend_link(organization_id: str, link_id: str) -> Any:
        try:
            made = open_desk(console).ask("setup-link", "resend", organization_id, link_id)
        except (Invalid, Conflict) as error:
            return _page(console, organization_id, {}, {"contact": error.hint or error.detail}, error.status)
        return _page(console, organization_id, {}, {}, 200, made=made)


def _form(said: dict[str, str], problems: dict[str, str], status: int) -> Response:
    page = render_template("console/new_organization.html", at="organizations", said=said, problems=problems)
    return make_response(page, status)


def _page(
    console: Console,
    organization_id: str,
    said: dict[str, Any],
    problems: dict[str, str],
    status: int,
    made: Any = None,
) -> Response:
    desk = open_desk(console)
    page = render_template(
        "console/organization.html",
        at="organizations",
        one=desk.ask("organization", "get", organization_id),
        domains=desk.ask("domain", "list", organization_id).items,
        connections=desk.ask("connection", "list-of", organization_id).items,
        links=desk.ask("setup-link", "list", organization_id, limit=200).items,
        contacts=desk.ask("contact", "list", organization_id).items,
        features=FEATURES,
        said=said,
        problems=problems,
        made=made,
    )
    return make_response(page, status)
