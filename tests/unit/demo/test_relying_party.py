"""The application's check of its ID token."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from joserfc import jwt
from joserfc.jwk import RSAKey

from app.demo.ledgerline.relying_party import Begun, finish
from app.demo.ledgerline.settings import Ledgerline
from app.demo.loopback import Answer, LoopbackHttp

AUTH0 = "http://tenant.localhost:3001"
APP = Ledgerline("http://app.localhost:3000", AUTH0, "app", "s", "", "", (), (), {})
BEGUN = Begun("halden", "browser", "nonce", "verifier")


class SlowTenant:
    """Answers in the second after the one it was asked in."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 9, 0, 0, 999_000, tzinfo=UTC)
        self._key = RSAKey.generate_key(2048, {"kid": "one"})

    def request(self, method: str, url: str, **_: Any) -> Answer:
        """The token response, or the keys."""
        if method == "GET":
            return Answer(200, {}, json.dumps({"keys": [self._key.as_dict(private=False)]}).encode())
        self.now += timedelta(milliseconds=20)
        second = int(self.now.timestamp())
        claims = {"iss": f"{AUTH0}/", "aud": "app", "nonce": "nonce", "iat": second, "exp": second + 60, "sub": "usr"}
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self._key)
        return Answer(200, {}, json.dumps({"id_token": token}).encode())


def test_a_token_made_in_the_next_second_is_not_from_the_future() -> None:
    """The time is read when the token is here, not when it was asked for."""
    tenant = SlowTenant()
    assert finish(APP, cast(LoopbackHttp, tenant), BEGUN, "code", lambda: tenant.now)["sub"] == "usr"
