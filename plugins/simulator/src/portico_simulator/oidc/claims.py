"""What is said about a person: the ID token and userinfo."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from joserfc import jwt

from portico_simulator.idp import Idp
from portico_simulator.oidc.authorize import AuthorizationRequest, Grant
from portico_simulator.people import Person
from portico_simulator.profiles import OidcProfile


def id_token(idp: Idp[OidcProfile], grant: Grant) -> str:
    """Return the signed ID token (OIDC Core 2), with the claims that the vendor puts there."""
    profile, request, now = idp.profile, grant.request, idp.clock()
    issued_at = int((now - profile.backdated).timestamp())
    claims: dict[str, Any] = {
        "iss": idp.fill(profile.issuer),
        "aud": request.application.client_id,
        "iat": issued_at,
        "exp": int((now - profile.backdated + profile.id_token_lifetime).timestamp()),
    }
    if profile.backdated:
        claims["nbf"] = issued_at
    if request.nonce is not None:
        claims["nonce"] = request.nonce
    asked_for = request.max_age_s is not None or "auth_time" in request.application.optional_claims
    if asked_for or profile.auth_time:
        offset = now - idp.now()
        claims["auth_time"] = int((grant.session.authenticated_at + offset).timestamp())
    claims |= {name: idp.fill(value) for name, value in profile.constant_claims.items()}
    claims |= person_claims(idp, request, grant.session.person)
    key = idp.signing_key.jwk
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key, ["RS256"])


def person_claims(idp: Idp[OidcProfile], request: AuthorizationRequest, person: Person) -> dict[str, Any]:
    """Return `sub` and the claims that the scopes and the registration release."""
    claims: dict[str, Any] = {"sub": subject(idp, request.application.client_id, person)}
    for rule in idp.profile.claims:
        values = person.values(rule.source)
        released = rule.name in request.application.optional_claims if rule.optional else rule.scope in request.scopes
        if not released or not values:
            continue
        claims[rule.name] = list(values) if rule.many else values[0]
        if rule.name == "email" and idp.profile.email_verified:
            claims["email_verified"] = True
    return claims


def subject(idp: Idp[OidcProfile], client_id: str, person: Person) -> str:
    """Return the person's `sub`, which differs between applications where the vendor does so (OIDC Core 8.1)."""
    if not idp.profile.pairwise_sub:
        return person.id
    digest = hashlib.sha256(f"{idp.config.id}|{client_id}|{person.id}".encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
