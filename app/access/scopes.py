"""What an API key may do: a closed vocabulary. `write` covers `read` of the same thing; `*` is everything."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from app.errors import Invalid, Problem

ALL = "*"

#: Every scope, and what it allows.
SCOPES: Mapping[str, str] = {
    ALL: "Everything, now and later.",
    "organizations:read": "Read organizations.",
    "organizations:write": "Create, change and delete organizations.",
    "domains:read": "Read the domains of organizations.",
    "domains:write": "Add, vouch for, move and remove domains: decides whose e-mail addresses count as verified.",
    "connections:read": "Read connections, adapters and what metadata says; never their secrets.",
    "connections:write": "Create, change, activate and delete connections: decides which identity provider is trusted.",
    "profile:read": "Read further attributes of the profile and the rules that give roles by group.",
    "profile:write": "Change further attributes of the profile and the rules that give roles by group.",
    "clients:read": "Read the provider's clients; never their secrets.",
    "clients:write": "Create, change and delete clients and their secrets.",
    "setup-links:read": "Read setup links; never their addresses.",
    "setup-links:write": "Create and revoke setup links.",
    "sessions:write": "Sign people out, here and at the clients that can be told.",
    "auth0:read": "Read the trust with Auth0 and its last report; never credentials.",
    "auth0:write": "Set up, verify and change the trust with Auth0: makes the tenant's client, binds organizations, "
    "decides what is written into the tenant.",
    "notices:read": "Read what needs attention.",
    "notices:write": "Close notices.",
    "sign-ins:read": "Read traces of sign-ins, which hold personal data.",
    "audit:read": "Read the audit log, which holds personal data.",
    "api-keys:read": "Read API keys; never the keys themselves.",
    "api-keys:write": "Create and revoke API keys with at most the scopes of one's own.",
}


def has_scope(granted: Collection[str], needed: str) -> bool:
    """Whether `granted` covers `needed`. A scope that is not in the vocabulary is covered by nothing."""
    if needed not in SCOPES:
        return False
    return ALL in granted or needed in granted or needed.replace(":read", ":write") in granted


def check_scopes(scopes: Collection[str]) -> None:
    """Raise Invalid unless there is at least one scope and each is in the vocabulary."""
    if not scopes:
        raise Invalid(Problem("scopes", "required", "At least one scope is needed."))
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown:
        raise Invalid(*(Problem("scopes", "unknown-scope", f"There is no scope {scope[:60]}.") for scope in unknown))
