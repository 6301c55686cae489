"""The upstream provider's keys: kept for five minutes, read again for an unknown key at most once a minute."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from app.demo.loopback import LoopbackHttp, Unreachable
from app.demo.standin.failures import LoginFailed

_KTY = {"RS": "RSA", "PS": "RSA", "ES": "EC"}
_TYPES = ("application/json", "application/jwk-set+json")


class UpstreamKeys:
    """Finds the one key that a token's header can mean."""

    def __init__(self, http: LoopbackHttp, jwks_uri: str, now: Callable[[], datetime]) -> None:
        self._http, self._jwks_uri, self._now = http, jwks_uri, now
        self._keys: list[Key] = []
        self._fetched_at: datetime | None = None
        self._lock = threading.Lock()

    def find(self, header: Mapping[str, Any]) -> Key:
        """Return the only applicable key. Raises LoginFailed when there is none, or more than one."""
        with self._lock:
            age = self._now() - self._fetched_at if self._fetched_at else timedelta.max
            if age > timedelta(seconds=300):
                self._fetch()
                age = timedelta(0)
            found = self._applicable(header)
            if not found and age >= timedelta(seconds=60):
                self._fetch()
                found = self._applicable(header)
        if not found:
            raise LoginFailed("error when selecting a JWT verification key, no applicable keys found")
        if len(found) > 1:
            raise LoginFailed(
                "error when selecting a JWT verification key, multiple applicable keys found, "
                'a "kid" JWT Header Parameter is required'
            )
        return found[0]

    def _applicable(self, header: Mapping[str, Any]) -> list[Key]:
        alg = header["alg"]
        return [
            key
            for key in self._keys
            if key.key_type == _KTY.get(alg[:2])
            and header.get("kid") in (None, key.kid)
            and key.as_dict(private=False).get("alg") in (None, alg)
            and key.as_dict(private=False).get("use") in (None, "sig")
        ]

    def _fetch(self) -> None:
        try:
            answer = self._http.request("GET", self._jwks_uri)
        except Unreachable as error:
            raise LoginFailed(f"jwks_uri: {error}", oauth_error="server_error") from error
        if answer.status != 200:
            raise LoginFailed('"response" is not a conform JSON Web Key Set response (unexpected HTTP status code)')
        if answer.headers.get("content-type", "").split(";")[0].strip() not in _TYPES:
            raise LoginFailed('"response" content-type must be application/json or application/jwk-set+json')
        try:
            self._keys = list(KeySet.import_key_set(answer.json()).keys)
        except (ValueError, TypeError, KeyError, JoseError) as error:
            raise LoginFailed('"response" body "keys" property must be an array') from error
        self._fetched_at = self._now()
