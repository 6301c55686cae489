"""Writing a Response: the assertion the vendor would write about this person, signed where it would sign."""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from portico_simulator.idp import Idp
from portico_simulator.login import Session
from portico_simulator.profiles import SamlProfile
from portico_simulator.saml.names import BEARER, SAML, SAMLP, STATUS, XS, XSI, element, instant
from portico_simulator.saml.request import AuthnRequest
from portico_simulator.saml.signature import encrypt_assertion, sign

#: Status codes that stand below another one in practice (core 3.2.2.2); all others stand alone.
_BELOW = {"NoPassive": "Responder", "InvalidNameIDPolicy": "Requester", "AuthnFailed": "Responder"}


def success(idp: Idp[SamlProfile], request: AuthnRequest, session: Session) -> bytes:
    """Return the signed document that says who signed in."""
    now = idp.clock()
    signed = idp.config.behaviour.signed or idp.profile.signed
    response = _response(idp, request, now)
    _status(response, "Success")
    assertion = _assertion(idp, request, session, now)
    response.append(assertion)
    if signed in ("assertion", "both"):
        sign(assertion, idp.signing_key)
    if idp.config.behaviour.encrypt:
        if request.application.certificate is None:
            raise ValueError(f"nothing to encrypt to: {request.application.entity_id} has no certificate")
        encrypt_assertion(assertion, request.application.certificate)
    if signed in ("response", "both"):
        sign(response, idp.signing_key)
    return etree.tostring(response, xml_declaration=True, encoding="UTF-8")


def failure(idp: Idp[SamlProfile], request: AuthnRequest, code: str, message: str = "") -> bytes:
    """Return a document without an assertion whose status is `code`, the last segment of its URN."""
    response = _response(idp, request, idp.clock())
    _status(response, code, message)
    if (idp.config.behaviour.signed or idp.profile.signed) in ("response", "both"):
        sign(response, idp.signing_key)
    return etree.tostring(response, xml_declaration=True, encoding="UTF-8")


def _response(idp: Idp[SamlProfile], request: AuthnRequest, now: datetime) -> etree._Element:
    attributes = {"ID": idp.identifier(), "Version": "2.0", "IssueInstant": instant(now)}
    attributes["Destination"] = request.acs_url
    if request.id is not None:
        attributes["InResponseTo"] = request.id
    response = element(None, SAMLP, "Response", None, attributes, {"samlp": SAMLP, "saml": SAML})
    element(response, SAML, "Issuer", idp.fill(idp.profile.entity_id))
    return response


def _status(response: etree._Element, code: str, message: str = "") -> None:
    status = element(response, SAMLP, "Status")
    above = _BELOW.get(code)
    outer = element(status, SAMLP, "StatusCode", None, {"Value": STATUS + (above or code)})
    if above:
        element(outer, SAMLP, "StatusCode", None, {"Value": STATUS + code})
    if message:
        element(status, SAMLP, "StatusMessage", message)


def _assertion(idp: Idp[SamlProfile], request: AuthnRequest, session: Session, now: datetime) -> etree._Element:
    profile = idp.profile
    assertion = element(
        None,
        SAML,
        "Assertion",
        None,
        {"ID": idp.identifier(), "Version": "2.0", "IssueInstant": instant(now)},
        {"saml": SAML, "xs": XS, "xsi": XSI} if profile.typed_values else {"saml": SAML},
    )
    element(assertion, SAML, "Issuer", idp.fill(profile.entity_id))
    _subject(assertion, profile, request, session, now)
    window = {
        "NotBefore": instant(now + profile.not_before),
        "NotOnOrAfter": instant(now + profile.not_on_or_after),
    }
    conditions = element(assertion, SAML, "Conditions", None, window)
    restriction = element(conditions, SAML, "AudienceRestriction")
    element(restriction, SAML, "Audience", request.application.entity_id)
    _authn_statement(assertion, idp, session, now)
    _attribute_statement(assertion, profile, session)
    return assertion


def _subject(
    assertion: etree._Element, profile: SamlProfile, request: AuthnRequest, session: Session, now: datetime
) -> None:
    subject = element(assertion, SAML, "Subject")
    (name_id,) = session.person.values(profile.name_id_source)
    element(subject, SAML, "NameID", name_id, {"Format": profile.name_id_format})
    confirmation = element(subject, SAML, "SubjectConfirmation", None, {"Method": BEARER})
    data = {"NotOnOrAfter": instant(now + profile.confirmation_lifetime), "Recipient": request.acs_url}
    if request.id is not None:
        data["InResponseTo"] = request.id
    element(confirmation, SAML, "SubjectConfirmationData", None, data)


def _authn_statement(assertion: etree._Element, idp: Idp[SamlProfile], session: Session, now: datetime) -> None:
    offset = now - idp.now()
    attributes = {"AuthnInstant": instant(session.authenticated_at + offset), "SessionIndex": f"_{session.id}"}
    if idp.profile.session_lifetime is not None:
        attributes["SessionNotOnOrAfter"] = instant(now + idp.profile.session_lifetime)
    statement = element(assertion, SAML, "AuthnStatement", None, attributes)
    context = element(statement, SAML, "AuthnContext")
    element(context, SAML, "AuthnContextClassRef", idp.profile.authn_context)


def _attribute_statement(assertion: etree._Element, profile: SamlProfile, session: Session) -> None:
    released = [(rule, session.person.values(rule.source)) for rule in profile.attributes]
    released = [(rule, values) for rule, values in released if values]
    if not released:  # an empty AttributeStatement is not allowed (core 2.7.3)
        return
    statement = element(assertion, SAML, "AttributeStatement")
    for rule, values in released:
        attributes = {"Name": rule.name} | ({"NameFormat": rule.name_format} if rule.name_format else {})
        attribute = element(statement, SAML, "Attribute", None, attributes)
        for value in values:
            typed = {f"{{{XSI}}}type": "xs:string"} if profile.typed_values else {}
            element(attribute, SAML, "AttributeValue", value, typed)
