"""Access tokens for the Management API: client credentials in, a JWT of 24 hours out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from app.demo.standin.management.refusals import ApiRefused
from app.demo.standin.tenant.state import Tenant

LIFETIME_S = 86_400


class TokenDenied(Exception):
    """An error of the tenant's token endpoint."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status, self.body = status, {"error": error, "error_description": description}


def issue_token(tenant: Tenant, key: RSAKey, form: Mapping[str, Any]) -> dict[str, Any]:
    """Return the token response of a client credentials grant. Raises TokenDenied.

    The audience is the tenant's own domain, also behind a custom domain.
    """
    client_id, secret = str(form.get("client_id", "")), str(form.get("client_secret", ""))
    audience = form.get("audience")
    if not audience:
        raise TokenDenied(403, "access_denied", "Client is not authorized to access resource server")
    machine = tenant.applications.verify_machine(client_id, secret)
    application = tenant.find_application(client_id)
    if machine is None and (application is None or application.client_secret != secret):
        raise TokenDenied(401, "access_denied", "Unauthorized")
    if audience != tenant.api_audience:
        raise TokenDenied(403, "access_denied", f"Service not enabled within domain: {audience}")
    if machine is None:
        granted = f'Client is not authorized to access "{audience}". You need to create a "client-grant" associated to'
        raise TokenDenied(403, "access_denied", f"{granted} this API.")
    issued_at = int(tenant.now().timestamp())
    scope = " ".join(machine.scopes)
    claims = {
        "iss": tenant.issuer,
        "sub": f"{client_id}@clients",
        "aud": tenant.api_audience,
        "iat": issued_at,
        "exp": issued_at + LIFETIME_S,
        "scope": scope,
        "gty": "client-credentials",
        "azp": client_id,
    }
    token = jwt.encode({"alg": "RS256", "typ": "JWT", "kid": key.kid}, claims, key, ["RS256"])
    return {"access_token": token, "scope": scope, "expires_in": LIFETIME_S, "token_type": "Bearer"}


def verify_token(tenant: Tenant, key: RSAKey, header: str) -> tuple[str, frozenset[str]]:
    """Return the machine and its scopes. Raises ApiRefused (401): missing, of another tenant, over, or withdrawn."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise ApiRefused(401, "Missing authentication")
    try:
        claims = jwt.decode(token, key, ["RS256"]).claims
    except (JoseError, ValueError) as error:
        raise ApiRefused(401, "Invalid token") from error
    if claims.get("aud") != tenant.api_audience or claims.get("iss") != tenant.issuer:
        raise ApiRefused(401, "Bad audience")
    if claims["exp"] <= tenant.now().timestamp():
        raise ApiRefused(401, "Expired token received for JSON Web Token validation")
    client_id = str(claims["azp"])
    if tenant.applications.find_machine(client_id) is None:
        raise ApiRefused(401, "Client is not authorized")
    return client_id, frozenset(str(claims["scope"]).split())
