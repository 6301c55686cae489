"""Forms that only our own pages can send: a token in each form, bound to a cookie that no other site knows or can set.

Which cookie: a visit of the setup portal has one of its own; everywhere else it is one of this browser's that is for
nothing but forms and comes before any session, so that the forms of signing in are protected too. The token is an HMAC
under the cookie's value and needs no store. Where a browser says where a request comes from (`Sec-Fetch-Site`, `Origin`),
another place than ours is refused whatever the form holds.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from flask import Blueprint, Flask, Response, current_app, g, request

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

    def keep(response: Response) -> Response:
        fresh = g.get("fresh_csrf")
        if fresh is not None:
            cookie.write(response, fresh)
        return response

    app.jinja_env.globals["csrf_token"] = lambda: token_for(_cookie_value(cookie))
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
            cookie: Cookie = current_app.extensions["portico-csrf"]
            check_form(cookie.read(request), origin=origin)

    blueprint.before_request(check)


def token_for(cookie_value: str) -> str:
    """Return what a page puts into its forms. It tells nothing about the cookie, which scripts cannot read."""
    return hmac.new(cookie_value.encode(), b"portico form", hashlib.sha256).hexdigest()


def check_form(cookie_value: str | None, *, origin: str) -> None:
    """Raise NotOurForm unless a page of ours sent the request at hand, with the token for this cookie."""
    check_own_origin(origin=origin)
    sent = request.form.get(FIELD, "").encode(errors="replace")
    if not cookie_value or not hmac.compare_digest(token_for(cookie_value).encode(), sent):
        raise NotOurForm("no token of this browser")


def check_own_origin(*, origin: str) -> None:
    """Raise NotOurForm where the browser says that another place sent the request at hand (Fetch Metadata)."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise NotOurForm("sent from another site")
    if request.headers.get("Origin", origin) not in (origin, "null"):  # null: our own Referrer-Policy makes it so
        raise NotOurForm("sent from another origin")


def _cookie_value(cookie: Cookie) -> str:
    """The value that this browser has, or gets with this response."""
    value = cookie.read(request) or g.get("fresh_csrf")
    if value is None:
        value = g.fresh_csrf = secrets.token_urlsafe(32)
    return str(value)
