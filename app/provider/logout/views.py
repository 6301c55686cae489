"""Routes of the logout endpoint."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.exceptions import UnsupportedMediaType

from app.provider.logout.end import EndSession, Question, ask_to_end, end_as_answered
from app.signin.logout.leaving import Departed
from app.signin.logout.views import render_departed
from app.web.actions import render_repost
from app.web.cookies import Cookie
from app.web.language import speak

REPOSTED = "portico_reposted"
FORMS = ("", "application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, slots=True)
class LogoutEndpoint:
    """The collaborators of the logout endpoint."""

    logout: EndSession
    browser_cookie: Cookie
    session_cookie: Cookie


def blueprint(endpoint: LogoutEndpoint) -> Blueprint:
    """Return `/oauth2/logout`, for GET and POST, and the answer to its question."""
    routes = Blueprint("logout", __name__)

    @routes.route("/oauth2/logout", methods=["GET", "POST"])
    def end_session() -> Response:
        """RP-Initiated Logout 1.0, 2."""
        _check_form()
        values = (request.args if request.method == "GET" else request.form).to_dict(flat=False)
        reposted = values.pop(REPOSTED, None)
        speak(next(iter(values.get("ui_locales", ())), None))
        browser, session = endpoint.browser_cookie.read(request), endpoint.session_cookie.read(request)
        if request.method == "POST" and session is None and not reposted and not endpoint.session_cookie.secure:
            # On http the cookie is SameSite=Lax, and did not come with a cross-site POST: our own page sends it again.
            pairs = [(name, value) for name, several in values.items() for value in several]
            return render_repost(f"{endpoint.logout.issuer}{request.path}", [*pairs, (REPOSTED, "1")])
        now = endpoint.logout.clock()
        answer = ask_to_end(endpoint.logout, values, browser=browser, session=session, now=now)
        if isinstance(answer, Question):
            page = render_template("logout/confirm.html", handle=answer.handle, client=answer.client_id)
            response = make_response(page)
            endpoint.browser_cookie.write(response, answer.browser)
            return response
        return _depart(answer, browser)

    @routes.post("/oauth2/logout/confirm")
    def confirm() -> Response:
        _check_form()
        browser, session = endpoint.browser_cookie.read(request), endpoint.session_cookie.read(request)
        departed = end_as_answered(
            endpoint.logout,
            request.form.get("logout", ""),
            browser=browser,
            session=session,
            now=endpoint.logout.clock(),
        )
        if departed is None:  # an old page: ask anew
            return make_response(redirect("/oauth2/logout", 303))
        return _depart(departed, browser, from_form=True)

    def _depart(departed: Departed, browser: str | None, *, from_form: bool = False) -> Response:
        response = render_departed(departed, from_form=from_form)
        if departed.browser is not None and departed.browser != browser:
            endpoint.browser_cookie.write(response, departed.browser)
        return response

    return routes


def _check_form() -> None:
    """Raise UnsupportedMediaType for a body that is no form: whoever sends that is no browser of a person."""
    if request.content_length and request.mimetype not in FORMS:
        raise UnsupportedMediaType
