"""Routes: the overview with what needs attention, and in development the mail that was not sent."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, request

from app.access.operators import list_operators
from app.console import Console
from app.console.attention import list_attention
from app.console.desk import name_of_actor
from app.console.forms import page, speak_words
from app.console.session.views import open_desk, signed_in
from app.console.sign_in.paths import check_next
from app.errors import NotFound
from app.mail import list_development_mail, read_development_mail


def add_routes(blueprint: Blueprint, console: Console) -> None:
    """Add the pages."""

    @blueprint.get("/")
    @signed_in
    def overview() -> Response:
        desk = open_desk(console)
        operators = {one.id: one.email for one in list_operators()}
        changes = desk.ask("audit-event", "list", limit=8).items
        return page(
            "overview",
            at="overview",
            items=list_attention(desk, speak_words(), console.troubles(desk.now)),
            recent=desk.ask("sign-in", "list", limit=8).items,
            events=[(event, name_of_actor(event, operators)) for event in changes],
        )

    @blueprint.post("/notices/<notice_id>/resolve")
    @signed_in
    def resolve(notice_id: str) -> Any:
        open_desk(console).ask("notice", "resolve", notice_id)
        return redirect(check_next(request.form.get("back", "")), 303)

    if console.mail_folder is not None:
        _add_mail(blueprint, console)


def _add_mail(blueprint: Blueprint, console: Console) -> None:
    folder = console.mail_folder
    assert folder is not None

    @blueprint.get("/mail")
    @signed_in
    def mails() -> Response:
        return page("mails", at="mail", mails=list_development_mail(folder))

    @blueprint.get("/mail/<name>")
    @signed_in
    def mail(name: str) -> Response:
        if not name.isascii():
            raise NotFound("no such mail")
        return page("mail", at="mail", mail=read_development_mail(folder, name))
