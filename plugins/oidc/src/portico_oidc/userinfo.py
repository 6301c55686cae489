"""Claims from the userinfo endpoint, believed only about the person of the ID token.

Spec: OpenID Connect Core 5.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portico_oidc.json_object import parse_json_object
from portico_oidc.reasons import CheckFailed, unreachable
from portico_sdk import AdapterContext

#: Claims that only mean something together: both come from one source.
_EMAIL = ("email", "email_verified")


def fetch_userinfo(context: AdapterContext, endpoint: str, access_token: str, sub: str) -> dict[str, Any]:
    """Return the provider's claims about `sub`.

    Raises:
        ProviderUnreachable: no answer, or not a JSON object. Going on without would turn "unknown" into "no groups".
        CheckFailed: it is about somebody else (Core 5.3.2).
    """
    headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
    response = context.http.request("GET", endpoint, headers=headers)
    if response.status != 200:
        raise unreachable("userinfo-refused", f"status {response.status}")
    content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        raise unreachable("userinfo-malformed", f"content type {content_type[:80]!r}")
    try:
        claims = parse_json_object(response.body)
    except ValueError as error:
        raise unreachable("userinfo-malformed", "the answer is not a JSON object") from error
    received = claims.get("sub")
    if not isinstance(received, str) or received != sub:
        raise CheckFailed("userinfo-sub", expected=sub, received=received)
    return claims


def merge(id_token: Mapping[str, Any], userinfo: Mapping[str, Any]) -> dict[str, Any]:
    """Return the claims of both; what is signed wins, and e-mail address and its verification come from one source."""
    merged = {**userinfo, **id_token}
    source = id_token if id_token.get("email") else userinfo if userinfo.get("email") else id_token
    for name in _EMAIL:
        merged.pop(name, None)
        if source.get(name) is not None:
            merged[name] = source[name]
    return merged
