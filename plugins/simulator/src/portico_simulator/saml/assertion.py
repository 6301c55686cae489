"""Writing an Assertion: what the vendor would say about this person, in its order and its words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from portico_simulator.behaviour import Behaviour
from portico_simulator.idp import Idp
from portico_simulator.login import Session
from portico_simulator.profiles import SamlProfile
from portico_simulator.saml.attributes import write_attributes
from portico_simulator.saml.name_id import choose_name_id
from portico_simulator.saml.names import BEARER, SAML, XS, XSI, element, instant, replaced
from portico_simulator.saml.request import AuthnRequest


@dataclass(frozen=True, slots=True)
class Statement:
    """What one assertion is made of."""

    idp: Idp[SamlProfile]
    request: AuthnRequest
    session: Session
    behaviour: Behaviour
    now: datetime


def write_assertion(said: Statement) -> etree._Element:
    """Return the assertion, not signed yet."""
    writing = said.idp.profile.writing
    assertion = element(
        None,
        SAML,
        "Assertion",
        None,
        {
            "ID": said.idp.identifier(writing.id_prefix, capitals=writing.id_capitals),
            "Version": "2.0",
            "IssueInstant": instant(said.now),
        },
        {writing.prefixes[1]: SAML} | ({"xs": XS, "xsi": XSI} if writing.typed_values else {}),
    )
    _issuer(assertion, said)
    _subject(assertion, said)
    _conditions(assertion, said)
    if writing.attributes_first:
        write_attributes(assertion, said.idp, said.session.person)
    _authn_statement(assertion, said)
    if not writing.attributes_first:
        write_attributes(assertion, said.idp, said.session.person)
    return assertion


def _issuer(assertion: etree._Element, said: Statement) -> None:
    issuer = replaced(said.idp.fill(said.idp.profile.entity_id), said.behaviour.issuer)
    entity = {"Format": "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"}
    if issuer:
        element(assertion, SAML, "Issuer", issuer, entity if said.idp.profile.writing.issuer_format else {})


def _subject(assertion: etree._Element, said: Statement) -> None:
    subject = element(assertion, SAML, "Subject")
    name_id = choose_name_id(said.idp, said.request, said.session.person)
    if name_id is not None:
        named = {"Format": name_id.format} if name_id.format else {}
        element(subject, SAML, "NameID", name_id.value, named)
    confirmation = element(subject, SAML, "SubjectConfirmation", None, {"Method": BEARER})
    data = {
        "NotOnOrAfter": instant(said.now + said.idp.profile.window.confirmation),
        "Recipient": replaced(said.request.acs_url, said.behaviour.recipient),
        "InResponseTo": replaced(said.request.id or "", said.behaviour.in_response_to),
    }
    present = {name: value for name, value in data.items() if value}
    element(confirmation, SAML, "SubjectConfirmationData", None, present)


def _conditions(assertion: etree._Element, said: Statement) -> None:
    window = said.idp.profile.window
    validity = {
        "NotBefore": instant(said.now + window.not_before),
        "NotOnOrAfter": instant(said.now + window.not_on_or_after),
    }
    conditions = element(assertion, SAML, "Conditions", None, validity)
    audience = replaced(said.request.application.entity_id, said.behaviour.audience)
    if audience:
        element(element(conditions, SAML, "AudienceRestriction"), SAML, "Audience", audience)


def _authn_statement(assertion: etree._Element, said: Statement) -> None:
    idp, session = said.idp, said.session
    wanted = said.behaviour.authn_statement
    if not (idp.profile.writing.authn_statement if wanted is None else wanted):
        return
    offset = said.now - idp.now()
    attributes = {"AuthnInstant": instant(session.authenticated_at + offset), "SessionIndex": session.index}
    if idp.profile.window.session is not None:
        attributes["SessionNotOnOrAfter"] = instant(said.now + idp.profile.window.session)
    statement = element(assertion, SAML, "AuthnStatement", None, attributes)
    context = element(statement, SAML, "AuthnContext")
    element(context, SAML, "AuthnContextClassRef", session.person.method or idp.profile.authn_context)
    if idp.profile.writing.authority:
        element(context, SAML, "AuthenticatingAuthority", idp.fill(idp.profile.entity_id))
