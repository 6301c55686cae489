"""Global Token Revocation: the provider of a connection ends a user's sessions at the tenant."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from app.demo.standin.failures import LoginFailed
from app.demo.standin.login import Upstream
from app.demo.standin.sessions import Sessions
from app.demo.standin.tenant.connections import Connection
from app.demo.standin.tenant.state import Tenant
from app.demo.standin.tenant.upstream import UpstreamConnection

TOKEN_TYPE = "global-token-revocation+jwt"  # noqa: S105 a name
_LONGEST_S = 300
_MOST_REMEMBERED = 10_000


class RevocationRefused(Exception):
    """The answer is no success. Its text is for the tenant's log and the body."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Revocations:
    """Takes revocations for every connection; a token works once."""

    def __init__(self, tenant: Tenant, upstream: Upstream, sessions: Sessions) -> None:
        self._tenant, self._upstream, self._sessions = tenant, upstream, sessions
        self._used: dict[str, float] = {}

    def revoke(self, name: str, url: str, authorization: str, body: object) -> None:
        """End every session of the subject. Raises RevocationRefused; the tenant's log has both outcomes.

        Args:
            url: of this endpoint, as the token's audience has to be.
        """
        connection = self._tenant.connections.find_named(name)
        try:
            user_id, ended = self._revoke(connection, url, authorization, body)
        except RevocationRefused as refused:
            self._note("universal_logout_failed", str(refused), connection)
            raise
        self._note("universal_logout_succeeded", f"{ended} sessions ended", connection, user_id)

    def _revoke(self, connection: Connection | None, url: str, authorization: str, body: object) -> tuple[str, int]:
        if connection is None or connection.strategy != "oidc" or self._tenant.behaviour.revocation == "refused":
            raise RevocationRefused(400, "the connection does not support global token revocation")
        upstream = self._tenant.upstream(connection)
        self._verify(upstream, url, authorization)
        subject = _read_subject(body)
        if subject["iss"] != upstream.snapshot.issuer:
            raise RevocationRefused(400, "subject.iss is not the issuer of the connection")
        found = self._tenant.users.find_identity("oidc", f"{connection.name}|{subject['sub']}")
        if found is None:
            return "", 0
        user_id = str(found.record["user_id"])
        return user_id, self._sessions.end_of(user_id)

    def _verify(self, upstream: UpstreamConnection, url: str, authorization: str) -> None:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise RevocationRefused(401, "the request has no token")
        header, claims = self._decode(upstream, token)
        if header.get("typ") != TOKEN_TYPE:
            raise RevocationRefused(401, f"typ is {header.get('typ')}")
        now = self._tenant.now().timestamp()
        if claims.get("iss") != upstream.snapshot.issuer:
            raise RevocationRefused(401, "iss is not the issuer of the connection")
        if claims.get("sub") != upstream.client_id:
            raise RevocationRefused(401, "sub is not the client id of the connection")
        if claims.get("aud") not in (url, [url]):
            raise RevocationRefused(401, "aud is not this endpoint")
        _check_times(claims, now)
        self._use_once(claims, now)

    def _decode(self, upstream: UpstreamConnection, token: str) -> tuple[Mapping[str, Any], dict[str, Any]]:
        """Return header and claims of a token signed by the keys that sign the connection's ID tokens."""
        try:
            decoded = jwt.decode(
                token,
                lambda signed: self._upstream.keys(upstream.snapshot["jwks_uri"]).find(signed.headers()),
                list(upstream.algorithms),
            )
        except (JoseError, LoginFailed, ValueError, KeyError) as error:
            raise RevocationRefused(401, f"the token's signature was not verified ({type(error).__name__})") from error
        return decoded.header, dict(decoded.claims)

    def _use_once(self, claims: Mapping[str, Any], now: float) -> None:
        jti = claims.get("jti")
        if not isinstance(jti, str) or not jti:
            raise RevocationRefused(401, "jti is missing")
        with self._tenant.lock:
            self._used = {name: until for name, until in self._used.items() if until > now}
            if jti in self._used or len(self._used) >= _MOST_REMEMBERED:
                raise RevocationRefused(401, "the token was used before")
            self._used[jti] = float(claims["exp"])

    def _note(self, type_: str, description: str, connection: Connection | None, user_id: str = "") -> None:
        named = {"connection": connection.name, "connection_id": connection.id} if connection else {}
        self._tenant.log.add(type_, description, user_id=user_id, strategy="oidc", **named)


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    for name in ("iat", "exp"):
        if not isinstance(claims.get(name), int | float) or isinstance(claims[name], bool):
            raise RevocationRefused(401, f"{name} is no time")
    if claims["exp"] <= now or claims["iat"] > now:
        raise RevocationRefused(401, "the token is over, or not good yet")
    if claims["exp"] - claims["iat"] > _LONGEST_S:
        raise RevocationRefused(401, "the token is good for more than five minutes")


def _read_subject(body: object) -> dict[str, str]:
    subject = body.get("subject") if isinstance(body, dict) else None
    if not isinstance(subject, dict) or subject.get("format") != "iss_sub":
        raise RevocationRefused(400, "subject.format must be iss_sub")
    if not all(isinstance(subject.get(name), str) and subject[name] for name in ("iss", "sub")):
        raise RevocationRefused(400, f"subject needs iss and sub: {json.dumps(sorted(subject))}")
    return {"iss": subject["iss"], "sub": subject["sub"]}
