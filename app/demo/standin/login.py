"""The middle of a login: from a callback that was checked to the user it proves, with everything in between."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.demo.loopback import LoopbackHttp
from app.demo.standin.authorize import Transaction
from app.demo.standin.callback import check_callback
from app.demo.standin.id_token import Expected, check_session_expiry, verify_id_token
from app.demo.standin.jwks import UpstreamKeys
from app.demo.standin.profile import User, make_user
from app.demo.standin.settings import Tenant
from app.demo.standin.snapshot import Snapshot
from app.demo.standin.token_request import exchange


@dataclass(frozen=True, slots=True)
class Upstream:
    """The upstream provider as this tenant knows it."""

    tenant: Tenant
    snapshot: Snapshot
    http: LoopbackHttp
    keys: UpstreamKeys
    now: Callable[[], datetime]
    random: Callable[[int], bytes]

    def complete(self, transaction: Transaction, state: str, values: Mapping[str, Sequence[str]]) -> User:
        """Return the user whom the callback proves. Raises LoginFailed.

        Args:
            values: the callback's parameters, each with all its values.
        Does not: call userinfo; every claim has to be in the ID token.
        """
        connection = self.tenant.connection
        code = check_callback(self.snapshot, values, state)
        now = self.now()
        tokens = exchange(self.http, self.tenant, self.snapshot, code, transaction.code_verifier, now, self.random)
        expected = Expected(
            issuer=self.snapshot.issuer,
            client_id=connection.client_id,
            algorithms=connection.algorithms,
            nonce=transaction.nonce,
            now=self.now(),
            access_token=tokens.access_token,
        )
        claims: dict[str, Any] = verify_id_token(tokens.unverified_id_token, self.keys, expected)
        session_expires_at = check_session_expiry(claims, connection.session_expiry_supported)
        return make_user(connection, claims, now, session_expires_at)
