"""Routes: the choice of a language, kept in the browser and with whoever is signed in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, redirect, request

from app.access.operators import choose_language
from app.console import Console
from app.console.session.views import find_operator
from app.console.sign_in.paths import check_next
from app.web.language import keep_language, speak


def init_operator_language(app: Flask) -> None:
    """Let every page below /console, error pages too, speak the language that the operator chose."""

    def speak_theirs() -> None:
        if request.path.startswith("/console/") and (me := find_operator()) is not None:
            speak(me.language)

    app.before_request(speak_theirs)


def add_routes(blueprint: Blueprint, console: Console) -> None:
    """Add what the buttons of every page send. It works before a sign-in too."""

    @blueprint.post("/language")
    def language() -> Any:
        chosen = request.form.get("language", "")
        response: Any = redirect(check_next(request.form.get("back", "")), 303)
        keep_language(response, chosen, secure=console.secure)
        if (me := find_operator()) is not None:
            choose_language(me.id, chosen)
        return response
