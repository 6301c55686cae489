"""Checks of time: valid now, not for too long, and the person signed in when that was asked for."""

from __future__ import annotations

from datetime import datetime, timedelta

from portico_saml.evidence import Evidence, saml
from portico_saml.reasons import Reason, refuse
from portico_saml.times import format_time, parse_time
from portico_saml.trace import Compared

LONGEST_LIFETIME = timedelta(hours=24)


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


def check_freshness(evidence: Evidence) -> Compared:
    """The person signed in after our request, where the request demanded that (SAML core 3.4.1, ForceAuthn)."""
    since = evidence.authenticated_since
    if since is None:
        return Compared("any time")
    at = parse_time(saml(evidence.assertion, "AuthnStatement")[0].get("AuthnInstant"), "AuthnInstant")
    expected = f"not before {format_time(since)}"
    if at + evidence.policy.skew < since:
        refuse(Reason.STALE, "the provider did not ask the person again", expected=expected, received=format_time(at))
    return Compared(expected, format_time(at))


def valid_until(evidence: Evidence) -> datetime:
    """Return the end of the validity, without skew: the earlier of the two ends."""
    conditions = saml(evidence.assertion, "Conditions")[0]
    return min(parse_time(e.get("NotOnOrAfter"), "NotOnOrAfter") for e in (conditions, evidence.confirmation))


def _at(now: datetime) -> str:
    return f"now {format_time(now)}"
