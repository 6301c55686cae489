"""AD FS over OpenID Connect, version 2016 and later.

Its userinfo endpoint says `sub` and no more, and only for tokens of its own resource (MSIS9921), so it is not asked. What
goes beyond `sub`, `unique_name` and `upn` comes through an application group's Web API: the request names it as `resource`,
with the scope `allatclaims`, and the answer comes as a form. `sub` is stable for one client and changes with a new one.
"""

from __future__ import annotations

from portico_adfs.explanations import REFERENCE
from portico_adfs.oidc_explanations import OIDC_ROWS
from portico_adfs.oidc_steps import STEPS
from portico_oidc import CAPABILITIES, FIELDS, OidcAdapter, OidcPolicy
from portico_sdk import AdapterSpec, ClaimRule, Explainer, Forms, SettingField, Transform, change_fields

SETTINGS = (
    *change_fields(
        FIELDS,
        {
            "issuer": {
                "help": "https://, your server's name and /adfs.",
                "example": "https://adfs.example.com/adfs",
            },
            "client_id": {"label": "Client Identifier"},
            "client_secret": {"label": "Shared secret"},
            "scopes": {"default": ("openid", "allatclaims")},
            "response_mode": {"default": "form_post"},
            "fetch_userinfo": {"default": False, "help": "AD FS says nothing there that is not in the ID token."},
        },
    ),
    SettingField(
        "resource",
        "text",
        "Web API identifier",
        editable_by="customer",
        help="Sent as resource. Not the Client Identifier. Without it the ID token has no e-mail address and no groups.",
        example="https://portico.example.com/",
    ),
)

CLAIM_RULES = (
    ClaimRule("email", ("email", "mail"), (Transform("trim"), Transform("lower"))),
    ClaimRule("given_name", ("given_name",), (Transform("trim"),)),
    ClaimRule("family_name", ("family_name",), (Transform("trim"),)),
    ClaimRule("preferred_username", ("upn", "unique_name"), (Transform("trim"),)),
    ClaimRule("groups", ("group", "groups"), (Transform("trim"),)),
    ClaimRule("roles", ("role", "roles"), (Transform("trim"),)),
)

FORMS = Forms(entity_ids=(r"https://[^/?#]+/adfs/?",))

OIDC = AdapterSpec(
    key="adfs-oidc",
    label="AD FS (OpenID Connect)",
    protocol="oidc",
    adapter=OidcAdapter(
        SETTINGS,
        policy=OidcPolicy(
            parameters={"resource": "resource", "acr_values": "acr_values", "domain_hint": "domain_hint"}
        ),
        forms=FORMS,
        explainer=Explainer(OIDC_ROWS, REFERENCE),
    ),
    settings=SETTINGS,
    setup_steps=STEPS,
    claim_rules=CLAIM_RULES,
    capabilities=CAPABILITIES,
)
