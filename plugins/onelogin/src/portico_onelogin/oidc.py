"""OneLogin over OpenID Connect."""

from __future__ import annotations

from portico_oidc import CAPABILITIES, FIELDS, OidcAdapter, OidcPolicy
from portico_onelogin.explanations import OIDC_ROWS
from portico_onelogin.oidc_steps import STEPS
from portico_sdk import AdapterSpec, ClaimRule, Explainer, Forms, Transform, change_fields

SETTINGS = change_fields(
    FIELDS,
    {
        "issuer": {"label": "Issuer URL", "example": "https://example.onelogin.com/oidc/2"},
        "client_id": {"label": "Client ID"},
        "client_secret": {"label": "Client Secret"},
        "scopes": {"default": ("openid", "profile", "email", "groups")},
    },
)

CLAIM_RULES = (
    ClaimRule("email", ("email",), (Transform("trim"), Transform("lower"))),
    ClaimRule("groups", ("groups",), (Transform("trim"),)),
)

OIDC = AdapterSpec(
    key="onelogin-oidc",
    label="OneLogin (OpenID Connect)",
    protocol="oidc",
    adapter=OidcAdapter(
        SETTINGS,
        policy=OidcPolicy(parameters={"acr_values": "acr_values"}),
        forms=Forms(entity_ids=(r"https://[a-z0-9-]+\.onelogin\.com/oidc/2/?",)),
        explainer=Explainer(OIDC_ROWS),
    ),
    settings=SETTINGS,
    setup_steps=STEPS,
    claim_rules=CLAIM_RULES,
    capabilities=CAPABILITIES,
)
