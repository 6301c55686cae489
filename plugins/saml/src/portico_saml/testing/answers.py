"""What an identity provider says in one response, as data, and the XML of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lxml import etree

from portico_saml.names import BEARER, SAML, SAMLP, STATUS_SUCCESS
from portico_saml.times import format_time

EMAIL_FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"  # noqa: S105 a class of authentication


@dataclass(frozen=True, slots=True)
class Answer:
    """One response, honest by default; `dataclasses.replace` makes it what a test needs. None leaves a part out.

    Args:
        audiences: one AudienceRestriction for each inner tuple.
        not_on_or_after, confirmed_until: of Conditions and of SubjectConfirmationData, as text, to allow nonsense.
        attributes: pairs, so that a name can repeat.
    """

    issuer: str | None
    response_issuer: str | None
    destination: str | None
    recipient: str | None
    in_response_to: str | None
    confirmed_in_response_to: str | None
    audiences: tuple[tuple[str, ...], ...]
    issue_instant: str | None
    not_before: str | None
    not_on_or_after: str | None
    confirmed_until: str | None
    authn_instant: str | None
    name_id: str | None = "ada@example.com"
    name_id_attributes: Mapping[str, str] = field(default_factory=lambda: {"Format": EMAIL_FORMAT})
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = (("mail", ("ada@example.com",)), ("groups", ("a", "b")))
    session_not_on_or_after: str | None = None
    authn_statements: int = 1
    method: str = BEARER
    status: tuple[str, ...] = (STATUS_SUCCESS,)
    status_message: str | None = None
    version: str = "2.0"
    response_id: str = "_response"
    assertion_id: str = "_assertion"
    with_assertion: bool = True

    @classmethod
    def honest(
        cls, *, issuer: str, acs_url: str, audience: str, request_id: str | None, now: datetime, minutes: int = 5
    ) -> Answer:
        """Return what a well-behaved provider would say now."""
        end = format_time(now + timedelta(minutes=minutes))
        return cls(
            issuer=issuer,
            response_issuer=issuer,
            destination=acs_url,
            recipient=acs_url,
            in_response_to=request_id,
            confirmed_in_response_to=request_id,
            audiences=((audience,),),
            issue_instant=format_time(now),
            not_before=format_time(now),
            not_on_or_after=end,
            confirmed_until=end,
            authn_instant=format_time(now),
        )


def build_response(answer: Answer) -> etree._Element:
    """Return the unsigned Response."""
    root = etree.Element(f"{{{SAMLP}}}Response", nsmap={"samlp": SAMLP, "saml": SAML})
    _set(root, ID=answer.response_id, Version=answer.version, IssueInstant=answer.issue_instant)
    _set(root, Destination=answer.destination, InResponseTo=answer.in_response_to)
    _text(root, "Issuer", answer.response_issuer)
    status = etree.SubElement(root, f"{{{SAMLP}}}Status")
    code = status
    for value in answer.status:
        code = etree.SubElement(code, f"{{{SAMLP}}}StatusCode", {"Value": value})
    if answer.status_message is not None:
        etree.SubElement(status, f"{{{SAMLP}}}StatusMessage").text = answer.status_message
    if answer.with_assertion:
        root.append(build_assertion(answer))
    return root


def build_assertion(answer: Answer) -> etree._Element:
    """Return the unsigned Assertion."""
    root = etree.Element(f"{{{SAML}}}Assertion", nsmap={"saml": SAML})
    _set(root, ID=answer.assertion_id, Version=answer.version, IssueInstant=answer.issue_instant)
    _text(root, "Issuer", answer.issuer)
    subject = _add(root, "Subject")
    if answer.name_id is not None:
        name_id = _text(subject, "NameID", answer.name_id)
        for name, value in answer.name_id_attributes.items():
            name_id.set(name, value)
    confirmation = _set(_add(subject, "SubjectConfirmation"), Method=answer.method)
    _set(
        _add(confirmation, "SubjectConfirmationData"),
        InResponseTo=answer.confirmed_in_response_to,
        NotOnOrAfter=answer.confirmed_until,
        Recipient=answer.recipient,
    )
    conditions = _set(_add(root, "Conditions"), NotBefore=answer.not_before, NotOnOrAfter=answer.not_on_or_after)
    for restriction in answer.audiences:
        element = _add(conditions, "AudienceRestriction")
        for audience in restriction:
            _text(element, "Audience", audience)
    for _ in range(answer.authn_statements):
        statement = _set(_add(root, "AuthnStatement"), AuthnInstant=answer.authn_instant, SessionIndex="_session")
        _set(statement, SessionNotOnOrAfter=answer.session_not_on_or_after)
        _text(_add(statement, "AuthnContext"), "AuthnContextClassRef", PASSWORD)
    _add_attributes(root, answer)
    return root


def _add_attributes(root: etree._Element, answer: Answer) -> None:
    if not answer.attributes:
        return
    statement = _add(root, "AttributeStatement")
    for name, values in answer.attributes:
        attribute = _set(_add(statement, "Attribute"), Name=name)
        for value in values:
            _text(attribute, "AttributeValue", value)


def _add(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{SAML}}}{name}")


def _text(parent: etree._Element, name: str, text: str | None) -> etree._Element:
    if text is None:
        return parent
    element = _add(parent, name)
    element.text = text
    return element


def _set(element: etree._Element, **attributes: str | None) -> etree._Element:
    for name, value in attributes.items():
        if value is not None:
            element.set(name, value)
    return element
