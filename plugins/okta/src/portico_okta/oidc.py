"""Okta over OpenID Connect: the organization's own authorization server, whose ID token carries groups.

A custom authorization server (`/oauth2/default` and the like) needs a licence and an access policy, and its ID token is
thin; both kinds work. A list of groups that reaches 100 may have been cut and counts as unknown.
"""

from __future__ import annotations

from portico_oidc import CAPABILITIES, FIELDS, OidcAdapter, OidcPolicy
from portico_okta.explanations import OIDC_ROWS
from portico_okta.oidc_steps import STEPS
from portico_sdk import AdapterSpec, ClaimRule, Explainer, Forms, Transform, change_fields

SETTINGS = change_fields(
    FIELDS,
    {
        "issuer": {
            "label": "Okta domain",
            "help": "https:// and your Okta domain, without -admin and without /oauth2/default.",
            "example": "https://example.okta.com",
        },
        "scopes": {
            "default": ("openid", "profile", "email", "groups"),
            "help": "The scope groups brings the groups that the app's Group claims filter lets through.",
        },
    },
)

CLAIM_RULES = (
    ClaimRule("email", ("email",), (Transform("trim"), Transform("lower"))),
    ClaimRule("preferred_username", ("preferred_username",), (Transform("trim"),)),
    ClaimRule("groups", ("groups",), (Transform("trim"),)),
)

_HOST = r"https://[a-z0-9-]+\.(?:okta|oktapreview|okta-emea)\.com"

FORMS = Forms(entity_ids=(rf"{_HOST}/?", rf"{_HOST}/oauth2/[A-Za-z0-9]+"))

OIDC = AdapterSpec(
    key="okta-oidc",
    label="Okta (OpenID Connect)",
    protocol="oidc",
    adapter=OidcAdapter(
        SETTINGS,
        policy=OidcPolicy(parameters={"acr_values": "acr_values"}, may_be_cut={"groups": 100}),
        forms=FORMS,
        explainer=Explainer(OIDC_ROWS),
    ),
    settings=SETTINGS,
    setup_steps=STEPS,
    claim_rules=CLAIM_RULES,
    capabilities=CAPABILITIES,
)
