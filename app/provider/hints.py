"""The id_token_hint: an ID token that we gave to this client, as a hint to a connection. Expired ones are fine."""

from __future__ import annotations

import json
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


def verify_id_token_hint(hint: str, *, issuer: str, client_id: str, jwks: dict[str, Any]) -> dict[str, Any]:
    """Return the claims of an ID token that we signed for this client. Does not check `exp` (OIDC Core 3.1.2.1).

    Raises:
        Redirectable: it is not one of ours.
    """
    refused = Redirectable("invalid_request", "The id_token_hint cannot be used.")
    if len(hint) > MAX_HINT or not hint.isascii():
        raise refused
    try:
        keys = KeySet.import_key_set(cast(KeySetSerialization, jwks))
        token = jws.deserialize_compact(hint.encode(), keys, algorithms=["RS256", "ES256"])
        claims = json.loads(token.payload or b"")
    except (JoseError, ValueError):
        raise refused from None
    if not isinstance(claims, dict) or claims.get("iss") != issuer or claims.get("aud") != client_id:
        raise refused
    return claims
