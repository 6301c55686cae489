"""Routes of the pages. What they show is made in the modules beside; they only ask and render."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from app.console import Console
from app.console.desk import Desk
from app.console.session.views import get_actor, signed_in


def add_routes(blueprint: Blueprint, console: Console) -> None:
    """Add every page behind the sign-in."""

    @blueprint.get("/")
    @signed_in
    def overview() -> Any:
        return render_template("console/overview.html", at="overview", items=[])


def open_desk(console: Console) -> Desk:
    """Return the desk of whoever is signed in."""
    return Desk(console.rooms, get_actor(), console.clock())
