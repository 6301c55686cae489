"""From a string to signed claims: the envelope of the ID token.

Only what stands behind a valid signature leaves this module. Claims are checked in `checks`.

Spec: OpenID Connect Core 3.1.3.7 (6) to (8), RFC 7515 5.2, RFC 8725.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry, deserialize_compact

from portico_oidc.json_object import parse_json_object
from portico_oidc.keys import VerificationKey, parse_jwks, select_key
from portico_oidc.memory import parsed_once
from portico_oidc.reasons import CheckFailed
from portico_sdk import AdapterContext, Document

MAX_ID_TOKEN = 16 * 1024
_SEGMENT = re.compile(r"[A-Za-z0-9_-]+")
_ENCRYPTED_SEGMENTS = 5


@dataclass(frozen=True, slots=True)
class UnverifiedHeader:
    """What the token says about its own signature: a choice among keys and algorithms that are trusted anyway."""

    alg: str
    kid: str | None


def parse_header(id_token: str, algorithms: Sequence[str]) -> UnverifiedHeader:
    """Return the header of a compact token whose algorithm is allowed.

    Keys and key locations in the header (jwk, jku, x5u, x5c) are not looked at. Raises CheckFailed.
    """
    if len(id_token) > MAX_ID_TOKEN:
        raise CheckFailed("id-token-too-large", expected=f"at most {MAX_ID_TOKEN}", received=len(id_token))
    segments = id_token.split(".")
    if len(segments) == _ENCRYPTED_SEGMENTS:
        raise CheckFailed("id-token-encrypted", detail="the token has five parts")
    if len(segments) != 3 or not all(_SEGMENT.fullmatch(segment) for segment in segments[:2]):
        raise CheckFailed("id-token-malformed", detail="the token is not three parts in base64url")
    try:
        header = parse_json_object(_decode(segments[0]))
    except ValueError as error:
        raise CheckFailed("id-token-malformed", detail="the header is not a JSON object") from error
    alg, kid = header.get("alg"), header.get("kid")
    if not isinstance(alg, str) or alg not in algorithms:
        raise CheckFailed("algorithm-refused", expected=" ".join(algorithms), received=alg)
    if not _SEGMENT.fullmatch(segments[2]):
        raise CheckFailed("signature-invalid", detail="the signature is empty or not base64url")
    if "crit" in header or "b64" in header:
        raise CheckFailed("header-refused", expected="no crit, no b64", received=sorted(header))
    if not isinstance(kid, str | None):
        raise CheckFailed("id-token-malformed", detail="kid is not a string")
    return UnverifiedHeader(alg, kid)


def verify_signature(context: AdapterContext, jwks_uri: str, id_token: str, header: UnverifiedHeader) -> dict[str, Any]:
    """Return the claims of a token that one of the provider's keys signed.

    A key that is not among those kept, and a signature that does not fit (a key replaced under its old name), ask for
    newer keys; the store of documents allows that once a minute.

    Raises:
        CheckFailed: no key fits, or the signature is not its.
        ProviderUnreachable: the keys cannot be fetched and no copy is kept.
    """
    document = context.http.document(jwks_uri)
    try:
        return _verify(context, document, id_token, header)
    except CheckFailed:
        newer = context.http.document(jwks_uri, newer_than=document.fetched_at)
        if newer.fetched_at <= document.fetched_at:
            raise
    return _verify(context, newer, id_token, header)


def _verify(context: AdapterContext, document: Document, id_token: str, header: UnverifiedHeader) -> dict[str, Any]:
    keys = parsed_once(context.cache, "jwks", document.body, parse_jwks)
    chosen = select_key(keys, header.kid, header.alg)
    payload = _signed_payload(id_token, chosen, header.alg)
    try:
        return parse_json_object(payload)
    except ValueError as error:
        raise CheckFailed("id-token-malformed", detail="the payload is not a JSON object") from error


def _signed_payload(id_token: str, chosen: VerificationKey, alg: str) -> bytes:
    registry = JWSRegistry(algorithms=[alg], strict_check_header=False)  # unknown members are legal (RFC 7515 4)
    registry.max_header_length = MAX_ID_TOKEN  # a certificate chain in the header is ignored, and legal too
    try:
        return deserialize_compact(id_token, chosen.key, registry=registry).payload
    except (JoseError, ValueError, TypeError) as error:
        raise CheckFailed(
            "signature-invalid", detail=f"not signed by key {chosen.kid}: {type(error).__name__}"
        ) from error


def _decode(segment: str) -> bytes:
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
