"""Checks of the addressee: to which URL, for which audience, in answer to which request."""

from __future__ import annotations

from portico_saml.document import text_of
from portico_saml.evidence import Evidence, saml
from portico_saml.names import SAML
from portico_saml.reasons import Reason, refuse
from portico_saml.trace import Compared

_KNOWN_CONDITIONS = {f"{{{SAML}}}{name}" for name in ("AudienceRestriction", "OneTimeUse", "ProxyRestriction")}


def check_destination(evidence: Evidence) -> Compared:
    """The response is addressed to one of our URLs; only an unsigned response may leave its address out.

    An unsigned Destination proves nothing; there the signed Recipient, which is always demanded, says the same.
    Spec: SAML bindings 3.5.5.2.
    """
    expected = " or ".join(evidence.policy.acs_urls)
    destination = evidence.response.get("Destination")
    if destination is None and not evidence.response_signed:
        return Compared(expected, "nothing (the response itself is not signed)")
    if destination not in evidence.policy.acs_urls:
        refuse(Reason.DESTINATION, "addressed elsewhere", expected=expected, received=destination or "nothing")
    return Compared(expected, destination)


def check_recipient(evidence: Evidence) -> Compared:
    """The subject is confirmed for one of our URLs."""
    expected = " or ".join(evidence.policy.acs_urls)
    recipient = evidence.confirmation.get("Recipient")
    if recipient not in evidence.policy.acs_urls:
        refuse(Reason.RECIPIENT, "confirmed for another address", expected=expected, received=recipient or "nothing")
    return Compared(expected, recipient)


def check_in_response_to(evidence: Evidence) -> Compared:
    """The signed confirmation and the response answer our very request; both name none when nobody asked."""
    expected = evidence.request_id
    for name, element in (("assertion", evidence.confirmation), ("response", evidence.response)):
        received = element.get("InResponseTo")
        if received != expected:
            refuse(
                Reason.IN_RESPONSE_TO,
                f"the {name} answers another request",
                expected=expected or "nothing (nobody asked)",
                received=received or "nothing",
            )
    return Compared(expected or "nothing (nobody asked)", expected or "nothing")


def check_conditions(evidence: Evidence) -> Compared:
    """There is one Conditions element and every condition in it is one that we know."""
    conditions = saml(evidence.assertion, "Conditions")
    if len(conditions) != 1:
        refuse(Reason.CONDITIONS, "number of Conditions", expected="1", received=str(len(conditions)))
    for condition in conditions[0]:
        if condition.tag not in _KNOWN_CONDITIONS:
            refuse(Reason.CONDITIONS, "an unknown condition", received=str(condition.tag)[:120])
    return Compared()


def check_audience(evidence: Evidence) -> Compared:
    """There is an audience restriction, and every one of them names us."""
    expected = " or ".join(evidence.policy.audiences)
    restrictions = saml(evidence.assertion, "Conditions", "AudienceRestriction")
    if not restrictions:
        refuse(Reason.AUDIENCE, "made out for anybody", expected=expected, received="nothing")
    named: list[str] = []
    for restriction in restrictions:
        named = [text_of(audience) for audience in saml(restriction, "Audience")[:50]]
        if not set(named) & set(evidence.policy.audiences):
            refuse(
                Reason.AUDIENCE,
                "made out for somebody else",
                expected=expected,
                received=", ".join(named) or "nothing",
            )
    return Compared(expected, ", ".join(named))
