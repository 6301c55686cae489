"""The options of an `oidc` connection: what the Management API takes, and what of it a login reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

#: The parameters of an application's request that `upstream_params` can name; anything else cannot be forwarded.
ALIASES = frozenset(
    {
        "acr_values",
        "audience",
        "client_id",
        "display",
        "id_token_hint",
        "login_hint",
        "max_age",
        "prompt",
        "resource",
        "response_mode",
        "response_type",
        "ui_locales",
    }
)
ID_TOKEN_ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "ES256", "ES384"})
MOST_DOMAINS = 1_000

_CHOICES: Mapping[str, frozenset[str]] = {
    "type": frozenset({"back_channel", "front_channel"}),
    "token_endpoint_auth_method": frozenset({"client_secret_post", "private_key_jwt"}),
    "token_endpoint_auth_signing_alg": ID_TOKEN_ALGORITHMS,
    "token_endpoint_jwtca_aud_format": frozenset({"token_endpoint", "issuer"}),
    "set_user_root_attributes": frozenset({"on_each_login", "on_first_login", "never_on_login"}),
}
_URLS = ("discovery_url", "issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
_FLAGS = ("send_back_channel_nonce", "id_token_session_expiry_supported")
_DOMAIN = re.compile(r"(?=.{1,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class WrongOptions(ValueError):
    """The options would not be stored. Its text names the property and what is wrong with it."""


def check_oidc_options(options: Mapping[str, Any]) -> None:
    """Raise WrongOptions for the first thing that a tenant does not take. Names it does not know are kept."""
    if not isinstance(options.get("client_id"), str) or not options["client_id"]:
        raise WrongOptions("options.client_id is required")
    for name, choices in _CHOICES.items():
        if name in options and options[name] not in choices:
            raise WrongOptions(f"options.{name} should be equal to one of: {', '.join(sorted(choices))}")
    for name in _FLAGS:
        if name in options and not isinstance(options[name], bool):
            raise WrongOptions(f"options.{name}: expected type boolean")
    for name in _URLS:
        _check_url(name, options.get(name))
    for check in _CHECKS:
        check(options)


def _check_url(name: str, value: object) -> None:
    if value is None:
        return
    if not isinstance(value, str) or not value.startswith(("https://", "http://")) or len(value) > 255:
        raise WrongOptions(f"options.{name} should be an https URL of at most 255 characters")


def _check_scope(options: Mapping[str, Any]) -> None:
    scope = options.get("scope", "openid")
    if not isinstance(scope, str) or "openid" not in scope.split():
        raise WrongOptions("options.scope must include openid")


def _check_upstream_params(options: Mapping[str, Any]) -> None:
    params = options.get("upstream_params") or {}
    if not isinstance(params, Mapping):
        raise WrongOptions("options.upstream_params: expected type object")
    for name, entry in params.items():
        if not isinstance(entry, Mapping) or len(entry) != 1 or set(entry) - {"alias", "value"}:
            raise WrongOptions(f"options.upstream_params.{name}: an alias or a value")
        if "alias" in entry and entry["alias"] not in ALIASES:
            raise WrongOptions(f"options.upstream_params.{name}: {entry['alias']} cannot be forwarded")
        if "value" in entry and not isinstance(entry["value"], str):
            raise WrongOptions(f"options.upstream_params.{name}.value: expected type string")


def _check_algorithms(options: Mapping[str, Any]) -> None:
    algorithms = options.get("id_token_signed_response_algs")
    if algorithms is None:
        return
    if not isinstance(algorithms, list) or not algorithms or not set(algorithms) <= ID_TOKEN_ALGORITHMS:
        raise WrongOptions("options.id_token_signed_response_algs: not one of the tenant's algorithms")


def _check_domains(options: Mapping[str, Any]) -> None:
    domains = options.get("domain_aliases", [])
    if not isinstance(domains, list) or not all(isinstance(name, str) for name in domains):
        raise WrongOptions("options.domain_aliases: expected an array of strings")
    if len(domains) > MOST_DOMAINS:
        raise WrongOptions(f"options.domain_aliases: array is too long ({len(domains)}), maximum {MOST_DOMAINS}")
    wrong = next((name for name in domains if not _DOMAIN.fullmatch(name.lower())), None)
    if wrong is not None:
        raise WrongOptions(f"options.domain_aliases: {wrong} is no domain")
    if len({name.lower() for name in domains}) < len(domains):
        raise WrongOptions("options.domain_aliases: array items are not unique")


def _check_mapping(options: Mapping[str, Any]) -> None:
    mapping = options.get("attribute_map", {})
    if not isinstance(mapping, Mapping) or mapping.get("mapping_mode", "use_map") not in ("use_map", "bind_all"):
        raise WrongOptions("options.attribute_map.mapping_mode should be equal to one of: use_map, bind_all")


def _check_pkce(options: Mapping[str, Any]) -> None:
    settings = options.get("connection_settings", {})
    pkce = settings.get("pkce", "auto") if isinstance(settings, Mapping) else None
    if pkce not in ("auto", "S256", "plain", "disabled"):
        raise WrongOptions("options.connection_settings.pkce should be equal to one of: auto, S256, plain, disabled")


_CHECKS: tuple[Callable[[Mapping[str, Any]], None], ...] = (
    _check_scope,
    _check_upstream_params,
    _check_algorithms,
    _check_domains,
    _check_mapping,
    _check_pkce,
)
