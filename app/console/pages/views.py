"""Routes of the pages. Each asks operations and renders; what came by a link's query passes the operation's shape."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request

from app.console import Console
from app.console.attention import list_attention
from app.console.desk import Desk
from app.console.session.views import get_actor, signed_in
from app.errors import NotFound
from app.mail import list_development_mail, read_development_mail

_FILTERS = ("outcome", "organization_id", "connection_id", "email", "after")


def open_desk(console: Console) -> Desk:
    """Return the desk of whoever is signed in."""
    return Desk(console.rooms, get_actor(), console.clock())


def add_routes(blueprint: Blueprint, console: Console) -> None:
    """Add the pages that only show something."""
    _add_overview(blueprint, console)
    _add_connections(blueprint, console)
    _add_sign_ins(blueprint, console)
    _add_audit(blueprint, console)
    if console.mail_folder is not None:
        _add_mail(blueprint, console)


def _add_overview(blueprint: Blueprint, console: Console) -> None:
    @blueprint.get("/")
    @signed_in
    def overview() -> Any:
        return render_template("console/overview.html", at="overview", items=list_attention(open_desk(console)))

    @blueprint.post("/notices/<notice_id>/resolve")
    @signed_in
    def resolve(notice_id: str) -> Any:
        open_desk(console).ask("notice", "resolve", notice_id)
        return redirect("/console/", 303)

    @blueprint.get("/find")
    @signed_in
    def find() -> Any:
        wanted = request.args.get("q", "").strip()
        if "@" in wanted:
            return _sign_ins(console, {"email": wanted.lower()[:200]})
        for kind, path in (("con-", "connections"), ("org-", "organizations")):
            if wanted.startswith(kind) and wanted.replace("-", "").isalnum():
                return redirect(f"/console/{path}/{wanted[:40]}", 303)
        if len(wanted) == 32 and wanted.isalnum():
            return redirect(f"/console/sign-ins/{wanted}", 303)
        return redirect("/console/organizations", 303)


def _add_connections(blueprint: Blueprint, console: Console) -> None:
    @blueprint.get("/connections")
    @signed_in
    def connections() -> Any:
        page = open_desk(console).ask("connection", "list", **_args("after"))
        return render_template("console/connections.html", at="connections", page=page)

    @blueprint.get("/connections/<connection_id>")
    @signed_in
    def connection(connection_id: str) -> Any:
        desk = open_desk(console)
        one = desk.ask("connection", "get", connection_id)
        certificates = desk.ask("connection", "list-certificates", connection_id).items
        recent = desk.ask("sign-in", "list", connection_id=connection_id, limit=10).items
        return render_template(
            "console/connection.html",
            at="connections",
            one=one,
            settings={name: value for name, value in one.settings.items() if not isinstance(value, list | dict)},
            certificates=certificates,
            recent=recent,
            organization=desk.ask("organization", "get", one.organization_id),
        )


def _add_sign_ins(blueprint: Blueprint, console: Console) -> None:
    @blueprint.get("/sign-ins")
    @signed_in
    def sign_ins() -> Any:
        return _sign_ins(console, _args(*_FILTERS))

    @blueprint.get("/sign-ins/<sign_in_id>")
    @signed_in
    def sign_in(sign_in_id: str) -> Any:
        one = open_desk(console).ask("sign-in", "get", sign_in_id)
        return render_template("console/sign_in_trace.html", at="sign-ins", one=one)


def _sign_ins(console: Console, wanted: dict[str, str]) -> Any:
    page = open_desk(console).ask("sign-in", "list", **wanted)
    said = {**dict.fromkeys(_FILTERS, ""), **wanted}
    return render_template("console/sign_ins.html", at="sign-ins", page=page, said=said, wanted=wanted)


def _add_audit(blueprint: Blueprint, console: Console) -> None:
    @blueprint.get("/audit")
    @signed_in
    def audit() -> Any:
        wanted = _args("name", "organization_id", "target", "actor_id", "after")
        page = open_desk(console).ask("audit-event", "list", **wanted)
        return render_template("console/audit.html", at="audit", page=page, wanted=wanted)


def _add_mail(blueprint: Blueprint, console: Console) -> None:
    folder = console.mail_folder
    assert folder is not None

    @blueprint.get("/mail")
    @signed_in
    def mails() -> Any:
        return render_template("console/mails.html", at="mail", mails=list_development_mail(folder))

    @blueprint.get("/mail/<name>")
    @signed_in
    def mail(name: str) -> Any:
        if not name.isascii():
            raise NotFound("no such mail")
        return render_template("console/mail.html", at="mail", mail=read_development_mail(folder, name))


def _args(*names: str) -> dict[str, str]:
    """Those of the query's values that say something."""
    return {name: text for name in names if (text := request.args.get(name, "").strip())}
