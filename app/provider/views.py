"""Routes of the OpenID Provider."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, make_response, redirect, render_template, request

from app.crypto import SigningKeys
from app.errors import BadRequest
from app.provider.authorize import AskEmail, Authorization, authorize
from app.provider.discovery import build_discovery
from app.provider.email import EmailUnknown, route_email
from app.provider.refusals import Refusals
from app.provider.requests import UnverifiedRequest
from app.provider.server import TokenServer
from app.provider.userinfo import BearerError, get_userinfo, parse_bearer
from app.signin.allowed import StillAllowed
from app.web.actions import render_action, render_onward
from app.web.cookies import Cookie
from app.web.errors import Refusal
from app.web.language import speak
from app.web.references import new_reference

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
MAX_QUERY = 16_384
#: Paths that no browser shows to a person.
MACHINE_PATHS = ("/oauth2/token", "/oauth2/revoke", "/oauth2/userinfo", "/oauth2/jwks", "/.well-known/")


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The collaborators of the provider's routes."""

    authorization: Authorization
    server: TokenServer
    keys: SigningKeys
    allowed: StillAllowed
    refusals: Refusals
    browser_cookie: Cookie
    session_cookie: Cookie
    clock: Callable[[], datetime]


def blueprint(endpoints: Endpoints) -> Blueprint:
    """Return the routes of discovery, authorization, token, userinfo, revocation and JWKS."""
    routes = Blueprint("provider", __name__)
    _add_documents(routes, endpoints)
    _add_authorization(routes, endpoints)
    _add_tokens(routes, endpoints)
    return routes


def _add_documents(routes: Blueprint, endpoints: Endpoints) -> None:
    discovery = json.dumps(build_discovery(endpoints.authorization.issuer))

    @routes.get("/.well-known/openid-configuration")
    def openid_configuration() -> Response:
        return _json(discovery, {"Cache-Control": "public, max-age=300"})

    @routes.get("/oauth2/jwks")
    def jwks() -> Response:
        keys = endpoints.keys.public_jwks(endpoints.clock())
        return _json(json.dumps(keys), {"Cache-Control": "public, max-age=300"})


def _add_authorization(routes: Blueprint, endpoints: Endpoints) -> None:
    issuer = endpoints.authorization.issuer

    @routes.route("/oauth2/authorize", methods=["GET", "POST"])
    def authorization_endpoint() -> Response:
        values = request.args if request.method == "GET" else request.form
        unverified = UnverifiedRequest(values.to_dict(flat=False))
        speak(unverified.one("ui_locales"))
        browser, session = endpoints.browser_cookie.read(request), endpoints.session_cookie.read(request)
        now = endpoints.clock()
        try:
            answer = authorize(endpoints.authorization, unverified, browser=browser, session=session, now=now)
        except AskEmail:
            return _email_page(unverified)
        response = render_action(answer.action)
        if answer.browser is not None and answer.browser != browser:
            endpoints.browser_cookie.write(response, answer.browser)
        return response

    @routes.post("/oauth2/authorize/email")
    def email() -> Response:
        asked = _parse_query(request.form.get("request", ""))
        address = request.form.get("email", "").strip()
        speak(UnverifiedRequest(asked).one("ui_locales"))
        try:
            onward = route_email(endpoints.authorization, UnverifiedRequest(asked), address, endpoints.clock())
        except EmailUnknown:
            return _email_page(UnverifiedRequest(asked), address, status=422)
        return make_response(redirect(f"/oauth2/authorize/continue?{urlencode(onward)}", 303))

    @routes.get("/oauth2/authorize/continue")
    def onward() -> Response:
        """A page of our own: a form's answer that went on to another origin would be stopped by form-action."""
        speak(request.args.get("ui_locales"))
        query = urlencode(_pairs(request.args.to_dict(flat=False)))
        return render_onward(f"{issuer}/oauth2/authorize?{query}")


def _add_tokens(routes: Blueprint, endpoints: Endpoints) -> None:
    @routes.post("/oauth2/token")
    def token() -> Response:
        return _answer("token")

    @routes.post("/oauth2/revoke")
    def revoke() -> Response:
        return _answer("revocation")

    @routes.route("/oauth2/userinfo", methods=["GET", "POST"])
    def userinfo() -> Response:
        try:
            tokens = request.form.getlist("access_token") if request.method == "POST" else []
            access_token = parse_bearer(request.headers.get("Authorization"), tokens)
            claims = get_userinfo(access_token, endpoints.allowed, endpoints.clock())
        except BearerError as error:
            return _refuse_bearer(error)
        return _json(json.dumps(claims), NO_STORE)

    def _refuse_bearer(error: BearerError) -> Response:
        reference = new_reference()
        if error.error is not None:  # who presented nothing has nothing to look up
            reference = endpoints.refusals.keep(
                "userinfo", error.error, str(error), login=error.login, reference=reference, now=endpoints.clock()
            )
        headers = {**NO_STORE, "WWW-Authenticate": error.challenge(reference)}
        return _json(json.dumps(error.body(reference)), headers, error.status)

    def _answer(endpoint: str) -> Response:
        pairs = list(request.form.items(multi=True))
        status, body, headers = endpoints.server.answer(
            endpoint, pairs, request.headers.get("Authorization"), new_reference()
        )
        return _json(json.dumps(body), dict(headers), status)


def render_oauth_error(refusal: Refusal) -> Response:
    """Return any other failure of an endpoint that machines call, in the words of OAuth 2.0 (RFC 6749 5.2, 4.1.2.1)."""
    codes = {500: "server_error", 503: "temporarily_unavailable"}
    body = {
        "error": codes.get(refusal.status, "invalid_request"),
        "error_description": f"{refusal.public} Reference {refusal.reference}",
    }
    return _json(json.dumps(body), {**(refusal.headers or {}), **NO_STORE}, refusal.status)


def _email_page(unverified: UnverifiedRequest, address: str = "", status: int = 200) -> Response:
    hint = address or (unverified.one("login_hint") or "")
    page = render_template(
        "signin/email.html",
        asked=urlencode(_pairs(unverified.parameters)),
        address=hint[:320],
        wrong=status == 422,
    )
    return make_response(page, status)


def _pairs(parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in parameters.items() for value in values]


def _parse_query(text: str) -> dict[str, list[str]]:
    if not text or len(text) > MAX_QUERY:
        raise BadRequest("the page's hidden field is missing or too long")
    parsed: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=50):
        parsed.setdefault(name, []).append(value)
    return parsed


def _json(body: str, headers: Mapping[str, str], status: int = 200) -> Response:
    return Response(body, status, {**headers, "Content-Type": "application/json"})
