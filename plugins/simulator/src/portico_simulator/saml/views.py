"""The routes of a SAML identity provider."""

from __future__ import annotations

import base64

from flask import Blueprint, make_response, request
from werkzeug import Response

from portico_simulator.errors import error_of, show, stop, words_of
from portico_simulator.idp import Idp
from portico_simulator.login import Login, Session, Waiting
from portico_simulator.pages import auto_post, page
from portico_simulator.people import Person
from portico_simulator.profiles import SamlProfile, VendorError, find_named
from portico_simulator.saml.demands import find_fault, find_person_fault
from portico_simulator.saml.logout import answer_logout, sign_out
from portico_simulator.saml.metadata import metadata
from portico_simulator.saml.received import receive
from portico_simulator.saml.request import AuthnRequest, find_application
from portico_simulator.saml.response import failure, parse_status, success


def saml_routes(idp: Idp[SamlProfile], login: Login) -> Blueprint:
    """Return the single sign-on service, the metadata and the IdP-initiated start of one identity provider."""
    routes = Blueprint(f"saml-{idp.config.id}", __name__)
    profile = idp.profile

    @routes.get(idp.fill(profile.metadata_path))
    def show_metadata() -> Response:
        parameter = profile.metadata.application_parameter
        response = make_response(metadata(idp, of_application=not parameter or parameter in request.args))
        response.content_type = "application/samlmetadata+xml"
        return response

    def service() -> Response:
        if profile.slo_path and request.values.get("SAMLResponse"):
            return page("signed_out", idp)
        sent = receive(idp)
        if sent.name == "LogoutRequest":
            return answer_logout(idp, login, sent) if profile.slo_path else stop(idp, "malformed_request")
        asked = find_application(idp, sent.root, sent.relay_state)
        fault = find_fault(idp, asked, sent)
        return _refuse(idp, asked, error_of(idp, fault)) if fault else _go_on(idp, login, asked)

    @routes.get("/start/<int:number>")
    def start(number: int) -> Response:
        """IdP-initiated: the application's tile in the person's own portal."""
        if number >= len(idp.saml_applications):
            stop(idp, "unknown_application")
        application = idp.saml_applications[number]
        relay_state = request.args.get("RelayState")
        return _go_on(idp, login, AuthnRequest(None, application, application.acs_urls[0], relay_state))

    for template in {profile.sso_path, *profile.requests.paths.values(), profile.slo_path or profile.sso_path}:
        path = idp.fill(template).partition("?")[0]
        routes.add_url_rule(path, "service" + path.replace(".", "-"), service, methods=["GET", "POST"])
    if profile.slo_path:
        routes.add_url_rule("/sign-out", "sign_out", lambda: sign_out(idp, login))
    return routes


def _go_on(idp: Idp[SamlProfile], login: Login, asked: AuthnRequest) -> Response:
    """Answer at once where the session allows it, else let the person sign in."""
    session = login.session()
    if session is not None and not asked.force_authn:
        return _answer(idp, asked, session)
    if asked.is_passive:
        return _refuse(idp, asked, error_of(idp, "no_passive"))
    hint = request.args.get("login_hint") or request.args.get("LoginHint") or request.args.get("username")
    return login.ask(Waiting(asked, _answer, hint))


def _answer(idp: Idp[SamlProfile], asked: AuthnRequest, session: Session) -> Response:
    if idp.profile.requests.loop_limit and session.count_answer(idp.now()) >= idp.profile.requests.loop_limit:
        stop(idp, "loop")
    behaviour = idp.behaviour(session.person)
    if fault := find_person_fault(idp, asked, session):
        return _refuse(idp, asked, error_of(idp, fault), session.person)
    if behaviour.fail_with:
        named = find_named(idp.profile.errors, behaviour.fail_with)
        plain = VendorError("", behaviour.fail_message, status=parse_status(behaviour.fail_with))
        return _refuse(idp, asked, named or plain, session.person)
    return _post(idp, asked, success(idp, asked, session))


def _refuse(idp: Idp[SamlProfile], asked: AuthnRequest, error: VendorError, person: Person | None = None) -> Response:
    """Answer with the error, or show it on the vendor's own page, as the vendor does unless somebody switched that."""
    behaviour = idp.behaviour(person)
    if (behaviour.fail_at or error.at) != "answer":
        show(idp, error)
    message = words_of(idp, error, idp.clock(behaviour)) if error.words else ""
    return _post(idp, asked, failure(idp, asked, error.status, message, behaviour))


def _post(idp: Idp[SamlProfile], asked: AuthnRequest, document: bytes) -> Response:
    fields = {"SAMLResponse": base64.b64encode(document).decode()}
    if asked.relay_state is not None:
        fields["RelayState"] = asked.relay_state
    return auto_post(idp, asked.acs_url, fields)
