"""The login Action that Portico installs in tenants: the stand-in runs the very file."""

from __future__ import annotations

from app.auth0.actions import read_login_action as read_shipped


def read_login_action() -> str:
    """Return the JavaScript of Portico's login Action."""
    return read_shipped().code
