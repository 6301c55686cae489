"""The token endpoint: who asks, with which code, and whether the code was issued for exactly that."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from portico_simulator.applications import OidcApplication
from portico_simulator.idp import Idp
from portico_simulator.memory import Shelf
from portico_simulator.oidc.authorize import Grant
from portico_simulator.oidc.client_assertion import verify_client_assertion
from portico_simulator.oidc.errors import OAuthError
from portico_simulator.profiles import OidcProfile

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@dataclass(frozen=True, slots=True)
class Credentials:
    """A client id and secret as presented, unverified."""

    client_id: str
    client_secret: str
    method: str


def read_credentials(authorization: str | None, form: MultiDict[str, str]) -> Credentials:
    """Return what the client presented, by one method only (RFC 6749 2.3.1). Raises OAuthError."""
    if authorization:
        if "client_secret" in form:
            raise OAuthError("invalid_request", "The client authenticated in two ways.")
        try:
            scheme, _, encoded = authorization.partition(" ")
            text = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, ValueError) as error:
            raise OAuthError("invalid_client", "The Authorization header cannot be read.") from error
        client_id, colon, secret = text.partition(":")
        if scheme.lower() != "basic" or not colon:
            raise OAuthError("invalid_client", "The Authorization header cannot be read.")
        return Credentials(unquote_plus(client_id), unquote_plus(secret), "client_secret_basic")
    if not form.get("client_secret"):
        raise OAuthError("invalid_client", "The request has no client secret.", "client_secret_missing")
    return Credentials(form.get("client_id", ""), form["client_secret"], "client_secret_post")


def authenticate(idp: Idp[OidcProfile], authorization: str | None, form: MultiDict[str, str]) -> OidcApplication:
    """Return the application that proved itself, by one method that vendor and registration take. Raises OAuthError."""
    if "client_assertion" in form:
        if authorization or "client_secret" in form:
            raise OAuthError("invalid_request", "The client authenticated in two ways.")
        application = verify_client_assertion(idp, form)
        _check_method(idp, application, "private_key_jwt")
        return application
    return _authenticate_by_secret(idp, read_credentials(authorization, form))


def _authenticate_by_secret(idp: Idp[OidcProfile], credentials: Credentials) -> OidcApplication:
    application = idp.find_oidc_application(credentials.client_id)
    known = application.client_secret if application else ""
    matches = hmac.compare_digest(known.encode(), credentials.client_secret.encode())
    if application is None or not matches:
        raise OAuthError("invalid_client", "The client secret is not right.")
    _check_method(idp, application, credentials.method)
    return application


def _check_method(idp: Idp[OidcProfile], application: OidcApplication, method: str) -> None:
    if method not in (application.auth_methods or idp.profile.auth_methods):
        raise OAuthError("invalid_client", "The client may not authenticate in this way.")


def redeem(
    codes: Shelf[Grant], idp: Idp[OidcProfile], application: OidcApplication, form: MultiDict[str, str]
) -> Grant:
    """Return what the code stands for, once; only to its own client, redirect URI and verifier. Raises OAuthError."""
    if form.get("grant_type") != "authorization_code":
        raise OAuthError("unsupported_grant_type", "Only authorization codes are redeemed here.")
    grant = codes.consume(form.get("code"))
    if grant is None:
        raise OAuthError("invalid_grant", "The code is unknown or was redeemed before.", "code_reused")
    if grant.until <= idp.now():
        raise OAuthError("invalid_grant", "The code has expired.", "code_expired")
    request = grant.request
    if request.application.client_id != application.client_id or request.redirect_uri != form.get("redirect_uri"):
        raise OAuthError("invalid_grant", "The code was issued for another client or address.", "code_unknown")
    _check_verifier(request.code_challenge, form.get("code_verifier"))
    return grant


def _check_verifier(challenge: str | None, verifier: str | None) -> None:
    """Spec: RFC 7636 4.6; a verifier without a challenge is a downgrade (RFC 9700 4.8.2)."""
    if challenge is None and verifier is None:
        return
    if challenge is None or verifier is None or not _VERIFIER.fullmatch(verifier):
        raise OAuthError("invalid_grant", "The code verifier does not fit.", "code_verifier")
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    if not hmac.compare_digest(digest, challenge):
        raise OAuthError("invalid_grant", "The code verifier does not fit.", "code_verifier")
