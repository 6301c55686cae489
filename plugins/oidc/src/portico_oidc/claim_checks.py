"""The checks of the ID token's claims, once its signature is verified.

Spec: OpenID Connect Core 2, 3.1.3.7 and 3.1.3.8, RFC 7519 4.1.
"""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import timedelta

from portico_oidc.compare import check_same, equal, parse_time
from portico_oidc.facts import Signed
from portico_oidc.reasons import CheckFailed

_MAX_SUB = 255


def check_iss(facts: Signed) -> None:
    """Core 3.1.3.7 (2)."""
    issuer, iss = facts.asked.issuer, facts.claims.get("iss")
    if iss not in facts.policy.issuer_spellings.get(issuer, ()):
        check_same("id-token-iss", issuer, iss)


def check_aud(facts: Signed) -> None:
    """Core 3.1.3.7 (3): one string or a list; this client is in it."""
    aud = facts.claims.get("aud")
    audiences = [aud] if isinstance(aud, str) else aud
    if (
        not isinstance(audiences, list)
        or not all(isinstance(audience, str) for audience in audiences)
        or facts.asked.client_id not in audiences
    ):
        raise CheckFailed("id-token-aud", expected=facts.asked.client_id, received=aud)


def check_azp(facts: Signed) -> None:
    """Core 3.1.3.7 (4) and (5): with other audiences beside us, the token says that it was issued to us."""
    audiences, azp = facts.claims.get("aud"), facts.claims.get("azp")
    if azp is None and (isinstance(audiences, str) or set(audiences or ()) == {facts.asked.client_id}):
        return
    check_same("id-token-azp", facts.asked.client_id, azp)


def check_exp(facts: Signed) -> None:
    """Core 3.1.3.7 (9)."""
    exp = parse_time("id-token-expired", facts.claims.get("exp"))
    if facts.now >= exp + facts.skew:
        raise CheckFailed("id-token-expired", expected=f"later than {facts.now - facts.skew}", received=exp)


def check_iat(facts: Signed) -> None:
    """Core 3.1.3.7 (10): not issued in the future."""
    iat = parse_time("id-token-iat", facts.claims.get("iat"))
    if iat > facts.now + facts.skew:
        raise CheckFailed("id-token-iat", expected=f"not later than {facts.now + facts.skew}", received=iat)


def check_nbf(facts: Signed) -> None:
    """RFC 7519 4.1.5."""
    if facts.claims.get("nbf") is None:
        return
    nbf = parse_time("id-token-nbf", facts.claims["nbf"])
    if nbf > facts.now + facts.skew:
        raise CheckFailed("id-token-nbf", expected=f"not later than {facts.now + facts.skew}", received=nbf)


def check_nonce(facts: Signed) -> None:
    """Core 3.1.3.7 (11): the token answers this request, in this browser."""
    nonce = facts.claims.get("nonce")
    if not isinstance(nonce, str) or not equal(facts.asked.nonce, nonce):
        raise CheckFailed("id-token-nonce", detail=f"the nonce is {'another' if nonce else 'absent'}")


def check_at_hash(facts: Signed) -> None:
    """Core 3.1.3.8: when present, the access token is the one that was issued with this ID token."""
    at_hash = facts.claims.get("at_hash")
    if at_hash is None:
        return
    digest = hashlib.new(f"sha{facts.alg[2:]}", facts.access_token.encode()).digest()
    expected = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    if not isinstance(at_hash, str) or not equal(expected, at_hash):
        raise CheckFailed("id-token-at-hash", detail="at_hash does not fit the access token")


def check_auth_time(facts: Signed) -> None:
    """Core 3.1.3.7 (13): as fresh as was asked. A maximum age that nobody confirms is not kept."""
    value = facts.claims.get("auth_time")
    if value is None and facts.asked.max_age_s is None:
        return
    if value is None:
        raise CheckFailed("auth-time-missing", expected="auth_time")
    auth_time = parse_time("auth-time-malformed", value)
    if auth_time > facts.now + facts.skew:
        raise CheckFailed(
            "auth-time-malformed", expected=f"not later than {facts.now + facts.skew}", received=auth_time
        )
    age = 0 if facts.asked.reauthenticate else facts.asked.max_age_s
    if age is None:
        return
    oldest = facts.asked.asked_at - timedelta(seconds=age) - facts.skew
    if auth_time < oldest:
        raise CheckFailed("auth-time-too-old", expected=f"not before {oldest}", received=auth_time)


def check_sub(facts: Signed) -> None:
    """Core 2: at most 255 ASCII characters; not empty."""
    sub = facts.claims.get("sub")
    if not isinstance(sub, str) or not 0 < len(sub) <= _MAX_SUB or not sub.isascii() or not sub.isprintable():
        raise CheckFailed("sub-invalid", expected=f"1 to {_MAX_SUB} ASCII characters", received=sub)


def check_matching_claims(facts: Signed) -> None:
    """The vendor's own boundary between customers, where one issuer serves many (tid, hd)."""
    for claim, setting in facts.policy.matching_claims.items():
        expected, received = facts.settings.get(setting), facts.claims.get(claim)
        allowed = expected if isinstance(expected, list | tuple) else [expected]
        if not expected or not isinstance(received, str) or received not in allowed:
            wanted = " or ".join(map(str, allowed)) if expected else "a setting that is empty"
            raise CheckFailed("claim-mismatch", expected=f"{claim} {wanted}", received=received)


def check_issuer_claims(facts: Signed) -> None:
    """The tenant that the token names is the one in the issuer's own name."""
    for claim, form in facts.policy.issuer_claims.items():
        found, received = re.fullmatch(form, facts.asked.issuer), facts.claims.get(claim)
        expected = found[1] if found else "an issuer that names it"
        if found is None or not isinstance(received, str) or received.lower() != expected.lower():
            raise CheckFailed("claim-mismatch", expected=f"{claim} {expected}", received=received)
