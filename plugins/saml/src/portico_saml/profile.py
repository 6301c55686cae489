"""The Web Browser SSO profile, check by check. The order is `CHECKS`, at the end; the first that fails refuses.

Values are compared byte for byte, without folding case, trimming or prefixes. A value that is absent fails its check.
Spec: SAML core 2 and 3, SAML profiles 4.1.4.2 and 4.1.4.3.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from lxml import etree

from portico_saml.document import text_of
from portico_saml.evidence import Evidence, saml
from portico_saml.names import SAML, TRANSIENT
from portico_saml.reasons import Reason, refuse
from portico_saml.times import format_time, parse_time
from portico_saml.trace import Compared

LONGEST_LIFETIME = timedelta(hours=24)
_KNOWN_CONDITIONS = {f"{{{SAML}}}{name}" for name in ("AudienceRestriction", "OneTimeUse", "ProxyRestriction")}


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


def check_version(evidence: Evidence) -> Compared:
    """Response and assertion are SAML 2.0."""
    for element in (evidence.response, evidence.assertion):
        if element.get("Version") != "2.0":
            refuse(Reason.VERSION, "not SAML 2.0", expected="2.0", received=element.get("Version", "nothing")[:20])
    return Compared("2.0", "2.0")


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


def check_times(evidence: Evidence) -> Compared:
    """Now lies in the validity of the conditions and of the confirmation, give or take the connection's clock skew."""
    now, skew = evidence.now, evidence.policy.skew
    conditions = saml(evidence.assertion, "Conditions")[0]
    for name, element in (("Conditions", conditions), ("SubjectConfirmationData", evidence.confirmation)):
        end = parse_time(element.get("NotOnOrAfter"), f"NotOnOrAfter of {name}")
        if now >= end + skew:
            refuse(Reason.TIME_WINDOW, f"{name} expired", expected=f"before {format_time(end)}", received=_at(now))
        if (text := element.get("NotBefore")) is not None:
            start = parse_time(text, f"NotBefore of {name}")
            _check_started(start, evidence, name)
            if start >= end:
                refuse(Reason.TIME_WINDOW, f"{name} is never valid", expected="NotBefore first", received=text)
    _check_started(parse_time(evidence.assertion.get("IssueInstant"), "IssueInstant"), evidence, "the assertion")
    return Compared(f"until {format_time(valid_until(evidence))}", _at(now))


def _check_started(start: datetime, evidence: Evidence, name: str) -> None:
    if start > evidence.now + evidence.policy.skew:
        refuse(
            Reason.TIME_WINDOW,
            f"{name} is not valid yet",
            expected=f"not before {format_time(start)}",
            received=_at(evidence.now),
        )


def check_lifetime(evidence: Evidence) -> Compared:
    """Nothing is valid for longer than a day after it was issued, so that the memory of what was used can end."""
    issued = parse_time(evidence.assertion.get("IssueInstant"), "IssueInstant")
    conditions = saml(evidence.assertion, "Conditions")[0]
    for element in (conditions, evidence.confirmation):
        end = parse_time(element.get("NotOnOrAfter"), "NotOnOrAfter")
        if end - issued > LONGEST_LIFETIME:
            refuse(Reason.LIFETIME, "valid for too long", expected="at most 24 h", received=f"until {format_time(end)}")
    return Compared("at most 24 h", str(valid_until(evidence) - issued))


def check_authn_statement(evidence: Evidence) -> Compared:
    """One statement says when the person signed in, in the past, and its session has not ended."""
    statements = saml(evidence.assertion, "AuthnStatement")
    if len(statements) != 1:
        hint = "Let the provider include the authentication statement (Keycloak: Include AuthnStatement)."
        refuse(
            Reason.AUTHN_STATEMENT,
            "number of authentication statements",
            expected="1",
            received=str(len(statements)),
            hint=hint,
        )
    at = parse_time(statements[0].get("AuthnInstant"), "AuthnInstant")
    _check_started(at, evidence, "the authentication")
    if (text := statements[0].get("SessionNotOnOrAfter")) is not None:
        end = parse_time(text, "SessionNotOnOrAfter")
        if evidence.now >= end + evidence.policy.skew:
            refuse(Reason.TIME_WINDOW, "the provider's session ended", expected=format_time(end), received=_at(at))
    return Compared("1", format_time(at))


def check_subject(evidence: Evidence) -> Compared:
    """One person is named, by a name that stays the same, where the NameID is what identifies a person here."""
    if saml(evidence.assertion, "Subject", "EncryptedID"):
        refuse(Reason.SUBJECT, "an encrypted NameID", hint="Encrypt the whole assertion instead.")
    names = saml(evidence.assertion, "Subject", "NameID")
    if evidence.policy.subject_source != "NameID" and not names:
        return Compared(evidence.policy.subject_source, "no NameID")
    if len(names) != 1 or not 1 <= len(text_of(names[0])) <= 1024 or not text_of(names[0]).strip():
        hint = "Let the provider send a NameID."
        refuse(Reason.SUBJECT, "no usable NameID", expected="one NameID", received=str(len(names)), hint=hint)
    if evidence.policy.subject_source == "NameID" and names[0].get("Format") == TRANSIENT:
        hint = "Choose persistent or another lasting format at the provider."
        refuse(Reason.TRANSIENT_SUBJECT, "the NameID changes at every sign-in", received=TRANSIENT, hint=hint)
    qualifier = names[0].get("SPNameQualifier")
    if qualifier is not None and qualifier not in evidence.policy.audiences:
        expected = " or ".join(evidence.policy.audiences)
        refuse(Reason.SUBJECT, "a NameID for somebody else", expected=expected, received=qualifier)
    return Compared("one NameID", names[0].get("Format", "no format"))


def check_attributes(evidence: Evidence) -> Compared:
    """No attribute is encrypted by itself: what we cannot read we do not pass over."""
    if saml(evidence.assertion, "AttributeStatement", "EncryptedAttribute"):
        refuse(Reason.ATTRIBUTES, "an encrypted attribute", hint="Encrypt the whole assertion instead.")
    return Compared()


def valid_until(evidence: Evidence) -> datetime:
    """Return the end of the validity, without skew: the earlier of the two ends."""
    conditions = saml(evidence.assertion, "Conditions")[0]
    return min(parse_time(e.get("NotOnOrAfter"), "NotOnOrAfter") for e in (conditions, evidence.confirmation))


def _single_text(parent: etree._Element, name: str, reason: Reason) -> str:
    found = saml(parent, name)
    if len(found) != 1:
        refuse(reason, f"number of {name} elements", expected="1", received=str(len(found)))
    return text_of(found[0])


def _at(now: datetime) -> str:
    return f"now {format_time(now)}"


Check = Callable[[Evidence], Compared]

CHECKS: tuple[tuple[str, Check], ...] = (
    ("version", check_version),
    ("signature-policy", check_signature_policy),
    ("encryption", check_encryption),
    ("issuer", check_issuer),
    ("destination", check_destination),
    ("recipient", check_recipient),
    ("in-response-to", check_in_response_to),
    ("conditions", check_conditions),
    ("audience", check_audience),
    ("times", check_times),
    ("lifetime", check_lifetime),
    ("authn-statement", check_authn_statement),
    ("subject", check_subject),
    ("attributes", check_attributes),
)
