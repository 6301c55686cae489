"""A connection as a login reads it: the stored options, typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from app.demo.standin.snapshot import Snapshot

AuthMethod = Literal["client_secret_post", "private_key_jwt"]
_ENDPOINTS = ("issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class UpstreamParam:
    """A parameter sent upstream: a fixed value, or what the application sent under the alias."""

    alias: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class UpstreamConnection:
    """The enterprise connection (strategy `oidc`, type `back_channel`).

    Args:
        name: second part of every user id: `oidc|NAME|sub`.
        snapshot: what was stored of the provider's discovery document.
        send_nonce: `send_back_channel_nonce`.
        pkce: `auto` uses S256 exactly when the discovery document advertises it.
        private_key_pem: signs client assertions when the method is private_key_jwt.
        assertion_audience: `token_endpoint` or `issuer`.
        mapping_mode: `use_map` turns lists into comma-separated text; `bind_all` keeps them.
        mapped: attribute to template, such as `${context.tokenset.email}`; counts in `use_map` only.
        root_attributes: when a login writes name and picture to the profile: `set_user_root_attributes`.
        non_persistent: attributes that are not stored.
        session_expiry_supported: a missing `session_expiry` claim then fails the login.
    """

    name: str
    client_id: str
    id: str = ""
    snapshot: Snapshot = field(default_factory=lambda: Snapshot({}))
    type: Literal["back_channel", "front_channel"] = "back_channel"
    client_secret: str | None = field(default=None, repr=False)
    private_key_pem: str | None = field(default=None, repr=False)
    token_endpoint_auth_method: AuthMethod = "client_secret_post"  # noqa: S105 -- a name
    assertion_audience: Literal["token_endpoint", "issuer"] = "token_endpoint"
    scope: str = "openid profile email"
    send_nonce: bool = True
    pkce: Literal["auto", "S256", "plain", "disabled"] = "auto"
    algorithms: tuple[str, ...] = ("RS256",)
    upstream_params: Mapping[str, UpstreamParam] = field(default_factory=dict)
    mapping_mode: Literal["use_map", "bind_all"] = "bind_all"
    mapped: Mapping[str, str] = field(default_factory=dict)
    root_attributes: str = "on_each_login"
    non_persistent: tuple[str, ...] = ()
    session_expiry_supported: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)


def read_upstream(
    record: Mapping[str, Any],
    private_key_pem: str | None,
    default_type: Literal["back_channel", "front_channel"],
    default_algorithms: tuple[str, ...],
) -> UpstreamConnection:
    """Return the typed form of a stored `oidc` connection: defaults are those of a tenant, not the recommended ones."""
    options = record["options"]
    written = {name: options[name] for name in _ENDPOINTS if options.get(name)}
    params = options.get("upstream_params") or {}
    return UpstreamConnection(
        id=record["id"],
        name=record["name"],
        client_id=options["client_id"],
        snapshot=Snapshot(dict(options.get("oidc_metadata") or {}) | written),
        type=options.get("type", default_type),
        client_secret=options.get("client_secret"),
        private_key_pem=private_key_pem,
        token_endpoint_auth_method=options.get("token_endpoint_auth_method", "client_secret_post"),
        assertion_audience=options.get("token_endpoint_jwtca_aud_format", "token_endpoint"),
        scope=options.get("scope", "openid profile email"),
        send_nonce=options.get("send_back_channel_nonce", False),
        pkce=options.get("connection_settings", {}).get("pkce", "auto"),
        algorithms=tuple(options.get("id_token_signed_response_algs") or default_algorithms),
        upstream_params={name: UpstreamParam(**entry) for name, entry in params.items()},
        mapping_mode=options.get("attribute_map", {}).get("mapping_mode", "use_map"),
        mapped=dict(options.get("attribute_map", {}).get("attributes") or {}),
        root_attributes=options.get("set_user_root_attributes", "on_each_login"),
        non_persistent=tuple(options.get("non_persistent_attrs") or ()),
        session_expiry_supported=options.get("id_token_session_expiry_supported", False),
        metadata=dict(record.get("metadata") or {}),
    )
