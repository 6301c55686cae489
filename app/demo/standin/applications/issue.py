"""The tenant as provider for its own applications: codes, tokens, userinfo."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from app.demo.shelf import Shelf
from app.demo.standin.authorize import ApplicationRequest, code_challenge
from app.demo.standin.profile import User
from app.demo.standin.tenant.state import Tenant

_STANDARD = (
    "name",
    "given_name",
    "family_name",
    "nickname",
    "preferred_username",
    "picture",
    "email",
    "email_verified",
)


class TokenRefused(Exception):
    """An error of the tenant's token endpoint. Its text is the wire code."""


@dataclass(frozen=True, slots=True)
class Login:
    """A finished login, as a code or an access token of the tenant stands for it."""

    request: ApplicationRequest
    user: User
    added: Mapping[str, Any]


class Issuer:
    """Issues the tenant's codes and tokens, each code once."""

    def __init__(self, tenant: Tenant, key: RSAKey) -> None:
        self._tenant, self._key, self._now = tenant, key, tenant.now
        self._codes: Shelf[Login] = Shelf(60, tenant.now, tenant.random)
        self._access: Shelf[Login] = Shelf(3600, tenant.now, tenant.random)

    def code(self, login: Login) -> str:
        """Return a new authorization code."""
        return self._codes.put(login)

    def redeem(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Return the token response for a code. Raises TokenRefused."""
        application = self._tenant.find_application(form.get("client_id"))
        secret = application.client_secret if application else ""
        if application is None or not hmac.compare_digest(secret.encode(), form.get("client_secret", "").encode()):
            raise TokenRefused("access_denied")
        if form.get("grant_type") != "authorization_code":
            raise TokenRefused("unsupported_grant_type")
        login = self._codes.consume(form.get("code"))
        if login is None or login.request.application.client_id != application.client_id:
            raise TokenRefused("invalid_grant")
        if login.request.redirect_uri != form.get("redirect_uri") or not _verifier_fits(login.request, form):
            raise TokenRefused("invalid_grant")
        return {
            "access_token": self._access.put(login),
            "id_token": self._id_token(login),
            "token_type": "Bearer",
            "expires_in": 3600,
            "scope": login.request.values.get("scope", "openid"),
        }

    def userinfo(self, access_token: str) -> dict[str, Any] | None:
        """Return the claims behind an access token; None when it is not one."""
        login = self._access.find(access_token)
        return None if login is None else _claims(login)

    def jwks(self) -> dict[str, Any]:
        """Return the tenant's public key."""
        public = self._key.as_dict(private=False) | {"use": "sig", "alg": "RS256"}
        return {"keys": [public]}

    def _id_token(self, login: Login) -> str:
        now = int(self._now().timestamp())
        claims = _claims(login) | {
            "iss": self._tenant.issuer,
            "aud": login.request.application.client_id,
            "iat": now,
            "exp": now + 36_000,
            "auth_time": int(login.user.authenticated_at.timestamp()),
        }
        if "nonce" in login.request.values:
            claims["nonce"] = login.request.values["nonce"]
        return jwt.encode({"alg": "RS256", "kid": self._key.kid}, claims, self._key, ["RS256"])


def _claims(login: Login) -> dict[str, Any]:
    attributes = login.user.attributes
    claims: dict[str, Any] = {"sub": login.user.id} | dict(login.added)
    claims |= {name: attributes[name] for name in _STANDARD if name in attributes}
    if login.request.organization is not None:
        claims["org_id"] = login.request.organization.id
    return claims


def _verifier_fits(request: ApplicationRequest, form: Mapping[str, str]) -> bool:
    challenge, verifier = request.values.get("code_challenge"), form.get("code_verifier")
    if challenge is None or verifier is None:
        return challenge is None and verifier is None
    return verifier.isascii() and hmac.compare_digest(code_challenge(verifier), challenge)
