"""The authorization endpoint: what is read from the request, and what has to be true before anything is redirected."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from portico_simulator.applications import OidcApplication
from portico_simulator.idp import Idp
from portico_simulator.login import Session
from portico_simulator.oidc.errors import OAuthError, describe
from portico_simulator.pages import ShownToPerson
from portico_simulator.profiles import OidcProfile

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A request whose client and redirect URI are known. Nothing else in it was checked by its type."""

    application: OidcApplication
    redirect_uri: str
    state: str | None
    response_mode: str
    scopes: frozenset[str]
    nonce: str | None
    code_challenge: str | None
    prompt: frozenset[str]
    max_age_s: int | None
    login_hint: str | None
    resource: str | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """What a code stands for. `until` is when it ends."""

    request: AuthorizationRequest
    session: Session
    until: datetime


def find_return(idp: Idp[OidcProfile], values: MultiDict[str, str]) -> tuple[OidcApplication, str]:
    """Return the application and the exact registered URI to answer to; anything wrong there is shown, not redirected.

    Spec: RFC 6749 4.1.2.1, RFC 9700 2.1.
    """
    application = idp.find_oidc_application(values.get("client_id", ""))
    if application is None:
        error = OAuthError("unauthorized_client", "No application with this client ID was found in the directory.")
        raise ShownToPerson(describe(idp, error, idp.clock()))
    redirect_uri = values.get("redirect_uri", "")
    uris = values.getlist("redirect_uri")
    if len(uris) != 1 or redirect_uri not in application.redirect_uris:
        error = OAuthError(
            "invalid_request", "The redirect URI of the request is not one of the application's.", "redirect_uri"
        )
        raise ShownToPerson(describe(idp, error, idp.clock()))
    return application, redirect_uri


def check_request(application: OidcApplication, redirect_uri: str, values: MultiDict[str, str]) -> AuthorizationRequest:
    """Return the request if it is a code request for `openid` in which nothing is repeated. Raises OAuthError."""
    for name in values:
        if len(values.getlist(name)) > 1:
            raise OAuthError("invalid_request", f"The parameter {name} was sent more than once.")
    if values.get("response_type") != "code":
        raise OAuthError("unsupported_response_type", "Only the response type code is enabled.")
    scopes = frozenset(values.get("scope", "").split())
    if "openid" not in scopes:
        raise OAuthError("invalid_scope", "The scope openid is required.")
    prompt = frozenset(values.get("prompt", "").split())
    if "none" in prompt and len(prompt) > 1:
        raise OAuthError("invalid_request", "prompt=none stands alone.")
    if values.get("request") or values.get("request_uri"):
        raise OAuthError("request_not_supported", "Request objects are not supported.")
    return AuthorizationRequest(
        application=application,
        redirect_uri=redirect_uri,
        state=values.get("state"),
        response_mode=_response_mode(values.get("response_mode", "query")),
        scopes=scopes,
        nonce=values.get("nonce"),
        code_challenge=_code_challenge(values),
        prompt=prompt,
        max_age_s=_max_age(values.get("max_age")),
        login_hint=values.get("login_hint"),
        resource=values.get("resource"),
    )


def is_fresh(request: AuthorizationRequest, session: Session, now: datetime) -> bool:
    """Tell whether the session satisfies `prompt` and `max_age` (OIDC Core 3.1.2.1)."""
    if request.prompt & {"login", "select_account"}:
        return False
    age_s = (now - session.authenticated_at).total_seconds()
    return request.max_age_s is None or age_s < request.max_age_s


def _response_mode(mode: str) -> str:
    if mode not in ("query", "form_post"):
        raise OAuthError("invalid_request", "This response mode is not supported.")
    return mode


def _code_challenge(values: MultiDict[str, str]) -> str | None:
    challenge = values.get("code_challenge")
    if challenge is None:
        return None
    if values.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge):
        raise OAuthError("invalid_request", "The code challenge must be an S256 challenge.")
    return challenge


def _max_age(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise OAuthError("invalid_request", "max_age must be a number of seconds.")
    return int(text)
