"""What a tenant of the stand-in is configured with: its one connection, its applications, its organizations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

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

AuthMethod = Literal["client_secret_post", "private_key_jwt"]
ID_TOKEN_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "ES256", "ES384")


@dataclass(frozen=True, slots=True)
class UpstreamParam:
    """A parameter sent upstream: a fixed value, or what the application sent under the alias."""

    alias: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class UpstreamConnection:
    """The enterprise connection (strategy `oidc`, type `back_channel`).

    Args:
        name: third part of nothing, second part of every user id: `oidc|NAME|sub`.
        send_nonce: `send_back_channel_nonce`.
        pkce: `auto` uses S256 exactly when the discovery document advertises it.
        private_key_pem: signs client assertions when the method is private_key_jwt.
        assertion_audience: `token_endpoint` or `issuer`.
        mapping_mode: `use_map` turns lists into comma-separated text; `bind_all` keeps them.
        session_expiry_supported: a missing `session_expiry` claim then fails the login.
        domain_aliases: e-mail domains that identifier-first sends here.
    """

    name: str
    discovery_url: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    private_key_pem: str | None = field(default=None, repr=False)
    token_endpoint_auth_method: AuthMethod = "client_secret_post"  # noqa: S105 -- a name
    assertion_audience: Literal["token_endpoint", "issuer"] = "token_endpoint"
    scope: str = "openid profile email"
    send_nonce: bool = True
    pkce: Literal["auto", "S256", "disabled"] = "auto"
    algorithms: tuple[str, ...] = ("RS256",)
    upstream_params: Mapping[str, UpstreamParam] = field(default_factory=dict)
    mapping_mode: Literal["use_map", "bind_all"] = "bind_all"
    session_expiry_supported: bool = False
    domain_aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Application:
    """An application of the tenant."""

    name: str
    client_id: str
    client_secret: str = field(repr=False)
    callbacks: tuple[str, ...] = ()
    logout_urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Organization:
    """An Auth0 organization. `portico_org` is its metadata: which customer of Portico it stands for."""

    id: str
    name: str
    portico_org: str | None = None


@dataclass(frozen=True, slots=True)
class Tenant:
    """A tenant. `base_url` is its domain, without a trailing slash; its issuer has one."""

    base_url: str
    connection: UpstreamConnection
    applications: tuple[Application, ...]
    organizations: tuple[Organization, ...] = ()

    @property
    def issuer(self) -> str:
        """The issuer of the tenant's own tokens."""
        return f"{self.base_url}/"

    @property
    def callback_url(self) -> str:
        """The redirect URI that the upstream provider knows."""
        return f"{self.base_url}/login/callback"

    def find_application(self, client_id: str | None) -> Application | None:
        """Return the application with this client id."""
        return next((entry for entry in self.applications if entry.client_id == client_id), None)

    def find_organization(self, id_or_name: str) -> Organization | None:
        """Return the organization with this id or name."""
        return next((entry for entry in self.organizations if id_or_name in (entry.id, entry.name)), None)


def parse_tenant(raw: Mapping[str, Any]) -> Tenant:
    """Return the typed tenant. Raises ValueError, KeyError or TypeError that say what is wrong."""
    connection = dict(raw["connection"])
    params = {name: UpstreamParam(**entry) for name, entry in connection.get("upstream_params", {}).items()}
    for name, param in params.items():
        if (param.alias is None) == (param.value is None):
            raise ValueError(f"upstream_params.{name}: an alias or a value")
        if param.alias is not None and param.alias not in ALIASES:
            raise ValueError(f"upstream_params.{name}: {param.alias} cannot be forwarded")
    connection["upstream_params"] = params
    for name in ("algorithms", "domain_aliases"):
        if name in connection:
            connection[name] = tuple(connection[name])
    if not set(connection.get("algorithms", ())) <= set(ID_TOKEN_ALGORITHMS):
        raise ValueError("algorithms: not one of the tenant's")
    if "openid" not in connection.get("scope", "openid").split():
        raise ValueError("scope: must include openid")
    return Tenant(
        base_url=raw["base_url"].rstrip("/"),
        connection=UpstreamConnection(**connection),
        applications=tuple(_application(entry) for entry in raw["applications"]),
        organizations=tuple(Organization(**entry) for entry in raw.get("organizations", ())),
    )


def _application(raw: Mapping[str, Any]) -> Application:
    fields = dict(raw)
    for name in ("callbacks", "logout_urls"):
        fields[name] = tuple(fields.get(name, ()))
    return Application(**fields)
