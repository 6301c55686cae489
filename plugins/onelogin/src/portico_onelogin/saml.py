"""OneLogin over SAML: the Issuer URL is entity ID and metadata URL at once, and is taken wherever it is pasted."""

from __future__ import annotations

from portico_onelogin.explanations import SAML_ROWS
from portico_onelogin.saml_steps import STEPS
from portico_saml import CAPABILITIES, SETTINGS, SamlAdapter
from portico_sdk import AdapterSpec, ClaimRule, Explainer, Forms, Transform, change_fields

_METADATA = r"https://(?:app|[a-z0-9-]+)\.onelogin\.com/saml/metadata/[0-9a-f-]+"

FIELDS = change_fields(
    SETTINGS,
    {
        "idp_entity_id": {
            "label": "Issuer URL",
            "help": "Also OneLogin's metadata URL.",
            "example": "https://app.onelogin.com/saml/metadata/00000000-0000-0000-0000-000000000000",
        },
        "sso_url": {
            "label": "SAML 2.0 Endpoint (HTTP)",
            "example": "https://example.onelogin.com/trust/saml2/http-redirect/sso/123456",
        },
        "slo_url": {"label": "SLO Endpoint (HTTP)"},
        "certificates": {"label": "X.509 Certificate"},
        "metadata_url": {
            "help": "OneLogin's Issuer URL. Read again every day, so that a new certificate never locks people out.",
            "example": "https://app.onelogin.com/saml/metadata/00000000-0000-0000-0000-000000000000",
        },
    },
)

_TRIM = (Transform("trim"),)

CLAIM_RULES = (
    ClaimRule("email", ("User.email", "email", "Email", "mail", "NameID"), (Transform("trim"), Transform("lower"))),
    ClaimRule("name", ("User.FullName", "name", "displayName"), _TRIM),
    ClaimRule("given_name", ("User.FirstName", "givenName", "firstName", "firstname", "FirstName"), _TRIM),
    ClaimRule("family_name", ("User.LastName", "sn", "surname", "lastName", "lastname", "LastName"), _TRIM),
    ClaimRule("preferred_username", ("username", "uid", "User.Username"), _TRIM),
    ClaimRule(
        "groups", ("memberOf", "groups", "group"), (Transform("trim"), Transform("split", ";"), Transform("trim"))
    ),
    ClaimRule("roles", ("roles", "role"), (Transform("trim"), Transform("split", ";"), Transform("trim"))),
)

SAML = AdapterSpec(
    key="onelogin-saml",
    label="OneLogin (SAML)",
    protocol="saml",
    adapter=SamlAdapter(
        fields=FIELDS,
        forms=Forms(
            entity_ids=(_METADATA,),
            metadata_urls=(_METADATA,),
            sso_urls=(
                r"https://[a-z0-9-]+\.onelogin\.com/trust/saml2/(?:http-redirect|http-post|soap)/sso/[0-9a-f-]+",
            ),
        ),
        explainer=Explainer(SAML_ROWS),
    ),
    settings=FIELDS,
    setup_steps=STEPS,
    claim_rules=CLAIM_RULES,
    capabilities=CAPABILITIES,
)
