"""The middle of a login: from a callback that was checked to the user it proves, with everything in between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.demo.loopback import LoopbackHttp
from app.demo.standin.authorize import Transaction
from app.demo.standin.callback import check_callback
from app.demo.standin.id_token import Expected, check_session_expiry, verify_id_token
from app.demo.standin.jwks import UpstreamKeys
from app.demo.standin.profile import User, make_user
from app.demo.standin.tenant.state import Tenant
from app.demo.standin.token_request import exchange
from app.demo.standin.userinfo import fetch_userinfo


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whom upstream proved, and the ID token that proved it."""

    user: User
    id_token: str


class Upstream:
    """The upstream providers as this tenant knows them."""

    def __init__(self, tenant: Tenant, http: LoopbackHttp) -> None:
        self._tenant, self._http = tenant, http
        self._keys: dict[str, UpstreamKeys] = {}

    def complete(self, transaction: Transaction, state: str, values: Mapping[str, Sequence[str]]) -> SignedIn:
        """Return the user whom the callback proves. Raises LoginFailed.

        Args:
            values: the callback's parameters, each with all its values.
        Does not: call userinfo, unless the connection's mapping names it; every other claim has to be in the ID token.
        """
        tenant, connection = self._tenant, transaction.connection
        code = check_callback(connection.snapshot, values, state)
        now = tenant.now()
        verifier = transaction.code_verifier
        tokens = exchange(self._http, connection, tenant.callback_url, code, verifier, now, tenant.random)
        expected = Expected(
            issuer=connection.snapshot.issuer,
            client_id=connection.client_id,
            algorithms=connection.algorithms,
            nonce=transaction.nonce,
            now=tenant.now(),
            access_token=tokens.access_token,
            tolerance_s=tenant.behaviour.clock_tolerance_s,
        )
        keys = self.keys(connection.snapshot["jwks_uri"])
        claims: dict[str, Any] = verify_id_token(tokens.unverified_id_token, keys, expected)
        session_expires_at = check_session_expiry(claims, connection.session_expiry_supported)
        longest = tenant.behaviour.longest_user_id

        def userinfo() -> dict[str, Any]:
            return fetch_userinfo(self._http, connection, tokens.access_token, str(claims["sub"]))

        user = make_user(connection, claims, now, session_expires_at, longest, userinfo)
        return SignedIn(user, tokens.unverified_id_token)

    def keys(self, jwks_uri: str) -> UpstreamKeys:
        """Return the key set that is read there, and kept for its time."""
        return self._keys.setdefault(jwks_uri, UpstreamKeys(self._http, jwks_uri, self._tenant.now))
