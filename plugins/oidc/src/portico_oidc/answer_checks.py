"""The checks of the browser's answer, before the code is sent anywhere.

Spec: OpenID Connect Core 3.1.2.7, RFC 6749 4.1.2, RFC 9207 2.4, RFC 9700 4.4 and 4.7.
"""

from __future__ import annotations

from portico_oidc.asked import parse_state
from portico_oidc.compare import equal
from portico_oidc.facts import Answered, Returned
from portico_oidc.reasons import CheckFailed, provider_refused

_MAX_CODE = 4096


def check_no_error(facts: Returned) -> None:
    """Core 3.1.2.6."""
    error = facts.callback.single("error")
    if error is not None:
        raise provider_refused("provider-error", error, facts.callback.single("error_description"))


def check_asked_for(facts: Returned) -> None:
    """Core has no unsolicited answers."""
    parse_state(facts.callback.state)


def check_state(facts: Returned) -> None:
    """RFC 6749 10.12: the answer belongs to the request of this browser."""
    sent, received = parse_state(facts.callback.state).handle, facts.callback.single("state") or ""
    if not equal(sent, received):
        raise CheckFailed("state-mismatch", detail="the parameter state is not the one that was sent")


def check_settings_unchanged(facts: Returned) -> None:
    """A connection that now trusts another provider does not accept what the old one began."""
    asked = parse_state(facts.callback.state)
    expected = (facts.settings.get("issuer"), facts.settings.get("client_id"), facts.redirect_uri)
    if (asked.issuer, asked.client_id, asked.redirect_uri) != expected:
        raise CheckFailed("settings-changed", expected=expected[:2], received=(asked.issuer, asked.client_id))


def check_iss_parameter(facts: Answered) -> None:
    """RFC 9207 2.4: the provider that answers is the one that was asked."""
    iss = facts.callback.single("iss")
    if iss is None and facts.provider.iss_parameter_supported:
        raise CheckFailed("iss-missing", expected=facts.provider.issuer)
    if iss is not None and iss not in (facts.provider.issuer, *facts.provider.issuer_spellings):
        raise CheckFailed("iss-mismatch", expected=facts.provider.issuer, received=iss)


def check_code(facts: Answered) -> None:
    """RFC 6749 4.1.2 and appendix A.11."""
    code = facts.callback.single("code") or ""
    if not 0 < len(code) <= _MAX_CODE or not code.isascii() or not code.isprintable():
        raise CheckFailed("code-missing", expected="a code", received=f"{len(code)} characters")
