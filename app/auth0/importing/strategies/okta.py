"""`okta`: the same application at Okta, with one more redirect URI."""

from __future__ import annotations

from app.auth0.importing.claim_rules import read_attribute_map
from app.auth0.importing.existing import ExistingConnection
from app.auth0.importing.options import Options
from app.auth0.importing.proposal import Asked, LegacyIds, Proposal
from app.auth0.importing.strategies.credentials import ask_for, carry_credentials, confirm_secret, read_credentials


def judge_okta(existing: ExistingConnection, asked: Asked) -> Proposal:
    """Return a draft of Okta over OpenID Connect."""
    options = existing.options
    issuer = options.text("issuer") or _of_domain(options)
    rules, lost = read_attribute_map(options, asked.attributes)
    scopes = " ".join(options.texts("scope")).split()
    return Proposal(
        verdict="one-thing",
        must_change=ask_for(options, "In Okta"),
        adapter="okta-oidc",
        settings={
            **({"issuer": issuer} if issuer else {}),
            **({"scopes": scopes} if scopes else {}),
            **read_credentials(options),
        },
        claim_rules=rules,
        carries=carry_credentials(options),
        lost=tuple(lost),
        confirm=(
            *confirm_secret(options),
            *([] if issuer else ["Their Okta domain is not in the export: set the issuer."]),
        ),
        legacy=LegacyIds(f"okta|{existing.name}|", "sub"),
    )


def _of_domain(options: Options) -> str:
    domain = options.text("domain").removeprefix("https://").strip("/")
    return f"https://{domain}" if domain else ""
