"""Forms that only our own pages can send: a token in each form, bound to a cookie of this browser.

The cookie comes before any session, so that the forms of signing in are protected too. Where a browser says where a
request comes from (`Sec-Fetch-Site`, `Origin`), another place than ours is refused whatever the form holds.
"""

from __future__ import annotations

import hmac
import secrets

from flask import Blueprint, Flask, Response, current_app, g, request

from app.cipher import hash_token
from app.errors import Forbidden
from app.web.cookies import Cookie

FIELD = "csrf_token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class NotOurForm(Forbidden):
    """A request that changes something came without a token of this browser, or from another origin."""

    code = "csrf"
    public = "This page was open for too long. Go back, load it again, and send it once more."


def init_csrf(app: Flask, *, secure: bool) -> None:
    """Give templates `csrf_token()`, and set its cookie when a page has used it. Does not check: `protect` does."""
    cookie = Cookie("csrf", secure=secure)

    def csrf_token() -> str:
        return _token_of(_cookie_value(cookie))

    def keep(response: Response) -> Response:
        fresh = g.get("fresh_csrf")
        if fresh is not None:
            cookie.write(response, fresh)
        return response

    app.jinja_env.globals["csrf_token"] = csrf_token
    app.extensions["portico-csrf"] = cookie
    app.after_request(keep)


def protect(blueprint: Blueprint, *, origin: str) -> None:
    """Refuse every request of the blueprint's that changes something unless one of our own forms sent it.

    Args:
        origin: ours, as browsers write it: the base URL.
    Raises:
        NotOurForm: at each such request.
    """

    def check() -> None:
        if request.method not in _SAFE:
            check_form(origin=origin)

    blueprint.before_request(check)


def check_form(*, origin: str) -> None:
    """Raise NotOurForm unless the request at hand was sent by a form of ours in this browser."""
    cookie: Cookie = current_app.extensions["portico-csrf"]
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise NotOurForm("sent from another site")
    if request.headers.get("Origin", origin) not in (origin, "null"):  # null: our own Referrer-Policy makes it so
        raise NotOurForm("sent from another origin")
    value, sent = cookie.read(request), request.form.get(FIELD, "")
    if value is None or not hmac.compare_digest(_token_of(value).encode(), sent.encode(errors="replace")):
        raise NotOurForm("no token of this browser")


def _cookie_value(cookie: Cookie) -> str:
    """The value that this browser has, or gets with this response."""
    value = cookie.read(request) or g.get("fresh_csrf")
    if value is None:
        value = g.fresh_csrf = secrets.token_urlsafe(32)
    return str(value)


def _token_of(value: str) -> str:
    # Not the value itself: a page must not show what the browser keeps from scripts.
    return hash_token(f"csrf:{value}")
