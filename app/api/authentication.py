"""Who calls: a bearer API key, and nothing else. Spec: RFC 6750 2.1."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app.access import has_scope, verify_api_key
from app.api.throttle import WrongKeys
from app.audit import Actor
from app.errors import Forbidden, Unauthorized

MAX_HEADER = 300


class NotAuthenticated(Unauthorized):
    """No key, a malformed one, an unknown one, a revoked one: the same answer."""

    headers: ClassVar[dict[str, str]] = {"WWW-Authenticate": 'Bearer realm="portico"'}


@dataclass(frozen=True, slots=True)
class Caller:
    """An API key that is valid now."""

    key_id: str
    actor: Actor
    scopes: frozenset[str]

    def require(self, scope: str) -> None:
        """Raise Forbidden unless the key has `scope`, or all of them."""
        if not has_scope(self.scopes, scope):
            raise Forbidden(f"{self.key_id} lacks {scope}", code="insufficient-scope", hint=f"The key needs {scope}.")


def authenticate(authorization: str | None, *, address: str, wrong_keys: WrongKeys, now: datetime) -> Caller:
    """Return whose key it is.

    Raises:
        NotAuthenticated.
        TooManyWrongKeys: it is one wrong key too many from this address.
    """
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > MAX_HEADER or not token.isascii():
        raise NotAuthenticated("no bearer token")  # costs nothing and guesses nothing: not counted
    key = verify_api_key(token, now=now)
    if key is None:
        wrong_keys.note(address, now)
        raise NotAuthenticated("the key is unknown or revoked")
    return Caller(key.id, Actor("api_key", key.id, key.name), frozenset(key.scopes))
