"""The console's blueprint: sign-in of its own, every other page behind it, every form of our own making."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask

from app.console import Console
from app.console.account.views import add_routes as add_account
from app.console.organizations.views import add_routes as add_organizations
from app.console.pages.views import add_routes as add_pages
from app.console.session.views import find_operator
from app.console.sign_in.views import add_routes as add_sign_in
from app.console.sign_in.views import init_sign_in
from app.web.csrf import protect


def init_console(app: Flask, console: Console) -> None:
    """Add the console to the application. `init_csrf` and `init_web` came before."""
    init_sign_in(app, console)
    blueprint = Blueprint("console", __name__, url_prefix="/console")
    protect(blueprint, origin=console.base_url)
    add_sign_in(blueprint, console)
    add_account(blueprint, console)
    add_pages(blueprint, console)
    add_organizations(blueprint, console)

    @blueprint.context_processor
    def who() -> dict[str, Any]:
        return {"me": find_operator(), "shows_mail": console.mail_folder is not None}

    app.register_blueprint(blueprint)
