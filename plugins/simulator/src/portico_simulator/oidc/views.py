"""The routes of an OpenID Provider."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

from flask import Blueprint, jsonify, redirect, request
from werkzeug import Response

from portico_simulator.behaviour import Where
from portico_simulator.errors import error_of, show
from portico_simulator.idp import Idp
from portico_simulator.login import Login, Session, Waiting
from portico_simulator.memory import Shelf
from portico_simulator.oidc.authorize import AuthorizationRequest, Grant, check_request, find_return, is_fresh
from portico_simulator.oidc.claims import id_token, person_claims
from portico_simulator.oidc.discovery import discovery, jwks
from portico_simulator.oidc.errors import OAuthError, describe
from portico_simulator.oidc.refusals import refuse_bearer, refuse_token
from portico_simulator.oidc.token import authenticate, redeem
from portico_simulator.pages import auto_post, page
from portico_simulator.people import Person
from portico_simulator.profiles import OidcProfile, VendorError, find_caused, find_named


def oidc_routes(idp: Idp[OidcProfile], login: Login) -> Blueprint:
    """Return the endpoints of one OpenID Provider."""
    routes = Blueprint(f"oidc-{idp.config.id}", __name__)
    provider = _Provider(idp, login)
    profile = idp.profile
    routes.add_url_rule(idp.fill(profile.discovery_path), "discovery", lambda: jsonify(discovery(idp)))
    if profile.shared_path:
        routes.add_url_rule(profile.shared_path, "shared_discovery", lambda: jsonify(discovery(idp, shared=True)))
    routes.add_url_rule(idp.fill(profile.jwks_path), "jwks", lambda: jsonify(jwks(idp)))
    for path, view, methods in (
        (profile.authorize_path, provider.authorize, ["GET", "POST"]),
        (profile.token_path, provider.token, ["POST"]),
        (profile.userinfo_path, provider.userinfo, ["GET", "POST"]),
        (profile.logout_path, provider.logout, ["GET", "POST"]),
    ):
        routes.add_url_rule(idp.fill(path), view.__name__, view, methods=methods)
    return routes


class _Provider:
    """One provider's endpoints over its codes and access tokens."""

    def __init__(self, idp: Idp[OidcProfile], login: Login) -> None:
        self._idp, self._login = idp, login
        self._codes: Shelf[Grant] = Shelf(timedelta(hours=1), idp.now, idp.random)
        self._access: Shelf[Grant] = Shelf(timedelta(hours=1), idp.now, idp.random)

    def authorize(self) -> Response:
        values = request.args if request.method == "GET" else request.form
        application, redirect_uri = find_return(self._idp, values)
        try:
            asked = check_request(application, redirect_uri, values)
        except OAuthError as error:
            return self._refuse(redirect_uri, values.get("state"), "query", error)
        session = self._login.session()
        if session is not None and is_fresh(asked, session, self._idp.now()):
            return self._answer(self._idp, asked, session)
        if "none" in asked.prompt:
            nobody = OAuthError("login_required", "Nobody is signed in, and prompt=none forbids to ask.")
            return self._refuse(redirect_uri, asked.state, asked.response_mode, nobody)
        return self._login.ask(Waiting(asked, self._answer, asked.login_hint))

    def token(self) -> Response:
        try:
            application = authenticate(self._idp, request.headers.get("Authorization"), request.form)
            grant = redeem(self._codes, self._idp, application, request.form)
            self._fail_on_demand(grant.session.person, "token")
        except OAuthError as error:
            return refuse_token(self._idp, error)
        access_token = self._access.put(grant)
        body = {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": 3600,
            "scope": " ".join(sorted(grant.request.scopes)),
            "id_token": id_token(self._idp, grant, access_token),
        }
        response = jsonify(body)
        response.headers["Cache-Control"] = "no-store"
        return response

    def userinfo(self) -> Response:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        grant = self._access.find(token) if scheme.lower() == "bearer" else None
        if grant is None:
            return refuse_bearer("The token is not known.")
        profile = self._idp.profile
        if profile.userinfo == "resource" and grant.request.resource not in (None, "urn:microsoft:userinfo"):
            error = OAuthError("invalid_token", "The token is for another resource.", "userinfo")
            return refuse_bearer(describe(self._idp, error, self._idp.clock()))
        claims = person_claims(self._idp, grant.request, grant.session.person)
        left_out = self._idp.behaviour(grant.session.person).leave_out
        shown = claims if profile.userinfo == "claims" else {"sub": claims["sub"]}
        return jsonify({name: value for name, value in shown.items() if name not in left_out})

    def logout(self) -> Response:
        """End the session, and go back only to an address that an application registered (RP-Initiated Logout 1.0)."""
        self._login.close()
        back = request.values.get("post_logout_redirect_uri", "")
        application = self._idp.find_oidc_application(request.values.get("client_id", ""))
        if application is not None and back in application.post_logout_redirect_uris:
            state = request.values.get("state")
            return redirect(f"{back}?{urlencode({'state': state})}" if state else back, 303)
        return page("signed_out", self._idp)

    def _answer(self, idp: Idp[OidcProfile], asked: AuthorizationRequest, session: Session) -> Response:
        if not session.person.assigned:
            show(idp, error_of(idp, "not_assigned"))
        try:
            self._fail_on_demand(session.person, "answer")
        except OAuthError as error:
            return self._refuse(asked.redirect_uri, asked.state, asked.response_mode, error)
        values = {"code": self._codes.put(Grant(asked, session, idp.now() + idp.profile.code_lifetime))}
        if idp.profile.session_state:
            values["session_state"] = hashlib.sha256(session.id.encode()).hexdigest()[:32]
        return self._return(asked.redirect_uri, asked.state, asked.response_mode, values)

    def _fail_on_demand(self, person: Person, here: Where) -> None:
        """Raise the error that the person's behaviour wants, if this is the place for it. Pages come first."""
        behaviour = self._idp.behaviour(person)
        if not behaviour.fail_with:
            return
        named = find_named(self._idp.profile.errors, behaviour.fail_with)
        where = behaviour.fail_at or (named.at if named else "answer")
        if where == "page":
            show(self._idp, named or VendorError(behaviour.fail_with, behaviour.fail_message))
        if where == here:
            code = named.oauth if named else behaviour.fail_with
            known = named or find_caused(self._idp.profile.errors, code) or VendorError("", "")
            said = known if named else replace(known, text=behaviour.fail_message)
            raise OAuthError(code, said.text, said=said)

    def _refuse(self, redirect_uri: str, state: str | None, mode: str, error: OAuthError) -> Response:
        values = {"error": error.code, "error_description": describe(self._idp, error, self._idp.clock())}
        return self._return(redirect_uri, state, mode, values)

    def _return(self, redirect_uri: str, state: str | None, mode: str, values: dict[str, str]) -> Response:
        if state is not None:
            values["state"] = state
        if self._idp.profile.iss_parameter:
            values["iss"] = self._idp.fill(self._idp.profile.issuer)
        if mode == "form_post":
            return auto_post(self._idp, redirect_uri, values)
        joint = "&" if "?" in redirect_uri else "?"
        return redirect(f"{redirect_uri}{joint}{urlencode(values)}", 303)
