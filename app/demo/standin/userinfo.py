"""The userinfo request upstream; most connections never make it."""

from __future__ import annotations

from typing import Any

from app.demo.loopback import LoopbackHttp, Unreachable
from app.demo.standin.failures import LoginFailed
from app.demo.standin.tenant.upstream import UpstreamConnection


def fetch_userinfo(http: LoopbackHttp, connection: UpstreamConnection, access_token: str, sub: str) -> dict[str, Any]:
    """Return the claims of the person whom the ID token proved. Raises LoginFailed.

    Spec: OIDC Core 5.3.2: the subjects are compared.
    """
    endpoint = connection.snapshot.metadata.get("userinfo_endpoint")
    if not endpoint:
        raise LoginFailed("userinfo_endpoint must be configured on the issuer")
    try:
        answer = http.request("GET", str(endpoint), headers={"Authorization": f"Bearer {access_token}"})
    except Unreachable as error:
        raise LoginFailed(f"userinfo endpoint: {error}", oauth_error="server_error") from error
    content_type = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    if answer.status != 200 or content_type != "application/json":
        raise LoginFailed('"response" is not a conform UserInfo Endpoint response')
    try:
        claims = answer.json()
    except ValueError as error:
        raise LoginFailed('failed to parse "response" body as JSON') from error
    if not isinstance(claims, dict) or claims.get("sub") != sub:
        found = claims.get("sub") if isinstance(claims, dict) else None
        raise LoginFailed(f"userinfo sub mismatch, expected {sub}, got: {found}")
    return claims
