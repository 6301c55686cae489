"""What the connection in Auth0 has to be: the one source of what is sent, printed and compared.

Only what is named here is ours. Everything else in the connection's `options`, which a PATCH replaces as a whole, belongs
to whoever put it there and goes back as it came.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

STRATEGY = "oidc"
MANAGED_BY = "portico"
DISPLAY_NAME = "Single Sign-On"

#: Parameters of an application's request that go upstream, each under its own name. Anything else Auth0 keeps to itself.
FORWARDED = ("login_hint", "acr_values", "prompt", "max_age", "ui_locales")

#: Options that must not be there: with them Auth0 asks for what Portico does not do, or refuses sign-ins without a bound.
UNWANTED = ("dpop_signing_alg", "enable_pushed_authorization_requests", "id_token_session_expiry_supported")

#: What Auth0 copied from our discovery document when the connection was saved; it never looks again by itself.
COPIED = ("issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")

#: What it acts on of the whole document; a member that it only keeps may be as old as it likes.
ACTED_ON = (
    *COPIED,
    "end_session_endpoint",
    "response_types_supported",
    "id_token_signing_alg_values_supported",
    "token_endpoint_auth_methods_supported",
    "token_endpoint_auth_signing_alg_values_supported",
    "code_challenge_methods_supported",
    "authorization_response_iss_parameter_supported",
)


@dataclass(frozen=True, slots=True)
class WantedConnection:
    """What decides the connection. `client_secret` None: it signs with a key of its own, or the secret stays as it is."""

    issuer: str
    name: str
    client_id: str
    auth_method: str
    claims_namespace: str
    client_secret: str | None = field(default=None, repr=False)

    @property
    def discovery_url(self) -> str:
        """Where Auth0 reads our discovery document."""
        return f"{self.issuer}/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as it should be. Values are fit to be shown: no secrets.

    Args:
        path: where, such as `options.send_back_channel_nonce`.
        wanted, found: JSON values; None where there is nothing.
    """

    path: str
    wanted: Any
    found: Any


def wanted_options(wanted: WantedConnection) -> dict[str, Any]:
    """Return the options that are ours, without a client secret."""
    return {
        "type": "back_channel",
        "discovery_url": wanted.discovery_url,
        "client_id": wanted.client_id,
        "scope": "openid profile email",
        "token_endpoint_auth_method": wanted.auth_method,
        "id_token_signed_response_algs": ["RS256"],
        "send_back_channel_nonce": True,
        "connection_settings": {"pkce": "S256"},
        "attribute_map": {"mapping_mode": "bind_all"},
        "upstream_params": {name: {"alias": name} for name in FORWARDED},
        "set_user_root_attributes": "on_each_login",
    }


def wanted_members(wanted: WantedConnection) -> dict[str, Any]:
    """Return what is ours beside the options."""
    return {
        "show_as_button": False,
        "metadata": {"managed_by": MANAGED_BY, "claims_namespace": wanted.claims_namespace},
    }


def new_connection(wanted: WantedConnection) -> dict[str, Any]:
    """Return the body of `POST /api/v2/connections`."""
    options = wanted_options(wanted)
    if wanted.client_secret is not None:
        options["client_secret"] = wanted.client_secret
    return {
        "name": wanted.name,
        "strategy": STRATEGY,
        "display_name": DISPLAY_NAME,
        "is_domain_connection": False,
        **wanted_members(wanted),
        "options": options,
    }


def changed_connection(stored: Mapping[str, Any], wanted: WantedConnection, *, read_again: bool) -> dict[str, Any]:
    """Return the body of `PATCH /api/v2/connections/{id}`: everything that was there, and what is ours as it should be.

    Args:
        stored: the whole connection, `options` included.
        read_again: leave out what Auth0 copied of our discovery document, so that it reads the document anew.
    """
    options = merge(stored.get("options") or {}, wanted_options(wanted))
    for name in (*UNWANTED, *((*COPIED, "oidc_metadata") if read_again else ())):
        options.pop(name, None)
    if wanted.client_secret is not None:
        options["client_secret"] = wanted.client_secret
    body = {
        "display_name": stored.get("display_name") or DISPLAY_NAME,  # left out, Auth0 sets it to the name
        "options": options,
        **merge({"metadata": stored.get("metadata") or {}}, wanted_members(wanted)),
    }
    return {name: body[name] for name in ("display_name", "show_as_button", "metadata", "options")}


def merge(stored: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
    """Return `stored` with ours in it: objects member by member, anything else as a whole.

    A forwarded parameter is a whole: `{"value": ...}` beside our alias would be neither.
    """
    merged = deepcopy(dict(stored))
    for name, value in ours.items():
        inside = merged.get(name)
        if isinstance(value, Mapping) and isinstance(inside, Mapping) and set(value) != {"alias"}:
            merged[name] = merge(inside, value)
        else:
            merged[name] = deepcopy(value)
    return merged


def find_differences(stored: Mapping[str, Any], wanted: WantedConnection) -> tuple[Difference, ...]:
    """Return where a stored connection is not as it should be, its client secret and what Auth0 copied apart."""
    options = stored.get("options") or {}
    found = [*_compare(wanted_members(wanted), stored, ""), *_compare(wanted_options(wanted), options, "options.")]
    found += [Difference(f"options.{name}", None, options[name]) for name in UNWANTED if options.get(name)]
    if (stored.get("authentication") or {}).get("active") is False:
        found.append(Difference("authentication.active", True, False))
    return tuple(found)


def find_copied_differences(stored: Mapping[str, Any], discovery: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return where what Auth0 copied of our discovery document, and acts on, is not what the document says today."""
    options = stored.get("options") or {}
    found = list(_compare({name: discovery[name] for name in COPIED}, options, "options."))
    copied = options.get("oidc_metadata")
    if not isinstance(copied, Mapping) or not copied:
        return (*found, Difference("options.oidc_metadata", "our discovery document", None))
    return (*found, *_compare({name: discovery[name] for name in ACTED_ON}, copied, "options.oidc_metadata."))


def list_old_members(stored: Mapping[str, Any], discovery: Mapping[str, Any]) -> list[str]:
    """Return the members of our discovery document that Auth0 has as they were once, and does not act on."""
    copied = (stored.get("options") or {}).get("oidc_metadata")
    there = copied if isinstance(copied, Mapping) else {}
    return [name for name in discovery if name not in ACTED_ON and not _same(discovery[name], there.get(name))]


def _compare(wanted: Mapping[str, Any], stored: Mapping[str, Any], path: str) -> Iterator[Difference]:
    for name, value in wanted.items():
        there = stored.get(name)
        if isinstance(value, Mapping) and isinstance(there, Mapping) and set(value) != {"alias"}:
            yield from _compare(value, there, f"{path}{name}.")
        elif not _same(value, there):
            yield Difference(f"{path}{name}", value, there)


def _same(wanted: Any, there: Any) -> bool:
    """Scopes are a set, in text; Auth0 may give them back in another order. What is off may be absent."""
    if wanted is False:
        return there is False or there is None
    if isinstance(wanted, str) and isinstance(there, str) and " " in wanted:
        return sorted(wanted.split()) == sorted(there.split())
    return bool(wanted == there)
