"""The console's blueprint: sign-in of its own, every other page behind it, every form of our own making."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask

from app.console import Console
from app.console.account import views as account
from app.console.acts import views as acts
from app.console.api_keys import views as api_keys
from app.console.audit import views as audit
from app.console.clients import views as clients
from app.console.connection_settings import views as connection_settings
from app.console.connections import views as connections
from app.console.contacts import views as contacts
from app.console.domains import views as domains
from app.console.forms import speak_words
from app.console.installation import views as installation
from app.console.language import views as language
from app.console.operators import views as operators
from app.console.organizations import views as organizations
from app.console.pages import views as pages
from app.console.session.views import find_operator, page_at_hand
from app.console.setup_links import views as setup_links
from app.console.sign_in import views as sign_in
from app.console.sign_ins import views as sign_ins
from app.console.step_words import name_of_step
from app.console.trials import views as trials
from app.translations import say
from app.web.csrf import protect
from app.web.language import read_language

PAGES = (
    sign_in,
    language,
    account,
    pages,
    organizations,
    domains,
    contacts,
    setup_links,
    connections,
    connection_settings,
    trials,
    sign_ins,
    audit,
    clients,
    api_keys,
    operators,
    installation,
    acts,
)


def init_console(app: Flask, console: Console) -> None:
    """Add the console to the application. `init_csrf` and `init_web` came before."""
    sign_in.init_sign_in(app, console)
    language.init_operator_language(app)
    blueprint = Blueprint("console", __name__, url_prefix="/console")
    protect(blueprint, origin=console.base_url)
    for pages_of_one_kind in PAGES:
        pages_of_one_kind.add_routes(blueprint, console)

    @blueprint.context_processor
    def who() -> dict[str, Any]:
        shown = {"me": find_operator(), "shows_mail": console.mail_folder is not None}
        return {**shown, "now": console.clock(), "here": page_at_hand(), "said": _said, "name_of_step": _name_of_step}

    app.register_blueprint(blueprint)


def _name_of_step(step: str) -> str:
    return name_of_step(step, speak_words())


def _said(distribution: str, text: str) -> str:
    """Return a text of an adapter in the operator's language, or in English."""
    return say(text, read_language(), distribution)
