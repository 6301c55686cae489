"""Discovery: what the provider says about itself, believed only where it agrees with the configured issuer.

Spec: OpenID Connect Discovery 1.0, sections 3 and 4.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from portico_oidc.json_object import parse_json_object
from portico_oidc.memory import parsed_once
from portico_oidc.reasons import CheckFailed, unreachable
from portico_oidc.settings import DISCOVERY_PATH
from portico_sdk import AdapterContext, SignInRefused

_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider whose endpoints were checked. What it does not publish is None."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    token_endpoint_auth_methods: tuple[str, ...] | None = None
    iss_parameter_supported: bool = False
    issuer_spellings: tuple[str, ...] = ()
    end_session_endpoint: str | None = None


def discovery_url(issuer: str) -> str:
    """Return where the issuer publishes its document (Discovery 4: a trailing slash goes first)."""
    return issuer.rstrip("/") + DISCOVERY_PATH


def load_provider(context: AdapterContext, spellings: Mapping[str, tuple[str, ...]] | None = None) -> Provider:
    """Return the connection's provider, from its discovery document or, without one, from the settings.

    Args:
        spellings: see `OidcPolicy.issuer_spellings`.

    Raises:
        ProviderUnreachable: the document cannot be fetched and no copy is kept.
        SignInRefused: it is not usable; the code says why.
    """
    settings = context.settings
    overrides = {name: settings[name] for name in (*_ENDPOINTS, "end_session_endpoint") if settings.get(name)}
    issuer = settings.get("issuer")
    if not issuer or not settings.get("client_id") or not settings.get("client_secret"):
        raise CheckFailed("settings-incomplete", detail="issuer, client_id or client_secret is absent")
    others = (spellings or {}).get(issuer, ())
    if all(name in overrides for name in _NEEDED):
        provider = Provider(issuer=issuer, issuer_spellings=others, **overrides)
    else:
        document = context.http.document(discovery_url(issuer))
        algorithms = settings["id_token_signed_response_algs"]
        parse = partial(parse_discovery, issuer=issuer, spellings=others, algorithms=algorithms)
        published = parsed_once(context.cache, "discovery", document.body, parse)
        provider = Provider(**{**published, **overrides})
    _check_endpoints(context, provider)
    return provider


def parse_discovery(
    body: bytes, *, issuer: str, algorithms: list[str], spellings: tuple[str, ...] = ()
) -> Mapping[str, Any]:
    """Return the members of Provider that the document gives. Raises SignInRefused."""
    try:
        document = parse_json_object(body)
    except ValueError as error:
        raise unreachable("discovery-malformed", f"the discovery document is not a JSON object: {error}") from error
    if document.get("issuer") not in spellings:
        _check_issuer(document.get("issuer"), issuer)
    for name in _NEEDED:
        if not isinstance(document.get(name), str):
            raise CheckFailed("discovery-malformed", detail=f"{name} is absent")
    if "code" not in (_names(document, "response_types_supported") or ("code",)):
        raise CheckFailed("code-flow-not-offered", expected="code", received=document["response_types_supported"])
    offered = _names(document, "id_token_signing_alg_values_supported")
    if offered is not None and not set(offered) & set(algorithms):
        raise CheckFailed("algorithm-not-offered", expected=" ".join(algorithms), received=" ".join(offered))
    userinfo, end_session = document.get("userinfo_endpoint"), document.get("end_session_endpoint")
    return {
        "issuer": issuer,
        "issuer_spellings": spellings,
        **{name: document[name] for name in _NEEDED},
        "userinfo_endpoint": userinfo if isinstance(userinfo, str) and userinfo else None,
        "end_session_endpoint": end_session if isinstance(end_session, str) and end_session else None,
        "token_endpoint_auth_methods": _names(document, "token_endpoint_auth_methods_supported"),
        "iss_parameter_supported": document.get("authorization_response_iss_parameter_supported") is True,
    }


def _check_issuer(published: object, issuer: str) -> None:
    if published == issuer:
        return
    code = "issuer-template" if isinstance(published, str) and "{" in published else "issuer-mismatch"
    raise CheckFailed(code, expected=issuer, received=published)


def _check_endpoints(context: AdapterContext, provider: Provider) -> None:
    """Hold every endpoint to the same rule, so that a bad one is named before a browser or a secret goes there."""
    for name in _ENDPOINTS:
        url = getattr(provider, name)
        if url is None:
            continue
        try:
            context.http.check_browser_url(url)
        except SignInRefused as error:
            raise CheckFailed("endpoint-refused", detail=f"{name}: {error.detail}") from error


def _names(document: Mapping[str, Any], member: str) -> tuple[str, ...] | None:
    value = document.get(member)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise CheckFailed("discovery-malformed", detail=f"{member} is not a list of strings")
    return tuple(value)
