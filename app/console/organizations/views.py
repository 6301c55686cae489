"""Routes: organizations: listed, added, looked at, changed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect

from app.console import Console
from app.console.attempt import Failed, attempt
from app.console.attention import list_attention
from app.console.desk import Desk
from app.console.forms import asked_of, is_ticked, number_of, page, said_of, speak_words, text_of
from app.console.session.views import freshly_signed_in, open_desk, signed_in

ONE = "/organizations/<organization_id>"
NAMES = ("name", "slug", "external_id", "auth0_organization_id")


def add_routes(blueprint: Blueprint, console: Console) -> None:
    """Add the pages and what they send."""
    _add_list(blueprint, console)
    _add_new(blueprint, console)
    _add_settings(blueprint, console)

    @blueprint.get(ONE)
    @signed_in
    def organization(organization_id: str) -> Response:
        desk = open_desk(console)
        return page(
            "organization",
            at="organizations",
            one=desk.ask("organization", "get", organization_id),
            items=list_attention(desk, speak_words(), organization_id=organization_id),
            domains=desk.ask("domain", "list", organization_id, limit=200).items,
            connections=desk.ask("connection", "list-of", organization_id, limit=200).items,
            links=desk.ask("setup-link", "list", organization_id, limit=200).items,
            contacts=desk.ask("contact", "list", organization_id, limit=200).items,
            recent=desk.ask("sign-in", "list", organization_id=organization_id, limit=5).items,
        )


def _add_list(blueprint: Blueprint, console: Console) -> None:
    @blueprint.get("/organizations")
    @signed_in
    def organizations() -> Response:
        wanted = asked_of(("search", "after"))
        found = attempt(lambda: open_desk(console).ask("organization", "list", **wanted))
        refused = isinstance(found, Failed)
        return page(
            "organizations",
            at="organizations",
            page=None if refused else found,
            wanted=wanted,
            problems=found.problems if refused else {},
            status=found.status if refused else 200,
        )


def _add_new(blueprint: Blueprint, console: Console) -> None:
    @blueprint.get("/organizations/new")
    @signed_in
    def new_organization() -> Response:
        return page("new_organization", at="organizations", said={})

    @blueprint.post("/organizations/new")
    @signed_in
    def add_organization() -> Any:
        given = {"name": "", **said_of(*NAMES[:3])}
        made = attempt(lambda: open_desk(console).ask("organization", "create", **given))
        if isinstance(made, Failed):
            said = text_of(*NAMES[:3])
            return page("new_organization", made.status, at="organizations", said=said, problems=made.problems)
        return redirect(f"/console/organizations/{made.id}", 303)


def _add_settings(blueprint: Blueprint, console: Console) -> None:
    @blueprint.get(f"{ONE}/settings")
    @signed_in
    def organization_settings(organization_id: str) -> Response:
        return _settings(open_desk(console), organization_id, Failed({}, 200), None)

    @blueprint.post(f"{ONE}/settings")
    @freshly_signed_in
    def change_organization(organization_id: str) -> Any:
        desk, said = open_desk(console), text_of(*NAMES)
        policy = desk.ask("organization", "get", organization_id).policy.model_dump()
        policy |= {
            "allow_unverified_email": is_ticked("allow_unverified_email"),
            "max_session_s": number_of("max_session_s"),
        }
        given = {name: said[name] or None for name in NAMES[1:]}
        done = attempt(
            lambda: desk.ask("organization", "update", organization_id, name=said["name"], policy=policy, **given)
        )
        if isinstance(done, Failed):
            return _settings(desk, organization_id, done, {**said, **policy})
        return redirect(f"/console/organizations/{organization_id}", 303)

    @blueprint.post(f"{ONE}/enable")
    @freshly_signed_in
    def enable_organization(organization_id: str) -> Any:
        open_desk(console).ask("organization", "update", organization_id, status="active")
        return redirect(f"/console/organizations/{organization_id}", 303)


def _settings(desk: Desk, organization_id: str, failed: Failed, said: dict[str, Any] | None) -> Response:
    one = desk.ask("organization", "get", organization_id)
    stored = {**{name: getattr(one, name) for name in NAMES}, **one.policy.model_dump()}
    return page(
        "organization_settings",
        failed.status,
        at="organizations",
        one=one,
        said=stored if said is None else said,
        problems=failed.problems,
    )
