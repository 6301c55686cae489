"""Light or dark, as the visitor chose; nothing chosen follows the system."""

from __future__ import annotations

from typing import Any

THEMES = ("light", "dark")
YEAR_S = 365 * 86_400


def theme_name(*, secure: bool) -> str:
    """The name of the cookie; on https one that no other host can set (RFC 6265bis 4.1.3.2)."""
    return f"{'__Host-' if secure else ''}portico-theme"


def theme_cookie(response: Any, theme: str, *, secure: bool) -> None:
    """Keep the choice in the browser; anything else than the two themes forgets it."""
    name = theme_name(secure=secure)
    if theme in THEMES:
        response.set_cookie(name, theme, max_age=YEAR_S, path="/", secure=secure, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="Lax")
