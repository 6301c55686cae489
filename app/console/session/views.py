"""What Flask-Login says, typed: who uses the console, and routes that need somebody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Request, current_app, request, session
from flask_login import UserMixin, current_user, fresh_login_required, login_required
from werkzeug.exceptions import HTTPException

from app.access.operators import Operator
from app.audit import Actor
from app.console import Console
from app.console.desk import Desk
from app.console.sign_in.paths import HOME

View = TypeVar("View", bound=Callable[..., Any])


class User(UserMixin):
    """An operator as Flask-Login knows one."""

    def __init__(self, operator: Operator) -> None:
        self.id = operator.id
        self.operator = operator


def signed_in(view: View) -> View:
    """Send whoever is not signed in to the sign-in page."""
    return cast(View, login_required(view))


def freshly_signed_in(view: View) -> View:
    """Send there, too, whoever signed in more than half an hour ago."""
    return cast(View, fresh_login_required(view))


def find_operator() -> Operator | None:
    """Return who is signed in, if anybody."""
    user = cast(Any, current_user)
    return user.operator if user.is_authenticated else None


def get_operator() -> Operator:
    """Return who is signed in. Only in routes that need somebody."""
    found = find_operator()
    assert found is not None
    return found


def get_actor() -> Actor:
    """Return whom the audit log names."""
    me = get_operator()
    return Actor("operator", me.id, me.email)


def get_session_id() -> str:
    """Return the id of the session at hand."""
    return str(cast(Any, session).facts["id"])


def page_at_hand() -> str:
    """Return the address of the page that is shown, or that a form came from where it has the form's own address.

    A form that has another address leads to the overview: what was typed is gone there, the way is not.
    """
    if request.method == "GET":
        return request.full_path.rstrip("?")
    asked = {**request.environ, "REQUEST_METHOD": "GET"}
    try:
        current_app.create_url_adapter(Request(asked)).match()  # type: ignore[union-attr]
    except HTTPException:
        return HOME
    return request.path


def open_desk(console: Console) -> Desk:
    """Return the desk of whoever is signed in."""
    return Desk(console.rooms, get_actor(), console.clock())
