"""How a client proves itself at token and revocation: Authlib runs the methods, the rules are here.

A wrong secret and an unknown client give the same answer; an unknown client causes no fetch. A client uses the one method
that it is registered for, and one method a request (RFC 6749 2.3).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from authlib.oauth2.rfc6749 import InvalidClientError
from authlib.oauth2.rfc6749.util import extract_basic_authorization
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.access import RegisteredClient, find_client, verify_client_secret
from app.provider.discovery import SIGNING_ALGS
from app.provider.grants import consume_assertion

METHODS = ("client_secret_basic", "client_secret_post", "private_key_jwt")
MAX_ASSERTION = 16_384  # characters; an assertion of Auth0 has about 800
MAX_LIFETIME = timedelta(hours=1)
LEEWAY_S = 60


class KeySource(Protocol):
    """Where a client's public keys come from: fetched through the outbound guard, once a minute at most."""

    def keys(self, client_id: str, jwks_uri: str, *, newer_than: datetime | None, now: datetime) -> KeySet:
        """Return the key set, a stored copy where it cannot be fetched. Raises ProviderUnreachable."""


@dataclass(frozen=True, slots=True)
class AuthenticatedClient:
    """A client as Authlib sees it: only a method that proved it makes one."""

    client: RegisteredClient

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return self.client.token_endpoint_auth_method == method

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


def _active(client_id: str, method: str) -> RegisteredClient | None:
    client = find_client(client_id) if client_id.isprintable() and len(client_id) <= 100 else None
    if client is None or client.status != "active" or client.token_endpoint_auth_method != method:
        return None
    return client


def _by_secret(client_id: str | None, secret: str | None, method: str, now: datetime) -> AuthenticatedClient | None:
    if not client_id or not secret:
        return None
    client = _active(client_id, method)
    # asked also for an unknown client, so that both answers cost the same
    proven = verify_client_secret(client.id if client else "", secret, now=now)
    return AuthenticatedClient(client) if client and proven else None


def authenticate_basic(clock: Callable[[], datetime]) -> Callable[[Any, Any], AuthenticatedClient | None]:
    """Return the method `client_secret_basic` (RFC 6749 2.3.1)."""

    def method(_query_client: object, request: Any) -> AuthenticatedClient | None:
        client_id, secret = extract_basic_authorization(request.headers)
        return _by_secret(client_id, secret, "client_secret_basic", clock())

    return method


def authenticate_post(clock: Callable[[], datetime]) -> Callable[[Any, Any], AuthenticatedClient | None]:
    """Return the method `client_secret_post` (RFC 6749 2.3.1)."""

    def method(_query_client: object, request: Any) -> AuthenticatedClient | None:
        form = request.form
        return _by_secret(form.get("client_id"), form.get("client_secret"), "client_secret_post", clock())

    return method


class PrivateKeyJwt(JWTBearerClientAssertion):  # type: ignore[misc]
    """The method `private_key_jwt` (RFC 7523 2.2, 3; OIDC Core 9): asymmetric algorithms only, each `jti` once."""

    CLIENT_AUTH_METHOD = "private_key_jwt"

    def __init__(self, audiences: tuple[str, ...], key_source: KeySource, clock: Callable[[], datetime]) -> None:
        super().__init__(leeway=LEEWAY_S)
        self._audiences = audiences
        self._key_source = key_source
        self._clock = clock

    def __call__(self, query_client: object, request: Any) -> AuthenticatedClient | None:
        assertion = request.form.get("client_assertion")
        if not assertion or request.form.get("client_assertion_type") != self.CLIENT_ASSERTION_TYPE:
            return None
        if len(assertion) > MAX_ASSERTION or not assertion.isascii():
            raise InvalidClientError(description="The assertion is too large.")
        _headers, claims = self.extract_assertion(assertion)
        client_id = claims.get("sub")
        client = _active(client_id, self.CLIENT_AUTH_METHOD) if isinstance(client_id, str) else None
        named = request.form.get("client_id")
        if client is None or not client.jwks_uri or (named is not None and named != client.id):
            return None
        self.verify_claims(self._verified_claims(assertion, client))
        return AuthenticatedClient(client)

    def _verified_claims(self, assertion: str, client: RegisteredClient) -> dict[str, Any]:
        """Return the claims after the signature was verified, by freshly fetched keys where the stored ones do not do."""
        assert client.jwks_uri is not None
        registry = jws.JWSRegistry(algorithms=list(SIGNING_ALGS), strict_check_header=False)
        for newer_than in (None, self._clock()):
            keys = self._key_source.keys(client.id, client.jwks_uri, newer_than=newer_than, now=self._clock())
            try:
                token = jws.deserialize_compact(assertion.encode(), keys, registry=registry)
            except (JoseError, ValueError):
                continue
            if "crit" in token.headers():
                break
            claims = json.loads(token.payload or b"")
            return claims if isinstance(claims, dict) else {}
        raise InvalidClientError(description="The assertion is not signed by this client.")

    def verify_claims(self, claims: dict[str, Any]) -> None:
        now = self._clock()
        options = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=self.leeway,
            iss={"essential": True, "value": str(claims.get("sub"))},
            sub={"essential": True},
            aud={"essential": True, "values": list(self._audiences)},
            exp={"essential": True},
            jti={"essential": True},
        )
        try:
            options.validate(claims)
            until = datetime.fromtimestamp(claims["exp"], UTC)
        except (JoseError, ValueError, OverflowError, OSError, TypeError) as error:
            raise InvalidClientError(description="The assertion has claims that cannot be used.") from error
        if until > now + MAX_LIFETIME or not isinstance(claims["jti"], str) or not claims["jti"]:
            raise InvalidClientError(description="The assertion has claims that cannot be used.")
        remembered_until = until + timedelta(seconds=LEEWAY_S)
        if not consume_assertion(claims["sub"], claims["jti"], until=remembered_until):
            raise InvalidClientError(description="The assertion was used before.")
