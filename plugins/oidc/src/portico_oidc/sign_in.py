"""One sign-in at an OpenID provider: where the browser goes, and what its answer is worth.

Spec: OpenID Connect Core 3.1 (authorization code flow), RFC 7636 (PKCE), RFC 9207 (issuer identification).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from portico_oidc.asked import Asked, parse_state
from portico_oidc.checks import ANSWER_CHECKS, CLAIM_CHECKS, RETURN_CHECKS, noted, run
from portico_oidc.code_flow import CodeFlow, choose_auth_method, redeem_code
from portico_oidc.discovery import load_provider
from portico_oidc.facts import Answered, Returned, Signed
from portico_oidc.id_token import parse_header, verify_signature
from portico_oidc.identity import external_identity
from portico_oidc.logout import offers_logout
from portico_oidc.policy import OidcPolicy
from portico_oidc.userinfo import fetch_userinfo
from portico_sdk import AdapterContext, BeginRequest, BeginResult, Callback, ExternalIdentity, Redirect

_MAX_HINT = 320
_PROMPTS = ("login", "select_account", "consent")


def begin(policy: OidcPolicy, context: AdapterContext, request: BeginRequest) -> BeginResult:
    """Return the authorization request, and what its answer has to fit. Raises SignInRefused."""
    provider = load_provider(context, policy.issuer_spellings)
    choose_auth_method(context.settings.get("token_endpoint_auth_method"), provider)
    prompts = _prompts(context.settings.get("prompt"), request)
    asked = Asked(
        handle=request.handle,
        nonce=_secret(context),
        code_verifier=_secret(context),
        issuer=provider.issuer,
        client_id=context.settings["client_id"],
        redirect_uri=context.service_provider.redirect_uri,
        asked_at=context.now,
        max_age_s=request.max_age_s,
        reauthenticate="login" in request.prompt,
    )
    parameters = {
        "scope": " ".join(context.settings["scopes"]),
        "state": asked.handle,
        "nonce": asked.nonce,
        "prompt": " ".join(prompts),
        "max_age": "" if request.max_age_s is None else str(request.max_age_s),
        "login_hint": _hint(request.login_hint),
        "ui_locales": _hint(request.ui_locales),
        **_configured(policy, context.settings),
    }
    if context.settings["response_mode"] == "form_post":
        parameters["response_mode"] = "form_post"
    flow = CodeFlow(asked.client_id, asked.redirect_uri)
    given = {name: value for name, value in parameters.items() if value}
    url = flow.request_url(provider.authorization_endpoint, given, asked.code_verifier)
    return BeginResult(action=Redirect(url), state=asked.to_state())


def complete(policy: OidcPolicy, context: AdapterContext, callback: Callback) -> ExternalIdentity:
    """Return the identity that the provider proved, after every check in the order of this page.

    Raises SignInRefused.
    """
    settings = context.settings
    run(context, RETURN_CHECKS, Returned(callback, settings, context.service_provider.redirect_uri))
    asked = parse_state(callback.state)
    with noted(context, "discovery"):
        provider = load_provider(context, policy.issuer_spellings)
    run(context, ANSWER_CHECKS, Answered(callback, provider))
    with noted(context, "token"):
        tokens = redeem_code(context, provider, asked, callback.single("code") or "")
    id_token, access_token = tokens["id_token"], tokens["access_token"]
    with noted(context, "header"):
        header = parse_header(id_token, settings["id_token_signed_response_algs"])
    with noted(context, "signature"):
        claims = verify_signature(context, provider.jwks_uri, id_token, header)
    skew = timedelta(seconds=settings["clock_skew_s"])
    facts = Signed(claims, header.alg, access_token, asked, context.now, skew, settings, policy)
    run(context, CLAIM_CHECKS, facts)
    userinfo: dict[str, Any] = {}
    if settings["fetch_userinfo"] and provider.userinfo_endpoint:
        with noted(context, "userinfo"):
            userinfo = fetch_userinfo(context, provider.userinfo_endpoint, access_token, claims["sub"])
    with noted(context, "identity"):
        identity = external_identity(facts, userinfo)
    # only for the provider's own logout endpoint, which may want to see it
    return replace(identity, logout_state={"id_token": id_token}) if offers_logout(context, provider) else identity


def _secret(context: AdapterContext) -> str:
    """Return 256 random bits as 43 characters, as RFC 7636 4.1 recommends."""
    return base64.urlsafe_b64encode(context.random(32)).rstrip(b"=").decode()


def _prompts(configured: str | None, request: BeginRequest) -> tuple[str, ...]:
    wanted = {*request.prompt, configured}
    return tuple(prompt for prompt in _PROMPTS if prompt in wanted)


def _hint(value: str | None) -> str:
    """Return what may be passed on; what is no plain text is dropped, for it is a hint only."""
    return value if value and len(value) <= _MAX_HINT and value.isprintable() else ""


def _configured(policy: OidcPolicy, settings: Mapping[str, Any]) -> dict[str, str]:
    values = {name: settings.get(setting) for name, setting in policy.parameters.items()}
    for name in policy.single_parameters:
        chosen = list(values.get(name) or ())
        values[name] = chosen[0] if len(chosen) == 1 else None
    return {name: value if isinstance(value, str) else " ".join(value) for name, value in values.items() if value}
