"""The token endpoint's grant and the revocation endpoint, on Authlib: what it asks of a server, and what we store."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, cast

from authlib.oauth2.rfc6749 import InvalidGrantError, InvalidRequestError, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge

from app.access import RegisteredClient
from app.crypto import Algorithm, SigningKeys
from app.database import transaction
from app.errors import SignInFailed
from app.provider.clients import METHODS
from app.provider.grants import (
    StoredGrant,
    consume_code,
    find_grant_by_code,
    find_grant_by_token,
    revoke_grant,
)
from app.provider.id_token import sign_id_token
from app.signin.allowed import Standing, StillAllowed
from app.signin.trace import Trace, add_part

MAX_CODE = 200


@dataclass(frozen=True, slots=True)
class TokenContext:
    """What redeeming a code needs. `now` is fixed for each request by the clock."""

    issuer: str
    keys: SigningKeys
    allowed: StillAllowed
    clock: Callable[[], datetime]
    random: Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class RedeemableCode:
    """A grant in the words that Authlib uses for it."""

    grant: StoredGrant

    @property
    def code_challenge(self) -> str | None:
        return self.grant.code_challenge

    @property
    def code_challenge_method(self) -> str:
        return "S256"

    def get_redirect_uri(self) -> str:
        return self.grant.redirect_uri

    def get_scope(self) -> str:
        return self.grant.scope


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]
    """Redeems a code: once, by the client it was given to, with its redirect URI and verifier (RFC 6749 4.1.3)."""

    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar[list[str]] = list(METHODS)

    @property
    def context(self) -> TokenContext:
        context: TokenContext = self.server.context
        return context

    def query_authorization_code(self, code: str, client: Any) -> RedeemableCode:
        grant = find_grant_by_code(code, client.client.id) if len(code) <= MAX_CODE else None
        now = self.context.clock()
        if grant is None:
            raise InvalidGrantError("unknown code, or of another client")
        self.request.trace_id = grant.trace_id
        if grant.redeemed:
            self._revoke_reused(grant, now)
        if grant.code_expires_at <= now:
            raise InvalidGrantError("the code has expired")
        return RedeemableCode(grant)

    def authenticate_user(self, authorization_code: RedeemableCode) -> StoredGrant:
        """Ask whether the identity is still allowed."""
        grant = authorization_code.grant
        standing = Standing(grant.client_id, grant.organization_id, grant.connection_id, grant.sub)
        try:
            self.context.allowed.verify(standing, self.context.clock())
        except SignInFailed as error:
            raise InvalidGrantError("no longer allowed") from error
        return grant

    def create_token_response(self) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        """Sign first, consume last: a code is used up only by an answer that carries its tokens."""
        grant = self.authenticate_user(self.request.authorization_code)
        now = self.context.clock()
        access_token = base64.urlsafe_b64encode(self.context.random(32)).decode().rstrip("=")
        client: RegisteredClient = self.request.client.client
        alg = cast(Algorithm, client.id_token_signed_response_alg)
        id_token = sign_id_token(
            grant,
            issuer=self.context.issuer,
            access_token=access_token,
            key=self.context.keys.current(alg, now),
            lifetime=timedelta(seconds=client.id_token_lifetime_s),
            now=now,
        )
        trace = Trace(grant.trace_id, "token")
        trace.add("code-redeemed", client=grant.client_id, method=self.request.auth_method, alg=alg)
        with transaction():
            lifetime = timedelta(seconds=client.access_token_lifetime_s)
            consumed = consume_code(grant, access_token, now=now, lifetime=lifetime)
            if consumed:
                add_part(trace, now=now)
        if not consumed:
            self._revoke_reused(grant, now)
        body = {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": client.access_token_lifetime_s,
            "scope": grant.scope,
            "id_token": id_token,
        }
        return 200, body, self.TOKEN_RESPONSE_HEADER

    def _revoke_reused(self, grant: StoredGrant, now: datetime) -> None:
        revoke_grant(grant, now=now)
        raise InvalidGrantError("the code was used before; what it gave is revoked")


class S256CodeChallenge(CodeChallenge):  # type: ignore[misc]
    """RFC 7636 with S256 alone; every mismatch is `invalid_grant` (4.6)."""

    DEFAULT_CODE_CHALLENGE_METHOD = "S256"
    SUPPORTED_CODE_CHALLENGE_METHOD: ClassVar[list[str]] = ["S256"]

    def validate_code_verifier(self, grant: Any, result: Any) -> None:
        try:
            super().validate_code_verifier(grant, result)
        except InvalidRequestError as error:
            raise InvalidGrantError(error.description) from error


class Revocation(RevocationEndpoint):  # type: ignore[misc]
    """Ends an access token of the calling client; any other token is answered the same and left alone (RFC 7009 2.2)."""

    CLIENT_AUTH_METHODS: ClassVar[list[str]] = list(METHODS)

    def query_token(self, token_string: str, token_type_hint: str | None) -> StoredGrant | None:
        return find_grant_by_token(token_string, self.server.context.clock()) if len(token_string) <= MAX_CODE else None

    def authenticate_token(self, request: OAuth2Request, client: Any) -> StoredGrant | None:
        if "token" not in request.form:
            raise InvalidRequestError("token is missing")
        grant = self.query_token(request.form["token"], None)
        return grant if grant and grant.client_id == client.client.id else None

    def revoke_token(self, token: StoredGrant, request: OAuth2Request) -> None:
        revoke_grant(token, now=self.server.context.clock())
