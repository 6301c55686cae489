"""Routes: contacts of an organization. Codes are mailed to them, so that changing them needs a fresh sign-in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, request

from app.console import Console
from app.console.attempt import WHOLE, Failed, attempt
from app.console.forms import asked_of, page, speak_words, text_of
from app.console.session.views import freshly_signed_in, open_desk, signed_in
from app.translations import LANGUAGES, marked

ALL = "/organizations/<organization_id>/contacts"
UNCHOSEN = marked("The installation's")
TOPICS = (("certificates", marked("Certificates that end")), ("domains", marked("Domains that lapse")))


def add_routes(blueprint: Blueprint, console: Console) -> None:
    """Add the pages and what they send. Removing is an act."""

    def show(organization_id: str, said: dict[str, Any], failed: Failed, contact_id: str | None = None) -> Response:
        desk, words = open_desk(console), speak_words()
        after = asked_of(("after",)) if request.method == "GET" else {}
        listed = desk.ask("contact", "list", organization_id, limit=50, **after)
        return page(
            "contacts" if contact_id is None else "contact",
            failed.status,
            at="organizations",
            one=desk.ask("organization", "get", organization_id),
            contacts=listed.items,
            next=listed.next,
            contact_id=contact_id,
            said=said,
            topics=TOPICS,
            tongues=[("", words(UNCHOSEN)), *LANGUAGES.items()],
            heard=lambda names: ", ".join(words(topic) for name, topic in TOPICS if name in names),
            problems=failed.problems,
        )

    @blueprint.get(ALL)
    @signed_in
    def contacts(organization_id: str) -> Response:
        return show(organization_id, {"notify": [name for name, _ in TOPICS]}, Failed({}, 200))

    @blueprint.post(ALL)
    @freshly_signed_in
    def add_contact(organization_id: str) -> Any:
        said = _said()
        done = _attempt(lambda: open_desk(console).ask("contact", "create", organization_id, **said))
        if isinstance(done, Failed):
            return show(organization_id, said, done)
        return redirect(f"/console/organizations/{organization_id}/contacts", 303)

    @blueprint.get(f"{ALL}/<contact_id>")
    @signed_in
    def contact(organization_id: str, contact_id: str) -> Response:
        found = open_desk(console).ask("contact", "get", organization_id, contact_id)
        said = {name: getattr(found, name) for name in ("name", "email", "notify", "language")}
        return show(organization_id, said, Failed({}, 200), contact_id)

    @blueprint.post(f"{ALL}/<contact_id>")
    @freshly_signed_in
    def change_contact(organization_id: str, contact_id: str) -> Any:
        said = _said()
        done = _attempt(lambda: open_desk(console).ask("contact", "update", organization_id, contact_id, **said))
        if isinstance(done, Failed):
            return show(organization_id, said, done, contact_id)
        return redirect(f"/console/organizations/{organization_id}/contacts", 303)


def _said() -> dict[str, Any]:
    said = {**text_of("name", "email"), "notify": request.form.getlist("notify")}
    return {**said, "language": request.form.get("language") or None}


def _attempt(act: Any) -> Any:
    done = attempt(act)
    if isinstance(done, Failed) and WHOLE in done.problems:  # all that can be in the way is the address
        return Failed({"email": done.problems[WHOLE]}, done.status)
    return done
