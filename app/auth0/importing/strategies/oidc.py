"""`oidc`: the same client at the customer's OpenID provider, with one more redirect URI."""

from __future__ import annotations

from typing import Any

from app.auth0.importing.claim_rules import read_attribute_map
from app.auth0.importing.existing import ExistingConnection
from app.auth0.importing.options import Options
from app.auth0.importing.proposal import Asked, LegacyIds, Proposal
from app.auth0.importing.strategies.credentials import (
    NOTHING,
    ask_for,
    carry_credentials,
    confirm_secret,
    own_registration,
    read_credentials,
    uses_own_key,
)
from portico_sdk import Clue

_DISCOVERY = "/.well-known/openid-configuration"
_CODE_FLOW = "allow it the authorization code flow, and give us a client secret: the implicit flow is used today."
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
_ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})


def judge_oidc(existing: ExistingConnection, asked: Asked) -> Proposal:
    """Return a draft of the provider's own adapter where its issuer is known, else of the generic one."""
    options = existing.options
    issuer = options.text("issuer") or options.text("discovery_url").removesuffix(_DISCOVERY)
    rules, lost = read_attribute_map(options, asked.attributes)
    implicit = options.text("type") == "front_channel" and not options.text("client_secret")
    shared = existing.name in asked.own_registrations and not uses_own_key(options)
    where = "At your OpenID provider"
    ask = ask_for(options, where)
    if implicit:
        ask = f"{ask[:-1]}, {_CODE_FLOW}"
    if shared and not implicit:
        ask = NOTHING
    return Proposal(
        verdict="new-setup" if implicit else "nothing" if shared else "one-thing",
        must_change=ask,
        adapter=asked.recognize(Clue(text=issuer, entity_id=issuer), "oidc"),
        settings={**_settings(options, issuer), **read_credentials(options)},
        claim_rules=rules,
        carries=carry_credentials(options),
        lost=(*lost, *_unsafe(options)),
        confirm=(
            *(own_registration(options) if shared else ()),
            *confirm_secret(options),
            *([] if issuer else ["Their issuer is not in the export: set it."]),
        ),
        legacy=LegacyIds(f"oidc|{existing.name}|", "sub"),
    )


def _settings(options: Options, issuer: str) -> dict[str, Any]:
    scopes = " ".join(options.texts("scope", "scopes")).split()
    algorithms = [name for name in options.texts("id_token_signed_response_algs") if name in _ALGORITHMS]
    known: dict[str, Any] = {
        "issuer": issuer,
        "scopes": scopes,
        "id_token_signed_response_algs": algorithms,
        "token_endpoint_auth_method": "" if uses_own_key(options) else "client_secret_post",
    }
    if not options.text("discovery_url"):  # what is discovered keeps itself current
        known |= {name: options.text(name) for name in _ENDPOINTS}
    return {name: value for name, value in known.items() if value}


def _unsafe(options: Options) -> list[str]:
    named = [name for name in options.texts("id_token_signed_response_algs") if name not in _ALGORITHMS]
    return [f"ID tokens signed with {', '.join(named)[:60]} are not accepted here."] if named else []
