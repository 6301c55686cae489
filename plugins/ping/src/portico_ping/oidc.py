"""Ping over OpenID Connect: PingOne in every region, and PingFederate, whose issuer is its base URL."""

from __future__ import annotations

from portico_oidc import CAPABILITIES, FIELDS, OidcAdapter, OidcPolicy
from portico_ping.explanations import OIDC_ROWS
from portico_ping.oidc_steps import STEPS
from portico_sdk import AdapterSpec, ClaimRule, Explainer, Forms, Transform, change_fields

SETTINGS = change_fields(
    FIELDS,
    {
        "issuer": {
            "label": "Issuer ID",
            "help": "PingFederate: its Base URL.",
            "example": "https://auth.pingone.com/00000000-0000-0000-0000-000000000000/as",
        },
    },
)

CLAIM_RULES = (
    ClaimRule("email", ("email",), (Transform("trim"), Transform("lower"))),
    ClaimRule("groups", ("groups", "memberOf"), (Transform("trim"),)),
)

_ENVIRONMENT = r"https://auth\.pingone\.(?:com|eu|asia|ca|com\.au|sg)/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

OIDC = AdapterSpec(
    key="ping-oidc",
    label="Ping (OpenID Connect)",
    protocol="oidc",
    adapter=OidcAdapter(
        SETTINGS,
        policy=OidcPolicy(parameters={"acr_values": "acr_values"}),
        forms=Forms(entity_ids=(rf"{_ENVIRONMENT}/as",)),
        explainer=Explainer(OIDC_ROWS),
    ),
    settings=SETTINGS,
    setup_steps=STEPS,
    claim_rules=CLAIM_RULES,
    capabilities=CAPABILITIES,
)
