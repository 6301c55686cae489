"""JumpCloud over OpenID Connect. Its issuer is written with and without a slash at the end; both are the same provider."""

from __future__ import annotations

from portico_jumpcloud.explanations import OIDC_ROWS
from portico_jumpcloud.oidc_steps import STEPS
from portico_oidc import CAPABILITIES, FIELDS, OidcAdapter, OidcPolicy
from portico_sdk import AdapterSpec, ClaimRule, Explainer, Forms, Transform, change_fields

ISSUER = "https://oauth.id.jumpcloud.com"
_ISSUERS = (ISSUER, "https://oauth.id.eu.jumpcloud.com")

SETTINGS = change_fields(
    FIELDS,
    {"issuer": {"default": ISSUER, "help": "The same for everybody of a region.", "example": ISSUER}},
)

POLICY = OidcPolicy(
    issuer_spellings={
        spelling: (other,)
        for issuer in _ISSUERS
        for spelling, other in ((issuer, f"{issuer}/"), (f"{issuer}/", issuer))
    },
    parameters={"acr_values": "acr_values"},
)

CLAIM_RULES = (
    ClaimRule("email", ("email",), (Transform("trim"), Transform("lower"))),
    ClaimRule("groups", ("groups", "memberOf"), (Transform("trim"),)),
)

OIDC = AdapterSpec(
    key="jumpcloud-oidc",
    label="JumpCloud (OpenID Connect)",
    protocol="oidc",
    adapter=OidcAdapter(
        SETTINGS,
        policy=POLICY,
        forms=Forms(entity_ids=(r"https://oauth\.id\.(?:[a-z]{2}\.)?jumpcloud\.com/?",)),
        explainer=Explainer(OIDC_ROWS),
    ),
    settings=SETTINGS,
    setup_steps=STEPS,
    claim_rules=CLAIM_RULES,
    capabilities=CAPABILITIES,
)
