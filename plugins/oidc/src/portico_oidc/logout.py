"""Signing out at the provider, and hearing from it that somebody was signed out there.

Spec: OpenID Connect RP-Initiated Logout 1.0, OpenID Connect Back-Channel Logout 1.0 section 2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from portico_oidc.checks import noted
from portico_oidc.compare import check_same, parse_time
from portico_oidc.discovery import Provider, load_provider
from portico_oidc.id_token import parse_header, verify_signature
from portico_oidc.policy import OidcPolicy
from portico_oidc.reasons import CheckFailed
from portico_sdk import AdapterContext, BeginResult, Callback, LogoutDemand, Redirect

EVENT = "http://schemas.openid.net/event/backchannel-logout"
LONGEST_LIFE = timedelta(minutes=10)  # of a logout token on its way; a provider repeats what was not delivered
_MAX_TEXT = 255


@dataclass(frozen=True, slots=True)
class Demanded:
    """The claims behind a valid signature, and what they have to fit."""

    claims: Mapping[str, Any] = field(repr=False)
    provider: Provider
    client_id: str
    now: datetime
    skew: timedelta


def offers_logout(context: AdapterContext, provider: Provider) -> bool:
    """Whether this connection's provider is asked to sign people out."""
    return bool(provider.end_session_endpoint) and context.settings.get("sign_out_at_provider") is not False


def begin_logout(
    policy: OidcPolicy, context: AdapterContext, handle: str, state: Mapping[str, str]
) -> BeginResult | None:
    """Return the logout request; None when the provider has no such endpoint. Raises SignInRefused."""
    provider = load_provider(context, policy.issuer_spellings)
    if not offers_logout(context, provider):
        return None
    endpoint = provider.end_session_endpoint or ""
    context.http.check_browser_url(endpoint)
    parameters = {
        "id_token_hint": state.get("id_token", ""),
        "client_id": context.settings["client_id"],
        "post_logout_redirect_uri": context.service_provider.post_logout_redirect_uri,
        "state": handle,
    }
    query = urlencode({name: value for name, value in parameters.items() if value})
    return BeginResult(Redirect(f"{endpoint}{'&' if '?' in endpoint else '?'}{query}"), {"handle": handle})


def receive_logout(policy: OidcPolicy, context: AdapterContext, callback: Callback) -> LogoutDemand:
    """Return whom the logout token means, after every check of Back-Channel Logout 2.6. Raises SignInRefused."""
    settings = context.settings
    token = callback.single("logout_token")
    if callback.method != "POST" or not token:
        raise CheckFailed("logout-token-missing", detail="no logout_token was posted")
    with noted(context, "discovery"):
        provider = load_provider(context, policy.issuer_spellings)
    with noted(context, "header"):
        header = parse_header(token, settings["id_token_signed_response_algs"])
    with noted(context, "signature"):
        claims = verify_signature(context, provider.jwks_uri, token, header)
    skew = timedelta(seconds=settings["clock_skew_s"])
    facts = Demanded(claims, provider, settings["client_id"], context.now, skew)
    for check in CHECKS:
        with noted(context, check.__name__.removeprefix("check_").replace("_", "-")):
            check(facts)
    sid = claims.get("sid")
    return LogoutDemand(
        name=claims.get("sub"),
        session_indexes=(sid,) if sid is not None else (),
        replay_id=f"{provider.issuer} logout {claims['jti']}",
        replay_until=parse_time("logout-token-refused", claims["iat"]) + LONGEST_LIFE + skew,
    )


def check_iss(facts: Demanded) -> None:
    """2.6 (4), as for ID tokens: Core 3.1.3.7 (2)."""
    if facts.claims.get("iss") not in facts.provider.issuer_spellings:
        check_same("id-token-iss", facts.provider.issuer, facts.claims.get("iss"))


def check_aud(facts: Demanded) -> None:
    """2.6 (4): this client is among the audiences."""
    aud = facts.claims.get("aud")
    audiences = [aud] if isinstance(aud, str) else aud
    if not isinstance(audiences, list) or facts.client_id not in audiences:
        raise CheckFailed("id-token-aud", expected=facts.client_id, received=aud)


def check_times(facts: Demanded) -> None:
    """2.6 (4): not expired, not of the future; and not older than a token is on its way."""
    exp, iat = (parse_time("logout-token-refused", facts.claims.get(name)) for name in ("exp", "iat"))
    if facts.now >= exp + facts.skew:
        raise CheckFailed("id-token-expired", expected=f"later than {facts.now - facts.skew}", received=exp)
    if iat > facts.now + facts.skew or facts.now >= iat + LONGEST_LIFE + facts.skew:
        raise CheckFailed("id-token-iat", expected=f"about {facts.now}", received=iat)


def check_event(facts: Demanded) -> None:
    """2.6 (6): it says that it is a logout token, by a JSON object under the event's name."""
    events = facts.claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict):
        raise CheckFailed("logout-token-refused", expected=EVENT, received=events)


def check_no_nonce(facts: Demanded) -> None:
    """2.6 (7): an ID token is not a logout token."""
    if "nonce" in facts.claims:
        raise CheckFailed("logout-token-refused", expected="no nonce", received="a nonce")


def check_jti(facts: Demanded) -> None:
    """2.4: an identifier, by which it counts once."""
    jti = facts.claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= _MAX_TEXT:
        raise CheckFailed("logout-token-refused", expected="a jti", received=jti)


def check_sub_or_sid(facts: Demanded) -> None:
    """2.6 (5): it names a person, a session, or both."""
    named = [facts.claims[name] for name in ("sub", "sid") if facts.claims.get(name) is not None]
    if not named or not all(isinstance(name, str) and 0 < len(name) <= _MAX_TEXT for name in named):
        raise CheckFailed("logout-token-refused", expected="sub or sid", received=named)


CHECKS: tuple[Callable[[Demanded], None], ...] = (
    check_iss,
    check_aud,
    check_times,
    check_event,
    check_no_nonce,
    check_jti,
    check_sub_or_sid,
)
