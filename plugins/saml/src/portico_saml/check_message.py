"""Checks of the message: what it is, who signed and encrypted it, who issued it."""

from __future__ import annotations

from lxml import etree

from portico_saml.document import text_of
from portico_saml.evidence import Evidence, saml
from portico_saml.reasons import Reason, refuse
from portico_saml.trace import Compared


def check_version(evidence: Evidence) -> Compared:
    """Response and assertion are SAML 2.0."""
    for element in (evidence.response, evidence.assertion):
        if element.get("Version") != "2.0":
            refuse(Reason.VERSION, "not SAML 2.0", expected="2.0", received=element.get("Version", "nothing")[:20])
    return Compared("2.0", "2.0")


def check_signature_policy(evidence: Evidence) -> Compared:
    """The parts that this connection wants signed are signed, and the assertion is covered in any case."""
    parts = [name for name, signed in _signed_parts(evidence) if signed]
    received = " and ".join(parts) or "nothing"
    if not parts:
        refuse(Reason.UNSIGNED, "no signature covers the assertion", expected=evidence.policy.signed, received=received)
    wanted = {"either": set(), "both": {"assertion", "response"}}.get(evidence.policy.signed, {evidence.policy.signed})
    if not wanted <= set(parts):
        refuse(Reason.SIGNATURE_POLICY, "not signed as agreed", expected=evidence.policy.signed, received=received)
    return Compared(evidence.policy.signed, received)


def _signed_parts(evidence: Evidence) -> tuple[tuple[str, bool], ...]:
    return ("response", evidence.response_signed), ("assertion", evidence.assertion_signed)


def check_encryption(evidence: Evidence) -> Compared:
    """The assertion came encrypted where this connection demands it."""
    received = "encrypted" if evidence.encrypted else "not encrypted"
    if evidence.policy.encryption == "required" and not evidence.encrypted:
        refuse(Reason.NOT_ENCRYPTED, "the assertion is not encrypted", expected="encrypted", received=received)
    return Compared(evidence.policy.encryption, received)


def check_issuer(evidence: Evidence) -> Compared:
    """The assertion's issuer is the connection's provider, and so is the response's, which must have one when signed."""
    expected = evidence.policy.idp_entity_id
    issuer = _single_text(evidence.assertion, "Issuer", Reason.ISSUER)
    if issuer != expected:
        refuse(Reason.ISSUER, "issuer of the assertion", expected=expected, received=issuer or "nothing")
    if evidence.response_signed or evidence.encrypted or saml(evidence.response, "Issuer"):
        outer = _single_text(evidence.response, "Issuer", Reason.ISSUER)
        if outer != expected:
            refuse(Reason.ISSUER, "issuer of the response", expected=expected, received=outer or "nothing")
    return Compared(expected, issuer)


def _single_text(parent: etree._Element, name: str, reason: Reason) -> str:
    found = saml(parent, name)
    if len(found) != 1:
        refuse(reason, f"number of {name} elements", expected="1", received=str(len(found)))
    return text_of(found[0])
