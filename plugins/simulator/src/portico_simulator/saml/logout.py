"""Single logout: an application's LogoutRequest answered, and one of the identity provider's own sent.

Messages go by HTTP-Redirect, signed over exactly the bytes that are sent; Microsoft's are percent-encoded in lower case.
Spec: SAML core 3.7, bindings 3.4.4.1.
"""

from __future__ import annotations

import base64
import re
import zlib
from urllib.parse import quote

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from flask import redirect
from lxml import etree
from werkzeug import Response

from portico_simulator.applications import SamlApplication
from portico_simulator.errors import stop
from portico_simulator.idp import Idp
from portico_simulator.login import Login, Session
from portico_simulator.pages import page
from portico_simulator.profiles import SamlProfile
from portico_simulator.saml.name_id import choose_name_id
from portico_simulator.saml.names import RSA_SHA256, SAML, SAMLP, STATUS, element, instant
from portico_simulator.saml.received import Received
from portico_simulator.saml.signature import NotSigned


def answer_logout(idp: Idp[SamlProfile], login: Login, sent: Received) -> Response:
    """End the session when the request is in order, and answer the application either way."""
    application = idp.find_saml_application((sent.root.findtext(f"{{{SAML}}}Issuer") or "").strip())
    if application is None or not application.slo_url:
        stop(idp, "unknown_application")
    accepted = _is_acceptable(idp, application, sent, login.session())
    if accepted:
        login.close()
    message = _response(idp, application.slo_url, sent.root.get("ID", ""), "Success" if accepted else "Requester")
    return _send(idp, application.slo_url, "SAMLResponse", message, sent.relay_state)


def sign_out(idp: Idp[SamlProfile], login: Login) -> Response:
    """End the person's session at the identity provider itself, and tell the first application that wants to know."""
    session = login.session()
    login.close()
    told = next((application for application in idp.saml_applications if application.slo_url), None)
    if session is None or told is None:
        return page("signed_out", idp)
    return _send(idp, told.slo_url or "", "SAMLRequest", _request(idp, told, session), None)


def _is_acceptable(
    idp: Idp[SamlProfile], application: SamlApplication, sent: Received, session: Session | None
) -> bool:
    """The request is signed where that is demanded, and names the very NameID of the session, Format included."""
    if idp.profile.logout_signed or sent.is_signed:
        try:
            sent.verify(application.certificate or "")
        except (NotSigned, ValueError):
            return False
    issued = choose_name_id(idp, None, session.person) if session else None
    named = sent.root.find(f"{{{SAML}}}NameID")
    if issued is None or named is None:
        return False
    return (named.text, named.get("Format")) == (issued.value, issued.format)


def _response(idp: Idp[SamlProfile], destination: str, in_response_to: str, code: str) -> etree._Element:
    root = _message(idp, "LogoutResponse", destination)
    root.set("InResponseTo", in_response_to)
    status = element(root, SAMLP, "Status")
    element(status, SAMLP, "StatusCode", None, {"Value": STATUS + code})
    return root


def _request(idp: Idp[SamlProfile], application: SamlApplication, session: Session) -> etree._Element:
    root = _message(idp, "LogoutRequest", application.slo_url or "")
    issued = choose_name_id(idp, None, session.person)
    if issued is not None:
        element(root, SAML, "NameID", issued.value, {"Format": issued.format} if issued.format else {})
    element(root, SAMLP, "SessionIndex", session.index)
    return root


def _message(idp: Idp[SamlProfile], name: str, destination: str) -> etree._Element:
    attributes = {
        "ID": idp.identifier(),
        "Version": "2.0",
        "IssueInstant": instant(idp.clock()),
        "Destination": destination,
    }
    root = element(None, SAMLP, name, None, attributes, {"samlp": SAMLP, "saml": SAML})
    element(root, SAML, "Issuer", idp.fill(idp.profile.entity_id))
    return root


def _send(
    idp: Idp[SamlProfile], url: str, parameter: str, message: etree._Element, relay_state: str | None
) -> Response:
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(etree.tostring(message)) + packer.flush()
    parts = {parameter: base64.b64encode(packed).decode()}
    if relay_state is not None:
        parts["RelayState"] = relay_state
    parts["SigAlg"] = RSA_SHA256
    query = "&".join(f"{name}={_quoted(idp, value)}" for name, value in parts.items())
    key = idp.signing_key(idp.behaviour()).private
    signature = base64.b64encode(key.sign(query.encode("ascii"), padding.PKCS1v15(), hashes.SHA256())).decode()
    joint = "&" if "?" in url else "?"
    return redirect(f"{url}{joint}{query}&Signature={_quoted(idp, signature)}", 303)


def _quoted(idp: Idp[SamlProfile], value: str) -> str:
    quoted = quote(value, safe="")
    if not idp.profile.lower_case_queries:
        return quoted
    return re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), quoted)
