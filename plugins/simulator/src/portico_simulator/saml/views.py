"""The routes of a SAML identity provider."""

from __future__ import annotations

import base64

from flask import Blueprint, make_response, request
from werkzeug import Response

from portico_simulator.idp import Idp
from portico_simulator.login import Login, Session, Waiting
from portico_simulator.pages import ShownToPerson, auto_post
from portico_simulator.profiles import SamlProfile
from portico_simulator.saml.metadata import metadata
from portico_simulator.saml.request import AuthnRequest, check_request, decode_post, inflate_redirect, parse_request
from portico_simulator.saml.response import failure, success
from portico_simulator.saml.signature import verify_enveloped, verify_query


def saml_routes(idp: Idp[SamlProfile], login: Login) -> Blueprint:
    """Return the single sign-on service, the metadata and the IdP-initiated start of one identity provider."""
    routes = Blueprint(f"saml-{idp.config.id}", __name__)
    sso_path = idp.fill(idp.profile.sso_path)

    @routes.get(idp.fill(idp.profile.metadata_path))
    def show_metadata() -> Response:
        response = make_response(metadata(idp))
        response.content_type = "application/samlmetadata+xml"
        return response

    @routes.route(sso_path, methods=["GET", "POST"])
    def single_sign_on() -> Response:
        return _go_on(idp, login, _read(idp))

    @routes.get("/start/<int:number>")
    def start(number: int) -> Response:
        """IdP-initiated: the application's tile in the person's own portal."""
        if number >= len(idp.saml_applications):
            raise ShownToPerson(idp.profile.unknown_application, 404)
        application = idp.saml_applications[number]
        relay_state = request.args.get("RelayState")
        return _go_on(idp, login, AuthnRequest(None, application, application.acs_urls[0], relay_state))

    return routes


def _read(idp: Idp[SamlProfile]) -> AuthnRequest:
    values = request.args if request.method == "GET" else request.form
    for name in ("SAMLRequest", "RelayState", "Signature", "SigAlg"):
        if len(values.getlist(name)) > 1:
            raise ShownToPerson(f"{name} was sent more than once.")
    encoded = values.get("SAMLRequest")
    if not encoded:
        raise ShownToPerson("There is no SAMLRequest.")
    document = inflate_redirect(encoded) if request.method == "GET" else decode_post(encoded)
    root = parse_request(document)
    asked = check_request(idp, root, values.get("RelayState"))
    application = asked.application
    signed = "Signature" in values or root.find("{http://www.w3.org/2000/09/xmldsig#}Signature") is not None
    if application.certificate and (application.require_signed_requests or signed):
        if request.method == "GET":
            verify_query(request.query_string.decode("ascii"), application.certificate)
        else:
            verify_enveloped(root, application.certificate)
    return asked


def _go_on(idp: Idp[SamlProfile], login: Login, asked: AuthnRequest) -> Response:
    """Answer at once where the session allows it, else let the person sign in."""
    wanted = asked.name_id_format
    if idp.profile.strict_name_id_policy and wanted not in (None, idp.profile.name_id_format):
        return _post(idp, asked, failure(idp, asked, "InvalidNameIDPolicy"))
    session = login.session()
    if session is not None and not asked.force_authn:
        return _answer(idp, asked, session)
    if asked.is_passive:
        return _post(idp, asked, failure(idp, asked, "NoPassive"))
    hint = request.args.get("login_hint") or request.args.get("username")
    return login.ask(Waiting(asked, _answer, hint))


def _answer(idp: Idp[SamlProfile], asked: AuthnRequest, session: Session) -> Response:
    if not session.person.assigned:
        raise ShownToPerson(idp.profile.not_assigned, 403)
    behaviour = idp.config.behaviour
    if behaviour.fail_with:
        return _post(idp, asked, failure(idp, asked, behaviour.fail_with, behaviour.fail_message))
    return _post(idp, asked, success(idp, asked, session))


def _post(idp: Idp[SamlProfile], asked: AuthnRequest, document: bytes) -> Response:
    fields = {"SAMLResponse": base64.b64encode(document).decode()}
    if asked.relay_state is not None:
        fields["RelayState"] = asked.relay_state
    return auto_post(idp, asked.acs_url, fields)
