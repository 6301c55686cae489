"""From checked claims to the identity that the gateway accepts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from portico_oidc.attributes import flatten
from portico_oidc.compare import parse_time
from portico_oidc.facts import Signed
from portico_oidc.policy import read_boolean
from portico_oidc.reasons import CheckFailed
from portico_oidc.userinfo import merge
from portico_sdk import ExternalIdentity

#: The nonce lives as long as the pending sign-in, which is minutes; a provider's far-off exp need not be remembered.
_MAX_REPLAY = timedelta(days=1)
_MAX_TEXT = 1024


def external_identity(facts: Signed, userinfo: Mapping[str, Any]) -> ExternalIdentity:
    """Return the identity behind claims that passed every check. Raises CheckFailed."""
    id_token = facts.claims
    claims = merge(id_token, userinfo)
    incomplete = left_out(claims) | maybe_cut(claims, facts.policy.may_be_cut)
    attributes = {name: values for name, values in flatten(claims).items() if name not in incomplete}
    return ExternalIdentity(
        subject=_subject(facts),
        subject_source="+".join(facts.policy.subject_claims),
        issuer=facts.asked.issuer,
        attributes=attributes,
        replay_id=_replay_id(facts),
        replay_until=_replay_until(facts),
        authenticated_at=_time(id_token, "auth_time"),
        issued_at=_time(id_token, "iat"),
        acr=_text(id_token.get("acr")),
        amr=_texts(id_token.get("amr")),
        session_expires_at=_session_expiry(facts),
        session_index=_text(id_token.get("sid")),
        logout_name=_text(id_token.get("sub")),
        email_verified=facts.policy.email_verified(claims),
        incomplete=incomplete,
    )


def _time(id_token: Mapping[str, Any], claim: str) -> datetime | None:
    value = id_token.get(claim)
    return None if value is None else parse_time("auth-time-malformed", value)


def left_out(claims: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of claims that the provider keeps elsewhere: unknown here, not empty.

    Core 5.6.2 (`_claim_names`: aggregated and distributed claims) and Microsoft's `hasgroups`.
    """
    names = claims.get("_claim_names")
    absent = {name for name in names if isinstance(name, str)} if isinstance(names, Mapping) else set()
    if read_boolean(claims.get("hasgroups")):
        absent.add("groups")
    return frozenset(absent)


def maybe_cut(claims: Mapping[str, Any], limits: Mapping[str, int]) -> frozenset[str]:
    """Return the names of lists so long that the vendor may have stopped there."""
    lists = {name: claims.get(name) for name in limits}
    return frozenset(name for name, value in lists.items() if isinstance(value, list) and len(value) >= limits[name])


def _subject(facts: Signed) -> str:
    parts = [facts.claims.get(claim) for claim in facts.policy.subject_claims]
    texts = [part for part in parts if isinstance(part, str) and part]
    if len(texts) != len(parts) or len("+".join(texts)) > _MAX_TEXT:
        raise CheckFailed("subject-missing", expected=" and ".join(facts.policy.subject_claims))
    return "+".join(texts)


def _replay_id(facts: Signed) -> str:
    """Name the proof by its nonce: we made it, it is unique, and one request accepts one token only."""
    return sha256(f"{facts.asked.issuer}\n{facts.asked.client_id}\n{facts.asked.nonce}".encode()).hexdigest()


def _replay_until(facts: Signed) -> datetime:
    exp = parse_time("id-token-expired", facts.claims.get("exp"))
    return min(exp + facts.skew, facts.now + _MAX_REPLAY)


def _session_expiry(facts: Signed) -> datetime | None:
    """IPSIE SL1: `session_expiry` is when the provider's session ends at the latest."""
    value = facts.claims.get("session_expiry")
    if value is None:
        return None
    ends = parse_time("session-expired", value)
    if ends <= facts.now:
        raise CheckFailed("session-expired", expected=f"later than {facts.now}", received=ends)
    return ends


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= _MAX_TEXT else None


def _texts(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(item for item in items[:50] if isinstance(item, str) and len(item) <= _MAX_TEXT)
