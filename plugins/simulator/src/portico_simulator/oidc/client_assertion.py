"""A client that proves itself by a signed JWT (RFC 7523 3, OIDC Core 9: private_key_jwt)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from portico_simulator.applications import OidcApplication
from portico_simulator.idp import Idp
from portico_simulator.oidc.errors import OAuthError
from portico_simulator.profiles import OidcProfile

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LONGEST = timedelta(hours=1)


def verify_client_assertion(idp: Idp[OidcProfile], form: MultiDict[str, str]) -> OidcApplication:
    """Return the application whose key signed the assertion, made out for this token endpoint and still valid.

    Does not remember `jti`: the same assertion is taken twice. Raises OAuthError.
    """
    application = idp.find_oidc_application(form.get("client_id", ""))
    if application is None or application.jwks is None or form.get("client_assertion_type") != TYPE:
        raise OAuthError("invalid_client", "The client assertion is not right.")
    try:
        keys = KeySet.import_key_set(dict(application.jwks))  # type: ignore[arg-type]  # as the registration gave it
        claims = jwt.decode(form.get("client_assertion", ""), keys, ["RS256", "ES256", "PS256"]).claims
    except (JoseError, ValueError) as error:
        raise OAuthError("invalid_client", "The client assertion is not right.") from error
    if not _fits(idp, application, claims):
        raise OAuthError("invalid_client", "The client assertion is not right.")
    return application


def _fits(idp: Idp[OidcProfile], application: OidcApplication, claims: dict[str, Any]) -> bool:
    audience = claims.get("aud")
    accepted = {idp.url(idp.profile.token_path), idp.fill(idp.profile.issuer)}
    named = set(audience) if isinstance(audience, list) else {audience}
    now, ends = idp.now().timestamp(), claims.get("exp")
    return (
        claims.get("iss") == claims.get("sub") == application.client_id
        and bool(accepted & named)
        and isinstance(ends, int | float)
        and now < ends <= now + _LONGEST.total_seconds()
        and bool(claims.get("jti"))
    )
