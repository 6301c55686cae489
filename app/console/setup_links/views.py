"""Routes: set-up links of an organization: made, and sent again. Their addresses are shown once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from app.console import Console
from app.console.attempt import WHOLE, Failed, attempt
from app.console.forms import asked_of, is_ticked, number_of, page, said_of, speak_words
from app.console.session.views import freshly_signed_in, open_desk, signed_in
from app.translations import LANGUAGES, marked

ALL = "/organizations/<organization_id>/setup-links"
FEATURES = (
    ("sso", marked("Sign-in"), marked("Connections, their mapping and tests")),
    ("domains", marked("Domains"), marked("Add and verify them")),
    ("certificates", marked("Certificates"), marked("Renew them, and nothing else")),
)
DAY_S = 86_400
LIFETIMES = (
    (3600, marked("1 hour")),
    (DAY_S, marked("1 day")),
    (7 * DAY_S, marked("7 days")),
    (30 * DAY_S, marked("30 days")),
    (90 * DAY_S, marked("90 days")),
)
UNCHOSEN = marked("The contact's own")
USUAL: dict[str, Any] = {"features": ["sso", "domains"], "send": True, "single_use": False, "expires_in_s": 7 * DAY_S}


def add_routes(blueprint: Blueprint, console: Console) -> None:
    """Add the page and what it sends. Revoking is an act."""

    def show(organization_id: str, said: dict[str, Any], failed: Failed, made: Any = None) -> Response:
        desk, words = open_desk(console), speak_words()
        connections = desk.ask("connection", "list-of", organization_id, limit=200).items
        after = asked_of(("after",)) if request.method == "GET" else {}
        links = desk.ask("setup-link", "list", organization_id, limit=50, **after)
        return page(
            "setup_links",
            failed.status,
            at="organizations",
            one=desk.ask("organization", "get", organization_id),
            links=sorted(links.items, key=lambda link: (link.state == "open", link.created_at), reverse=True),
            next=links.next,
            contacts=desk.ask("contact", "list", organization_id, limit=200).items,
            choices=[("", words("All, and new ones")), *((one.id, one.name) for one in connections)],
            features=FEATURES,
            words={name: word for name, word, _ in FEATURES},
            lifetimes=[(seconds, words(text)) for seconds, text in LIFETIMES],
            tongues=[("", words(UNCHOSEN)), *LANGUAGES.items()],
            said={**USUAL, **said},
            made=made,
            problems=failed.problems,
        )

    @blueprint.get(ALL)
    @signed_in
    def setup_links(organization_id: str) -> Response:
        said: dict[str, Any] = {"connection_id": request.args.get("connection_id", "")}
        if said["connection_id"]:
            said |= {"features": ["certificates"] if request.args.get("renew") else ["sso"]}
        if like := request.args.get("like"):
            said |= _said_by(open_desk(console).ask("setup-link", "get", organization_id, like))
        return show(organization_id, said, Failed({}, 200))

    @blueprint.post(ALL)
    @freshly_signed_in
    def add_link(organization_id: str) -> Response:
        said: dict[str, Any] = {
            **said_of("contact", "connection_id", "language"),
            "features": request.form.getlist("features"),
            "single_use": is_ticked("single_use"),
            "expires_in_s": number_of("expires_in_s") or USUAL["expires_in_s"],
        }
        given = {**said, "send": is_ticked("send") and "contact" in said}
        made = attempt(lambda: open_desk(console).ask("setup-link", "create", organization_id, **given))
        if isinstance(made, Failed):
            return show(organization_id, {**said, "send": is_ticked("send")}, made)
        return show(organization_id, {}, Failed({}, 200), made)

    @blueprint.post(f"{ALL}/<link_id>/resend")
    @freshly_signed_in
    def resend_link(organization_id: str, link_id: str) -> Response:
        made = attempt(lambda: open_desk(console).ask("setup-link", "resend", organization_id, link_id))
        if isinstance(made, Failed):
            return show(organization_id, {}, Failed({WHOLE: next(iter(made.problems.values()))}, made.status))
        return show(organization_id, {}, Failed({}, 200), made)


def _said_by(link: Any) -> dict[str, Any]:
    """What the form says for another link like this one."""
    said = {name: getattr(link, name) for name in ("contact", "connection_id", "language")}
    return {**{name: value or "" for name, value in said.items()}, "features": link.features}
