"""The id_token_hint: an ID token that we gave to this client, as a hint to a connection. Expired ones are fine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from app.provider.errors import Redirectable

MAX_HINT = 8_192


@dataclass(frozen=True, slots=True)
class Hinted:
    """Whom a verified id_token_hint names."""

    sub: str
    connection_id: str


def verify_id_token_hint(hint: str, *, issuer: str, client_id: str, jwks: Mapping[str, Any]) -> dict[str, Any]:
    """Return the claims of an ID token that we signed for this client. Does not check `exp` (OIDC Core 3.1.2.1).

    Raises:
        Redirectable: it is not one of ours.
    """
    claims = verify_own_token(hint, issuer=issuer, jwks=jwks)
    if claims["aud"] != client_id:
        raise _refused()
    return claims


def verify_own_token(hint: str, *, issuer: str, jwks: Mapping[str, Any]) -> dict[str, Any]:
    """Return the claims of an ID token that we signed, for whichever one client. Does not check `exp`.

    Raises:
        Redirectable: it is not one of ours.
    """
    if len(hint) > MAX_HINT or not hint.isascii():
        raise _refused()
    try:
        keys = KeySet.import_key_set(cast(KeySetSerialization, jwks))
        token = jws.deserialize_compact(hint.encode(), keys, algorithms=["RS256", "ES256"])
        claims = json.loads(token.payload or b"")
    except (JoseError, ValueError):
        raise _refused() from None
    if not isinstance(claims, dict) or claims.get("iss") != issuer or not isinstance(claims.get("aud"), str):
        raise _refused()
    if token.headers().get("typ") not in (None, "JWT"):  # we sign other things with these keys
        raise _refused()
    return claims


def _refused() -> Redirectable:
    return Redirectable("invalid_request", "The id_token_hint cannot be used.")
