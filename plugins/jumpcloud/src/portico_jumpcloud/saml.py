"""JumpCloud over SAML.

The administrator invents its entity ID, so it is unique to nothing; a connection is found by its own address and never by
the issuer, and the set-up suggests a value that is unique. Its metadata offers HTTP-POST alone, and requests follow it.
"""

from __future__ import annotations

from portico_jumpcloud.explanations import SAML_ROWS
from portico_jumpcloud.saml_steps import STEPS
from portico_saml import CAPABILITIES, SETTINGS, SamlAdapter
from portico_sdk import AdapterSpec, ClaimRule, Explainer, Forms, Transform, change_fields

FIELDS = change_fields(
    SETTINGS,
    {
        "idp_entity_id": {
            "label": "IdP Entity ID",
            "help": "The text that you typed there. Compared exactly.",
            "example": "jumpcloud-example.com",
        },
        "sso_url": {"label": "IDP URL", "example": "https://sso.jumpcloud.com/saml2/example"},
        "sso_binding": {"default": "post"},
        "certificates": {"label": "IDP Certificate"},
        "metadata_url": {"label": "Copy Metadata URL"},
    },
)

_TRIM = (Transform("trim"),)

CLAIM_RULES = (
    ClaimRule("email", ("email", "Email", "mail", "NameID"), (Transform("trim"), Transform("lower"))),
    ClaimRule("name", ("displayname", "displayName", "fullname", "name"), _TRIM),
    ClaimRule("given_name", ("firstname", "firstName", "FirstName", "givenName"), _TRIM),
    ClaimRule("family_name", ("lastname", "lastName", "LastName", "surname"), _TRIM),
    ClaimRule("preferred_username", ("username", "userName"), _TRIM),
    ClaimRule("groups", ("memberOf", "groups", "group"), _TRIM),
)

_HOST = r"https://sso\.(?:[a-z]{2}\.)?jumpcloud\.com"

SAML = AdapterSpec(
    key="jumpcloud-saml",
    label="JumpCloud (SAML)",
    protocol="saml",
    adapter=SamlAdapter(
        fields=FIELDS,
        forms=Forms(
            metadata_urls=(rf"{_HOST}/saml2/metadata/[^/?#]+",),
            sso_urls=(rf"{_HOST}/saml2/[^/?#]+",),
        ),
        explainer=Explainer(SAML_ROWS),
    ),
    settings=FIELDS,
    setup_steps=STEPS,
    claim_rules=CLAIM_RULES,
    capabilities=CAPABILITIES,
)
