"""Ping over SAML: PingOne in every region, and PingFederate, whose host and entity ID are the company's own.

PingOne names a person by a UUID in a NameID without format, which lasts; an administrator often maps the address instead. A
session of five minutes is how long PingOne means its assertion, and the gateway's own session does not end with it.
"""

from __future__ import annotations

from portico_ping.explanations import SAML_ROWS
from portico_ping.saml_steps import STEPS
from portico_saml import CAPABILITIES, SETTINGS, SamlAdapter, SamlPolicy
from portico_sdk import AdapterSpec, ClaimRule, Explainer, Forms, Transform, change_fields

FIELDS = change_fields(
    SETTINGS,
    {
        "idp_entity_id": {
            "label": "Issuer ID",
            "help": "PingFederate calls it SAML 2.0 Entity ID.",
            "example": "https://auth.pingone.com/00000000-0000-0000-0000-000000000000",
        },
        "sso_url": {
            "label": "Single Signon Service",
            "example": "https://auth.pingone.com/00000000-0000-0000-0000-000000000000/saml20/idp/sso",
        },
        "slo_url": {"label": "Single Logout Service"},
        "certificates": {"label": "Signing Certificate"},
        "metadata_url": {
            "label": "IDP Metadata URL",
            "example": "https://auth.pingone.com/00000000-0000-0000-0000-000000000000/saml20/metadata/"
            "00000000-0000-0000-0000-000000000000",
        },
        "subject_attribute": {
            "help": "Empty: the NameID, which is the PingOne user ID unless saml_subject was mapped to something else. "
            "After the first sign-in a change makes new people of everybody.",
        },
    },
)

_TRIM = (Transform("trim"),)

CLAIM_RULES = (
    ClaimRule("email", ("email", "Email", "mail", "emailAddress", "NameID"), (Transform("trim"), Transform("lower"))),
    ClaimRule("name", ("name", "formattedName", "displayName", "fullName"), _TRIM),
    ClaimRule("given_name", ("givenName", "firstName", "given_name"), _TRIM),
    ClaimRule("family_name", ("familyName", "lastName", "surname", "family_name"), _TRIM),
    ClaimRule("preferred_username", ("username", "preferred_username"), _TRIM),
    ClaimRule("groups", ("groups", "memberOf", "group"), _TRIM),
)

_ENVIRONMENT = r"https://auth\.pingone\.(?:com|eu|asia|ca|com\.au|sg)/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_FEDERATE = r"https://[^/?#]+"

SAML = AdapterSpec(
    key="ping-saml",
    label="Ping (SAML)",
    protocol="saml",
    adapter=SamlAdapter(
        fields=FIELDS,
        policy=SamlPolicy(session_ends_with_assertion=True),
        forms=Forms(
            entity_ids=(_ENVIRONMENT,),
            metadata_urls=(
                rf"{_ENVIRONMENT}/saml20/metadata/[0-9a-f-]+",
                rf"{_FEDERATE}/pf/federation_metadata\.ping(?:\?[^#]*)?",
            ),
            sso_urls=(rf"{_ENVIRONMENT}/saml20/idp/sso", rf"{_FEDERATE}/idp/SSO\.saml2"),
        ),
        explainer=Explainer(SAML_ROWS),
    ),
    settings=FIELDS,
    setup_steps=STEPS,
    claim_rules=CLAIM_RULES,
    capabilities=CAPABILITIES,
)
