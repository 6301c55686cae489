"""Routes: keys of the management API: listed and made. A key is shown once; revoking is an act."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from app.access import SCOPES
from app.console import Console
from app.console.attempt import Failed, attempt
from app.console.forms import asked_of, page, text_of
from app.console.session.views import freshly_signed_in, open_desk, signed_in


def add_routes(blueprint: Blueprint, console: Console) -> None:
    """Add the page and what it sends."""

    def show(said: dict[str, Any], failed: Failed, made: Any = None) -> Response:
        after = asked_of(("after",)) if request.method == "GET" else {}
        return page(
            "api_keys",
            failed.status,
            at="api-keys",
            page=open_desk(console).ask("api-key", "list", **after),
            scopes=SCOPES,
            said=said,
            made=made,
            problems=failed.problems,
        )

    @blueprint.get("/api-keys")
    @signed_in
    def api_keys() -> Response:
        return show({"name": "", "scopes": []}, Failed({}, 200))

    @blueprint.post("/api-keys")
    @freshly_signed_in
    def add_api_key() -> Response:
        said = {**text_of("name"), "scopes": request.form.getlist("scopes")}
        made = attempt(lambda: open_desk(console).ask("api-key", "create", **said))
        if isinstance(made, Failed):
            return show(said, made)
        return show({"name": "", "scopes": []}, Failed({}, 200), made)
