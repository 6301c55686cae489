"""The checks of a verified logout message, in their order; the first that fails refuses (SAML core 3.7, profiles 4.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree

from portico_saml.document import text_of
from portico_saml.evidence import saml, samlp
from portico_saml.names import STATUS_SUCCESS
from portico_saml.reasons import Reason, refuse
from portico_saml.times import format_time, parse_time
from portico_saml.trace import Compared, Trace

LONGEST_LIFE = timedelta(minutes=5)  # of a message on its way through a browser


@dataclass(frozen=True, slots=True)
class Expected:
    """What a logout message has to fit. `request_id` is of our own request, for its answer."""

    idp_entity_id: str
    slo_url: str
    skew: timedelta
    now: datetime
    request_id: str | None = None


def check_message(root: etree._Element, expected: Expected, trace: Trace) -> None:
    """Run the checks that requests and responses share. Raises Refusal."""
    trace.step("version", lambda: _check_version(root))
    trace.step("issuer", lambda: _check_issuer(root, expected))
    trace.step("destination", lambda: _check_destination(root, expected))
    trace.step("times", lambda: _check_times(root, expected))


def check_in_response_to(root: etree._Element, expected: Expected) -> Compared:
    """The response answers our very request."""
    received = root.get("InResponseTo")
    if not expected.request_id or received != expected.request_id:
        refuse(
            Reason.IN_RESPONSE_TO,
            "it answers another request",
            expected=expected.request_id or "",
            received=received or "nothing",
        )
    return Compared(expected.request_id, received)


def read_name(root: etree._Element) -> str:
    """Return the NameID, whole. Raises Refusal: none, several, or blank."""
    found = saml(root, "NameID")
    name = text_of(found[0]) if len(found) == 1 else ""
    if not name.strip():
        refuse(Reason.SUBJECT, "nobody is named", expected="one NameID", received=str(len(found)))
    return name


def read_session_indexes(root: etree._Element) -> tuple[str, ...]:
    """Return the sessions that are named; none means all of the person's."""
    return tuple(index for index in map(text_of, samlp(root, "SessionIndex")[:100]) if index)


def read_status(root: etree._Element) -> str:
    """Return "" for Success, else the provider's codes. Raises Refusal: there is no status."""
    codes = [code.get("Value", "") for code in samlp(root, "Status", "StatusCode")]
    if len(codes) != 1 or not codes[0]:
        refuse(Reason.STATUS, "the response has no status", expected=STATUS_SUCCESS, received="nothing")
    return "" if codes[0] == STATUS_SUCCESS else codes[0][:200]


def valid_until(root: etree._Element, expected: Expected) -> datetime:
    """Return until when the message could be shown again."""
    return parse_time(root.get("IssueInstant"), "IssueInstant") + LONGEST_LIFE + expected.skew


def _check_version(root: etree._Element) -> Compared:
    if root.get("Version") != "2.0":
        refuse(Reason.VERSION, "not SAML 2.0", expected="2.0", received=root.get("Version", "nothing")[:20])
    return Compared("2.0", "2.0")


def _check_issuer(root: etree._Element, expected: Expected) -> Compared:
    found = saml(root, "Issuer")
    issuer = text_of(found[0]) if len(found) == 1 else ""
    if issuer != expected.idp_entity_id:
        refuse(Reason.ISSUER, "issuer of the message", expected=expected.idp_entity_id, received=issuer or "nothing")
    return Compared(expected.idp_entity_id, issuer)


def _check_destination(root: etree._Element, expected: Expected) -> Compared:
    """The message is signed, so it must say for whom (SAML bindings 3.4.5.2, 3.5.5.2)."""
    destination = root.get("Destination")
    if destination != expected.slo_url:
        refuse(Reason.DESTINATION, "addressed elsewhere", expected=expected.slo_url, received=destination or "nothing")
    return Compared(expected.slo_url, destination)


def _check_times(root: etree._Element, expected: Expected) -> Compared:
    issued, now, skew = parse_time(root.get("IssueInstant"), "IssueInstant"), expected.now, expected.skew
    if issued > now + skew or now >= issued + LONGEST_LIFE + skew:
        refuse(Reason.TIME_WINDOW, "not of now", expected=format_time(now), received=format_time(issued))
    if (text := root.get("NotOnOrAfter")) is not None and now >= parse_time(text, "NotOnOrAfter") + skew:
        refuse(Reason.TIME_WINDOW, "expired", expected=f"before {text[:40]}", received=format_time(now))
    return Compared(format_time(now), format_time(issued))
