"""What the profile checks look at: one response, one assertion, who signed them, and what was expected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from portico_saml.names import BEARER, SAML, SAMLP
from portico_saml.policy import Policy
from portico_saml.reasons import Reason, refuse


@dataclass(frozen=True, slots=True)
class Evidence:
    """One assertion that a verified signature covers, with everything needed to judge it.

    Args:
        response: the root as received; trusted only as far as its own signature goes.
        assertion: the element that was verified, or an element inside the verified Response. Identity is read here.
        confirmation: SubjectConfirmationData of the bearer confirmation that is judged.
        request_id: ID of our request; None when nobody asked.
        authenticated_since: the person has to have signed in after this; None when that does not matter.
        now: aware UTC.
        certificates: SHA-256 of those whose keys verified it.
    """

    policy: Policy
    response: etree._Element
    assertion: etree._Element
    confirmation: etree._Element
    response_signed: bool
    assertion_signed: bool
    encrypted: bool
    request_id: str | None
    authenticated_since: datetime | None
    now: datetime
    certificates: tuple[str, ...] = ()


def choose_confirmation(assertion: etree._Element, policy: Policy, request_id: str | None) -> etree._Element:
    """Return the SubjectConfirmationData to judge: the bearer one meant for us, or the first bearer one.

    Raises:
        Refusal: no bearer confirmation with data.
    Spec: SAML profiles 4.1.4.2.
    """
    candidates = [
        data
        for confirmation in assertion.findall(f"{{{SAML}}}Subject/{{{SAML}}}SubjectConfirmation")
        if confirmation.get("Method") == BEARER
        for data in confirmation.findall(f"{{{SAML}}}SubjectConfirmationData")
    ]
    if not candidates:
        refuse(Reason.SUBJECT_CONFIRMATION, "no bearer SubjectConfirmation with data", expected=BEARER)
    for data in candidates:
        if data.get("Recipient") in policy.acs_urls and data.get("InResponseTo") == request_id:
            return data
    return candidates[0]


def saml(parent: etree._Element, *names: str) -> list[etree._Element]:
    """Return the elements of the assertion namespace at the path `names` below `parent`."""
    return parent.findall("/".join(f"{{{SAML}}}{name}" for name in names))


def samlp(parent: etree._Element, *names: str) -> list[etree._Element]:
    """Return the elements of the protocol namespace at the path `names` below `parent`."""
    return parent.findall("/".join(f"{{{SAMLP}}}{name}" for name in names))
