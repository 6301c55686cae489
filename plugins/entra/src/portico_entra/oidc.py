"""Microsoft Entra ID over OpenID Connect, one tenant per connection.

`tid` and `oid` name a person across applications; `sub` would change with every new registration. The shared authorities
(`common`, `organizations`, `consumers`) are refused, and the token's tenant must be the one in the issuer's name. There is
no `email_verified`: an address is a hint unless `xms_edov` says otherwise (nOAuth).
"""

from __future__ import annotations

from portico_entra.explanations import REFERENCE
from portico_entra.oidc_explanations import OIDC_ROWS
from portico_entra.oidc_steps import STEPS
from portico_entra.tenants import GUID, ISSUER, check_issuer, email_verified_by_claims
from portico_oidc import CAPABILITIES, FIELDS, OidcAdapter, OidcPolicy
from portico_sdk import AdapterSpec, ClaimRule, Explainer, Forms, Transform, change_fields

SETTINGS = change_fields(
    FIELDS,
    {
        "issuer": {
            "help": "https://login.microsoftonline.com/, your Directory (tenant) ID, /v2.0.",
            "example": "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0",
        },
        "client_id": {"label": "Application (client) ID"},
        "client_secret": {
            "label": "Client secret value",
            "help": "Its Value, not its Secret ID. It ends after 24 months at the latest.",
        },
        "fetch_userinfo": {"default": False, "help": "Microsoft Graph's endpoint adds nothing to the ID token."},
    },
)

POLICY = OidcPolicy(
    subject_claims=("tid", "oid"),
    issuer_claims={"tid": ISSUER},
    email_verified=email_verified_by_claims,
    check_settings=check_issuer,
)

CLAIM_RULES = (
    ClaimRule("email", ("email",), (Transform("trim"), Transform("lower"))),
    ClaimRule("name", ("name",), (Transform("trim"),)),
    ClaimRule("given_name", ("given_name",), (Transform("trim"),)),
    ClaimRule("family_name", ("family_name",), (Transform("trim"),)),
    ClaimRule("preferred_username", ("preferred_username", "upn", "unique_name"), (Transform("trim"),)),
    ClaimRule("groups", ("groups",), (Transform("trim"),)),
    ClaimRule("roles", ("roles",), (Transform("trim"),)),
)

_CLOUDS = r"https://login\.(?:microsoftonline\.com|microsoftonline\.us|partner\.microsoftonline\.cn)"
_TENANT = r"[0-9A-Za-z][0-9A-Za-z.-]*"

FORMS = Forms(entity_ids=(rf"{_CLOUDS}/{_TENANT}(?:/v2\.0)?/?", rf"https://sts\.windows\.net/{GUID}/?"))

OIDC = AdapterSpec(
    key="entra-oidc",
    label="Microsoft Entra ID (OpenID Connect)",
    protocol="oidc",
    adapter=OidcAdapter(SETTINGS, policy=POLICY, forms=FORMS, explainer=Explainer(OIDC_ROWS, REFERENCE)),
    settings=SETTINGS,
    setup_steps=STEPS,
    claim_rules=CLAIM_RULES,
    capabilities=CAPABILITIES,
)
