"""Writing a Response: the vendor's verdict, and in it the assertion, signed and encrypted where it would do so."""

from __future__ import annotations

from lxml import etree

from portico_simulator.behaviour import Behaviour
from portico_simulator.errors import stop
from portico_simulator.idp import Idp
from portico_simulator.login import Session
from portico_simulator.profiles import SamlProfile
from portico_simulator.saml.assertion import Statement, write_assertion
from portico_simulator.saml.encryption import encrypt_assertion
from portico_simulator.saml.names import SAML, SAMLP, STATUS, element, instant, replaced
from portico_simulator.saml.request import AuthnRequest
from portico_simulator.saml.signature import sign

#: Status codes that stand below another one in practice (core 3.2.2.2); all others stand alone.
_ABOVE = {
    "NoPassive": "Responder",
    "NoAuthnContext": "Responder",
    "InvalidNameIDPolicy": "Requester",
    "AuthnFailed": "Responder",
    "RequestDenied": "Responder",
}


def success(idp: Idp[SamlProfile], request: AuthnRequest, session: Session) -> bytes:
    """Return the document that says who signed in. Raises ShownToPerson when it may not go out in clear."""
    behaviour = idp.behaviour(session.person)
    signed = behaviour.signed or idp.profile.signed
    statement = Statement(idp, request, session, behaviour, idp.clock(behaviour))
    response = _response(idp, request, behaviour)
    _status(response, ("Success",))
    assertion = write_assertion(statement)
    response.append(assertion)
    if signed in ("assertion", "both"):
        _sign(idp, assertion, behaviour)
    if certificate := _encrypt_to(idp, request, behaviour):
        encrypt_assertion(assertion, certificate, idp.profile.encryption, idp.identifier())
    if signed in ("response", "both"):
        _sign(idp, response, behaviour)
    return etree.tostring(response, xml_declaration=True, encoding="UTF-8")


def failure(
    idp: Idp[SamlProfile], request: AuthnRequest, status: tuple[str, ...], message: str, behaviour: Behaviour
) -> bytes:
    """Return a document without an assertion, with the status codes (last segments of URNs, outer first)."""
    response = _response(idp, request, behaviour)
    _status(response, status, message)
    if (behaviour.signed or idp.profile.signed) in ("response", "both"):
        _sign(idp, response, behaviour)
    return etree.tostring(response, xml_declaration=True, encoding="UTF-8")


def parse_status(text: str) -> tuple[str, ...]:
    """Return the codes of `Requester/InvalidNameIDPolicy`; a code that always stands below another gets it."""
    codes = tuple(text.split("/"))
    return (_ABOVE[codes[0]], *codes) if len(codes) == 1 and codes[0] in _ABOVE else codes


def _response(idp: Idp[SamlProfile], request: AuthnRequest, behaviour: Behaviour) -> etree._Element:
    writing = idp.profile.writing
    attributes = {
        "ID": idp.identifier(writing.id_prefix, capitals=writing.id_capitals),
        "Version": "2.0",
        "IssueInstant": instant(idp.clock(behaviour)),
        "Destination": replaced(request.acs_url if writing.destination else "", behaviour.destination),
        "Consent": "urn:oasis:names:tc:SAML:2.0:consent:unspecified" if writing.consent else "",
        "InResponseTo": replaced(request.id or "", behaviour.in_response_to),
    }
    protocol, assertion = writing.prefixes
    present = {name: value for name, value in attributes.items() if value}
    response = element(None, SAMLP, "Response", None, present, {protocol: SAMLP, assertion: SAML})
    _write_issuer(response, idp, behaviour)
    return response


def _write_issuer(parent: etree._Element, idp: Idp[SamlProfile], behaviour: Behaviour) -> None:
    """Append who says so, in the vendor's form."""
    issuer = replaced(idp.fill(idp.profile.entity_id), behaviour.issuer)
    named = {"Format": "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"} if idp.profile.writing.issuer_format else {}
    if issuer:
        element(parent, SAML, "Issuer", issuer, named)


def _status(response: etree._Element, codes: tuple[str, ...], message: str = "") -> None:
    status = element(response, SAMLP, "Status")
    parent = status
    for code in codes:
        parent = element(parent, SAMLP, "StatusCode", None, {"Value": STATUS + code})
    if message:
        element(status, SAMLP, "StatusMessage", message)


def _sign(idp: Idp[SamlProfile], node: etree._Element, behaviour: Behaviour) -> None:
    writing = idp.profile.writing
    beside = [name for name in ("key_value", "subject_name") if getattr(writing, name)]
    has_issuer = len(node) > 0 and node[0].tag == f"{{{SAML}}}Issuer"
    sha1 = behaviour.signature_algorithm == "rsa-sha1"
    sign(node, idp.signing_key(behaviour), position=1 if has_issuer else 0, sha1=sha1, beside=beside)


def _encrypt_to(idp: Idp[SamlProfile], request: AuthnRequest, behaviour: Behaviour) -> str | None:
    """Return the certificate to encrypt to, or None when the assertion goes in clear."""
    application, habit = request.application, idp.profile.encryption.when
    offered = behaviour.encrypt_to or application.encryption_certificate
    if behaviour.encrypt is False or (habit == "demanded" and not behaviour.encrypt):
        return None
    certificate = offered or (application.certificate if behaviour.encrypt else None)
    if certificate is None and (behaviour.encrypt or habit == "always"):
        stop(idp, "no_encryption_key")
    return certificate
