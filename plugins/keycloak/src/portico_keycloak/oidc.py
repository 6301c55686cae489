"""Keycloak over OpenID Connect: the issuer is the realm's address, `sub` the user's identifier for good.

Groups need a mapper and come as paths, `/name`; realm roles stand in `realm_access.roles`. `email_verified` is a switch at
each user, which the realm's administrators set.
"""

from __future__ import annotations

from portico_keycloak.explanations import OIDC_ROWS
from portico_keycloak.oidc_steps import STEPS
from portico_oidc import CAPABILITIES, FIELDS, OidcAdapter, OidcPolicy
from portico_sdk import AdapterSpec, ClaimRule, Explainer, Forms, Transform, change_fields

SETTINGS = change_fields(
    FIELDS,
    {
        "issuer": {
            "label": "Realm address",
            "help": "With /auth only before version 17.",
            "example": "https://keycloak.example.com/realms/example",
        },
        "client_id": {"label": "Client ID"},
        "client_secret": {"label": "Client Secret"},
    },
)

CLAIM_RULES = (
    ClaimRule("email", ("email",), (Transform("trim"), Transform("lower"))),
    ClaimRule("preferred_username", ("preferred_username",), (Transform("trim"),)),
    ClaimRule("groups", ("groups",), (Transform("trim"), Transform("strip_prefix", "/"))),
    ClaimRule("roles", ("roles", "realm_access.roles"), (Transform("trim"),)),
)

FORMS = Forms(entity_ids=(r"https?://[^/?#]+(?:/[^/?#]+)?/realms/[^/?#]+",))

OIDC = AdapterSpec(
    key="keycloak-oidc",
    label="Keycloak (OpenID Connect)",
    protocol="oidc",
    adapter=OidcAdapter(
        SETTINGS,
        policy=OidcPolicy(parameters={"acr_values": "acr_values"}),
        forms=FORMS,
        explainer=Explainer(OIDC_ROWS),
    ),
    settings=SETTINGS,
    setup_steps=STEPS,
    claim_rules=CLAIM_RULES,
    capabilities=CAPABILITIES,
)
