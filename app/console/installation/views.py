"""Routes: adapters that are loaded or failed, and notices about the installation itself."""

from __future__ import annotations

from flask import Blueprint, Response

from app.console import Console
from app.console.forms import page
from app.console.notice_words import TITLES
from app.console.session.views import open_desk, signed_in


def add_routes(blueprint: Blueprint, console: Console) -> None:
    """Add the page."""

    @blueprint.get("/installation")
    @signed_in
    def installation() -> Response:
        desk = open_desk(console)
        notices = desk.ask("notice", "list", limit=200).items
        return page(
            "installation",
            at="installation",
            titles=TITLES,
            adapters=desk.ask("adapter", "list", limit=200).items,
            notices=[one for one in notices if one.organization_id is None],
        )
