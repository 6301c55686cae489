"""What is said about a person: the ID token and userinfo."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from typing import Any

from joserfc import jwt

from portico_simulator.behaviour import Behaviour
from portico_simulator.idp import Idp
from portico_simulator.oidc.authorize import AuthorizationRequest, Grant
from portico_simulator.people import Person
from portico_simulator.profiles import OidcProfile, ReleasedClaim
from portico_simulator.released import values

_FLAGS = {"true": True, "false": False}


def id_token(idp: Idp[OidcProfile], grant: Grant, access_token: str) -> str:
    """Return the signed ID token (OIDC Core 2), with the claims that the vendor puts there."""
    behaviour = idp.behaviour(grant.session.person)
    claims = _protocol_claims(idp, grant, behaviour) | _session_claims(idp, grant, access_token, behaviour)
    claims |= {name: idp.fill(value) for name, value in idp.profile.constant_claims.items()}
    claims |= person_claims(idp, grant.request, grant.session.person)
    claims |= _instead(behaviour)
    present = {name: value for name, value in claims.items() if name not in behaviour.leave_out}
    key = idp.signing_key(behaviour).jwk
    return jwt.encode({"alg": "RS256", "kid": key.kid}, present, key, ["RS256"])


def _protocol_claims(idp: Idp[OidcProfile], grant: Grant, behaviour: Behaviour) -> dict[str, Any]:
    profile, request = idp.profile, grant.request
    issued = idp.clock(behaviour) - profile.backdated
    claims: dict[str, Any] = {
        "iss": idp.fill(profile.issuer),
        "aud": request.application.client_id,
        "iat": int(issued.timestamp()),
        "exp": int((issued + profile.id_token_lifetime).timestamp()),
    }
    if profile.backdated:
        claims["nbf"] = claims["iat"]
    if request.nonce is not None:
        claims["nonce"] = request.nonce
    return claims


def _session_claims(idp: Idp[OidcProfile], grant: Grant, access_token: str, behaviour: Behaviour) -> dict[str, Any]:
    profile, request, session = idp.profile, grant.request, grant.session
    claims: dict[str, Any] = {}
    asked_for = request.max_age_s is not None or "auth_time" in request.application.optional_claims
    if asked_for or profile.auth_time != "asked":
        at = _moment(session.authenticated_at, idp, behaviour)
        claims["auth_time"] = str(at) if profile.auth_time == "text" else at
    if profile.azp:
        claims["azp"] = request.application.client_id
    if profile.at_hash:
        digest = hashlib.sha256(access_token.encode()).digest()
        claims["at_hash"] = base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()
    if profile.jti:
        claims["jti"] = profile.jti + idp.random(24).hex()
    if profile.sid:
        claims["sid"] = session.id
    if profile.amr:
        claims["amr"] = ["pwd"]
    return claims


def _moment(at: datetime, idp: Idp[OidcProfile], behaviour: Behaviour) -> int:
    return int((at + (idp.clock(behaviour) - idp.now())).timestamp())


def _instead(behaviour: Behaviour) -> dict[str, Any]:
    named = {"iss": behaviour.issuer, "aud": behaviour.audience}
    return {name: value for name, value in named.items() if value is not None} | dict(behaviour.write)


def person_claims(idp: Idp[OidcProfile], request: AuthorizationRequest, person: Person) -> dict[str, Any]:
    """Return `sub` and the claims that scopes, resource and registration release."""
    claims: dict[str, Any] = {"sub": subject(idp, request.application.client_id, person)}
    for rule in idp.profile.claims:
        given = values(idp, person, rule.source)
        if not given or not _is_released(rule, request):
            continue
        if rule.overage is not None and len(given) > rule.overage:
            claims |= _elsewhere(idp, rule, person)
            continue
        value: Any = list(given[: rule.limit]) if rule.many or len(given) > 1 else _FLAGS.get(given[0], given[0])
        claims[rule.within or rule.name] = {rule.name: value} if rule.within else value
        if rule.name == "email" and idp.profile.email_verified:
            claims["email_verified"] = person.email_verified
    return claims


def _is_released(rule: ReleasedClaim, request: AuthorizationRequest) -> bool:
    if rule.optional:
        return rule.name in request.application.optional_claims
    return rule.scope in request.scopes and (not rule.resource or request.resource is not None)


def _elsewhere(idp: Idp[OidcProfile], rule: ReleasedClaim, person: Person) -> dict[str, Any]:
    """Distributed claims (OIDC Core 5.6.2): where the list could be asked for."""
    endpoint = f"https://graph.windows.net/{idp.names['tenant']}/users/{person.id}/getMemberObjects"
    return {"_claim_names": {rule.name: "src1"}, "_claim_sources": {"src1": {"endpoint": endpoint}}}


def subject(idp: Idp[OidcProfile], client_id: str, person: Person) -> str:
    """Return the person's `sub`, which differs between applications where the vendor does so (OIDC Core 8.1)."""
    if not idp.profile.pairwise_sub:
        return values(idp, person, idp.profile.subject_source)[0]
    digest = hashlib.sha256(f"{idp.config.id}|{client_id}|{person.id}".encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
