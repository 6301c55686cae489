"""The checks of an authorization request, in order. The order is a security property, and it is all on this screen.

Until client and redirect URI are proven nothing may be redirected (RFC 9700 4.11); after that, errors go to the client.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from app.access import RegisteredClient
from app.provider.errors import NotRedirectable, Redirectable
from app.provider.requests import AuthorizationRequest, UnverifiedRequest

MAX_VALUE = 4096
MAX_AGE_S = 10**9
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
PROMPTS = frozenset({"none", "login", "consent", "select_account"})
RESPONSE_MODES = ("query", "form_post")
SCOPES = ("openid", "profile", "email")

Check = Callable[[UnverifiedRequest], None]


def verify_authorization_request(
    request: UnverifiedRequest, find_client: Callable[[str], RegisteredClient | None]
) -> AuthorizationRequest:
    """Return the request as verified; `request.client` is set once the client is known.

    Raises:
        NotRedirectable: client or redirect URI are not proven.
        Redirectable: anything else.

    Spec: OIDC Core 3.1.2.2, RFC 6749 4.1.1, RFC 7636 4.3, RFC 9700 2.1.
    """
    _find_client(request, find_client)
    for check in (*CHECKS_BEFORE_REDIRECT, *CHECKS):
        check(request)
    return _verified(request)


def check_client_known(request: UnverifiedRequest) -> None:
    """RFC 6749 4.1.2.1: an unknown or disabled client is told nothing by redirect."""
    if request.client is None or request.client.status != "active":
        raise NotRedirectable(f"unknown client {str(request.one('client_id'))[:60]!r}", code="client-unknown")


def check_redirect_uri(request: UnverifiedRequest) -> None:
    """RFC 9700 2.1: exact string comparison, and sent exactly once."""
    values = request.parameters.get("redirect_uri", ())
    if len(values) != 1:
        raise NotRedirectable(f"redirect_uri was sent {len(values)} times", code="redirect-uri-missing")
    assert request.client is not None
    if values[0] not in request.client.redirect_uris:
        raise NotRedirectable(f"{values[0][:200]!r} is not registered", code="redirect-uri-unregistered")


def check_response_mode(request: UnverifiedRequest) -> None:
    """OAuth 2.0 Multiple Response Types 2.1. First of those that redirect: it says how to."""
    if request.one("response_mode") not in (None, *RESPONSE_MODES):
        raise Redirectable("invalid_request", "response_mode must be query or form_post.")


def check_parameters_once(request: UnverifiedRequest) -> None:
    """RFC 6749 3.1: parameters MUST NOT be included more than once."""
    for name, values in request.parameters.items():
        if len(values) > 1:
            raise Redirectable("invalid_request", "A parameter was sent more than once.", name[:60])


def check_parameter_text(request: UnverifiedRequest) -> None:
    """No control characters, nothing that was not UTF-8, nothing longer than 4,096 characters."""
    for name, values in request.parameters.items():
        for value in values:
            if len(value) > MAX_VALUE or "\N{REPLACEMENT CHARACTER}" in value or not value.isprintable():
                raise Redirectable("invalid_request", "A parameter has characters that cannot be used.", name[:60])


def check_request_objects(request: UnverifiedRequest) -> None:
    """OIDC Core 6.1, 6.2, 7.2.1: not supported, and `request_uri` is never fetched."""
    for name in ("request", "request_uri", "registration"):
        if request.one(name) is not None:
            raise Redirectable(f"{name}_not_supported", f"The parameter {name} is not supported.")


def check_response_type(request: UnverifiedRequest) -> None:
    """OIDC Core 3.1.2.1: the code flow, nothing else (RFC 9700 2.1.2)."""
    response_type = request.one("response_type")
    if response_type is None:
        raise Redirectable("invalid_request", "response_type is missing.")
    if response_type != "code":
        raise Redirectable("unsupported_response_type", "Only response_type=code is supported.")


def check_scope(request: UnverifiedRequest) -> None:
    """OIDC Core 3.1.2.1: `openid` MUST be there; scopes we do not know are ignored."""
    if "openid" not in (request.one("scope") or "").split():
        raise Redirectable("invalid_scope", "The scope must contain openid.")


def check_code_challenge(request: UnverifiedRequest) -> None:
    """RFC 7636 4.3, RFC 9700 2.1.1: S256 only; required where the client says so."""
    challenge, method = request.one("code_challenge"), request.one("code_challenge_method")
    assert request.client is not None
    if challenge is None:
        if method is not None or request.client.require_pkce:
            raise Redirectable("invalid_request", "code_challenge is missing.")
    elif method != "S256":
        raise Redirectable("invalid_request", "code_challenge_method must be S256.")
    elif not _CHALLENGE.fullmatch(challenge):
        raise Redirectable("invalid_request", "code_challenge is malformed.")


def check_prompt(request: UnverifiedRequest) -> None:
    """OIDC Core 3.1.2.1: `none` stands alone."""
    prompts = (request.one("prompt") or "").split()
    if not PROMPTS.issuperset(prompts) or ("none" in prompts and len(prompts) > 1):
        raise Redirectable("invalid_request", "prompt has values that cannot be used.")


def check_max_age(request: UnverifiedRequest) -> None:
    """OIDC Core 3.1.2.1: seconds, not negative."""
    value = request.one("max_age")
    if value is not None and not (value.isascii() and value.isdigit() and len(value) <= 10):
        raise Redirectable("invalid_request", "max_age must be a number of seconds.")


CHECKS_BEFORE_REDIRECT: tuple[Check, ...] = (check_client_known, check_redirect_uri)

CHECKS: tuple[Check, ...] = (
    check_response_mode,
    check_parameters_once,
    check_parameter_text,
    check_request_objects,
    check_response_type,
    check_scope,
    check_code_challenge,
    check_prompt,
    check_max_age,
)


def _find_client(request: UnverifiedRequest, find_client: Callable[[str], RegisteredClient | None]) -> None:
    values = request.parameters.get("client_id", ())
    if len(values) == 1 and values[0].isprintable() and len(values[0]) <= 100:
        request.client = find_client(values[0])


def _verified(request: UnverifiedRequest) -> AuthorizationRequest:
    client, max_age = request.client, request.one("max_age")
    redirect_uri = request.one("redirect_uri")
    assert client is not None
    assert redirect_uri is not None
    allowed = client.allowed_organizations
    return AuthorizationRequest(
        client_id=client.id,
        allowed_organizations=None if allowed is None else tuple(allowed),
        redirect_uri=redirect_uri,
        response_mode=request.one("response_mode") or "query",
        scope=" ".join(s for s in (request.one("scope") or "").split() if s in SCOPES),
        state=request.one("state"),
        nonce=request.one("nonce"),
        code_challenge=request.one("code_challenge"),
        prompt=frozenset((request.one("prompt") or "").split()),
        max_age_s=None if max_age is None else min(int(max_age), MAX_AGE_S),
        login_hint=request.one("login_hint"),
        id_token_hint=request.one("id_token_hint"),
        ui_locales=request.one("ui_locales"),
    )
