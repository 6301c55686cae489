"""Generic OpenID Connect adapter for Portico, and the ground that vendor profiles stand on.

A profile is data: `OidcAdapter(fields=FIELDS + own, policy=OidcPolicy(...))` in an AdapterSpec of its own.
"""

from __future__ import annotations

from collections.abc import Iterable

from portico_oidc.adapter import OidcAdapter
from portico_oidc.console import OidcConsole, explain_by
from portico_oidc.policy import OidcPolicy, read_boolean
from portico_oidc.reasons import REASONS
from portico_oidc.settings import ALGORITHMS, FIELDS
from portico_oidc.setup_steps import STEPS
from portico_sdk import AdapterSpec, Capability, ClaimRule, hookimpl

#: The names that OpenID Connect Core 5.1 gives them. Never an address from `preferred_username` or `upn`: nobody
#: promises that those are mailboxes.
CLAIM_RULES = (
    ClaimRule("email", ("email",)),
    ClaimRule("name", ("name",)),
    ClaimRule("given_name", ("given_name",)),
    ClaimRule("family_name", ("family_name",)),
    ClaimRule("preferred_username", ("preferred_username",)),
    ClaimRule("groups", ("groups",)),
    ClaimRule("roles", ("roles",)),
)

#: What every vendor profile on top of `OidcAdapter` declares.
CAPABILITIES: frozenset[Capability] = frozenset({"recognize", "explain", "logout", "read_pasted"})

__all__ = [
    "ALGORITHMS",
    "CAPABILITIES",
    "CLAIM_RULES",
    "FIELDS",
    "REASONS",
    "STEPS",
    "OidcAdapter",
    "OidcConsole",
    "OidcPolicy",
    "explain_by",
    "read_boolean",
]


@hookimpl
def portico_register_adapters() -> Iterable[AdapterSpec]:
    """Return the generic adapter."""
    return [
        AdapterSpec(
            key="oidc",
            label="Generic OpenID Connect",
            protocol="oidc",
            adapter=OidcAdapter(),
            settings=FIELDS,
            setup_steps=STEPS,
            claim_rules=CLAIM_RULES,
            capabilities=CAPABILITIES,
        )
    ]
