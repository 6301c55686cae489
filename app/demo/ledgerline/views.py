"""The application's pages."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Flask, make_response, redirect, render_template, request
from werkzeug import Response

from app.demo.ledgerline.relying_party import Begun, SignInFailed, authorize_url, begin, finish
from app.demo.ledgerline.settings import Ledgerline
from app.demo.ledgerline.traces import Traces
from app.demo.loopback import LoopbackHttp
from app.demo.shelf import Shelf
from app.demo.views import delete_cookie, get_cookie, make_flask, set_cookie

_BROWSER = "ledgerline-browser"
_SESSION = "ledgerline"
_REFERENCE = re.compile(r"\b[0-9a-f]{32}\b")


def utc_now() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody's session: the claims that arrived, and the choice that led here."""

    claims: dict[str, Any]
    choice: str


def create_ledgerline(
    settings: Ledgerline,
    http: LoopbackHttp,
    *,
    now: Callable[[], datetime] = utc_now,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> Flask:
    """Return the application."""
    views = _Views(settings, http, Traces(settings, http), now, random)
    flask = make_flask("ledgerline", settings.base_url)
    for path, view in views.routes():
        flask.add_url_rule(path, view.__name__, view, methods=["GET"])
    flask.jinja_env.globals["ledgerline"] = settings
    return flask


class _Views:
    """The pages over the application's sessions."""

    def __init__(
        self,
        settings: Ledgerline,
        http: LoopbackHttp,
        traces: Traces,
        now: Callable[[], datetime],
        random: Callable[[int], bytes],
    ) -> None:
        self._settings, self._http, self._traces, self._now, self._random = settings, http, traces, now, random
        self._begun: Shelf[Begun] = Shelf(900, now, random)
        self._sessions: Shelf[SignedIn] = Shelf(8 * 3600, now, random)

    def routes(self) -> tuple[tuple[str, Callable[..., Response]], ...]:
        """Return every path with its view."""
        return (
            ("/", self.home),
            ("/sign-in/<choice_id>", self.sign_in),
            ("/callback", self.callback),
            ("/profile", self.profile),
            ("/sign-out", self.sign_out),
            ("/sign-ins", self.sign_ins),
            ("/sign-ins/<trace_id>", self.trace),
        )

    def home(self) -> Response:
        """The three customers, and a few other ways to begin."""
        return self._page("home", signed_in=self._session())

    def sign_in(self, choice_id: str) -> Response:
        """Begin at Auth0. A session there would answer at once, so a change of choice, or of person, asks again."""
        choice = self._settings.find_choice(choice_id)
        if choice is None:
            return self._page("missing", 404)
        browser = get_cookie(self._settings.base_url, _BROWSER) or self._random(24).hex()
        begun = begin(choice.id, browser, self._random)
        parameters = dict(choice.parameters)
        session = self._session()
        if "again" in request.args or (session is not None and session.choice != choice.id):
            parameters["prompt"] = "login"
        response = redirect(authorize_url(self._settings, begun, self._begun.put(begun), parameters), 303)
        set_cookie(response, self._settings.base_url, _BROWSER, browser)
        return response

    def callback(self) -> Response:
        """Finish what this browser began, or say why not."""
        begun = self._begun.consume(request.args.get("state"))
        if begun is None or begun.browser != get_cookie(self._settings.base_url, _BROWSER):
            return self._page("failed", 400, error="state", description="This sign-in is over. Begin again.")
        if "error" in request.args:
            description = request.args.get("error_description", "")
            reference = _REFERENCE.search(description)
            return self._page(
                "failed",
                403,
                error=request.args["error"],
                description=description,
                reference=reference.group() if reference else None,
                choice=self._settings.find_choice(begun.choice),
            )
        try:
            claims = finish(self._settings, self._http, begun, request.args.get("code", ""), self._now)
        except SignInFailed as failed:
            return self._page("failed", 502, error="sign-in", description=str(failed))
        response = redirect("/profile", 303)
        set_cookie(response, self._settings.base_url, _SESSION, self._sessions.put(SignedIn(claims, begun.choice)))
        return response

    def profile(self) -> Response:
        """The profile that arrived, and a link to how it did."""
        session = self._session()
        if session is None:
            return redirect("/", 303)
        claims = session.claims
        prefix = f"{self._settings.claims_namespace}portico_"
        added = {f"portico_{name.removeprefix(prefix)}": claims[name] for name in claims if name.startswith(prefix)}
        wanted = {"connection_id": added["portico_connection"]} if "portico_connection" in added else {}
        if claims.get("email"):
            wanted["email"] = claims["email"]
        trace_id = self._traces.latest(**wanted)
        choice = self._settings.find_choice(session.choice)
        return self._page("profile", claims=claims, added=added, trace_id=trace_id, choice=choice)

    def sign_out(self) -> Response:
        """Leave here and at Auth0; `everywhere` also asks Auth0 to pass it on upstream."""
        values = {"client_id": self._settings.client_id, "returnTo": f"{self._settings.base_url}/"}
        if "everywhere" in request.args:
            values["federated"] = ""
        response = redirect(f"{self._settings.auth0}/v2/logout?{urlencode(values)}", 303)
        self._sessions.consume(get_cookie(self._settings.base_url, _SESSION))
        delete_cookie(response, self._settings.base_url, _SESSION)
        return response

    def sign_ins(self) -> Response:
        """The latest sign-ins that Portico saw."""
        return self._page("sign_ins", rows=self._traces.recent(limit="25"))

    def trace(self, trace_id: str) -> Response:
        """Every step of one sign-in."""
        found = self._traces.get(trace_id)
        return self._page("missing", 404) if found is None else self._page("trace", trace=found)

    def _session(self) -> SignedIn | None:
        return self._sessions.find(get_cookie(self._settings.base_url, _SESSION))

    def _page(self, template: str, status: int = 200, **values: object) -> Response:
        return make_response(render_template(f"demo/ledgerline/{template}.html", **values), status)
