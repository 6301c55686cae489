"""Okta over SAML: what is called how there, and what is usual.

Response and assertion are both signed. The issuer is `http://www.okta.com/exk...` whatever the organization's address is.
A request that names a NameID format must name the application's own, so none is named. An application has one signing
certificate at a time, so a renewed one shows in the metadata at once.
"""

from __future__ import annotations

from portico_okta.explanations import SAML_ROWS
from portico_okta.saml_steps import STEPS
from portico_saml import CAPABILITIES, SETTINGS, SamlAdapter, SamlPolicy
from portico_sdk import AdapterSpec, ClaimRule, Explainer, Forms, Transform, change_fields

FIELDS = change_fields(
    SETTINGS,
    {
        "idp_entity_id": {
            "label": "Issuer",
            "help": "Begins with http://www.okta.com/exk; it is not the address of your Okta organization.",
            "example": "http://www.okta.com/exk1a2b3c4d5e6f7G8h9",
        },
        "sso_url": {
            "label": "Sign on URL",
            "example": "https://example.okta.com/app/example_portico_1/exk1a2b3/sso/saml",
        },
        "certificates": {"label": "Signing Certificate"},
        "metadata_url": {
            "label": "Metadata URL",
            "example": "https://example.okta.com/app/exk1a2b3c4d5e6f7G8h9/sso/saml/metadata",
        },
        "subject_attribute": {
            "help": "Empty: the NameID, which is the Okta username unless it was chosen otherwise, and can change. "
            "Safer: map user.id in Attribute Statements and name that attribute here. "
            "After the first sign-in a change makes new people of everybody.",
            "example": "userId",
        },
    },
)

CLAIM_RULES = (
    ClaimRule(
        "email",
        ("email", "Email", "mail", "emailAddress", "user.email", "NameID"),
        (Transform("trim"), Transform("lower")),
    ),
    ClaimRule("name", ("displayName", "name", "DisplayName"), (Transform("trim"),)),
    ClaimRule("given_name", ("firstName", "FirstName", "givenName", "first_name"), (Transform("trim"),)),
    ClaimRule("family_name", ("lastName", "LastName", "sn", "last_name"), (Transform("trim"),)),
    ClaimRule("preferred_username", ("login", "username", "userName"), (Transform("trim"),)),
    ClaimRule("groups", ("groups", "Groups", "group"), (Transform("trim"),)),
)

_HOST = r"https://[a-z0-9-]+\.(?:okta|oktapreview|okta-emea)\.com"

FORMS = Forms(
    entity_ids=(r"https?://www\.okta\.com/[A-Za-z0-9]{15,25}",),
    metadata_urls=(rf"{_HOST}/app/(?:[^/?#]+/)?exk[A-Za-z0-9]+/sso/saml/metadata",),
    sso_urls=(rf"{_HOST}/app/[^/?#]+/[A-Za-z0-9]+/sso/saml",),
)

SAML = AdapterSpec(
    key="okta-saml",
    label="Okta (SAML)",
    protocol="saml",
    adapter=SamlAdapter(
        fields=FIELDS,
        policy=SamlPolicy(login_hint_parameter="LoginHint"),
        forms=FORMS,
        explainer=Explainer(SAML_ROWS),
    ),
    settings=FIELDS,
    setup_steps=STEPS,
    claim_rules=CLAIM_RULES,
    capabilities=CAPABILITIES,
)
