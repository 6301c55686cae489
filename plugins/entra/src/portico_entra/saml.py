"""Microsoft Entra ID over SAML.

The issuer is `https://sts.windows.net/{tenant}/`, with the slash. An application has a certificate of its own that is not
in the tenant's document, so the metadata URL carries `appid`; a new certificate is made and activated by hand, and a
connection keeps both. Only tenant ID and object ID name a person for good: `name`, `emailaddress` and the NameID are a user
principal name or a mailbox, and both change hands. A request names no NameID format and no authentication context: the
first would override the administrator's choice, the second refuses people who signed in another way (AADSTS75011).
"""

from __future__ import annotations

from portico_entra.explanations import REFERENCE
from portico_entra.saml_explanations import SAML_ROWS
from portico_entra.saml_steps import STEPS
from portico_entra.tenants import GUID, check_entity_id, email_verified_by_attributes
from portico_saml import CAPABILITIES, SETTINGS, SamlAdapter, SamlPolicy, SubjectSource
from portico_sdk import AdapterSpec, ClaimRule, Explainer, Forms, Transform, change_fields

_XMLSOAP = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
_IDENTITY = "http://schemas.microsoft.com/identity/claims"
_ROLE = "http://schemas.microsoft.com/ws/2008/06/identity/claims"
_CLOUDS = r"https://login\.(?:microsoftonline\.com|microsoftonline\.us|partner\.microsoftonline\.cn)"
_TENANT = r"[0-9A-Za-z][0-9A-Za-z.-]*"

FIELDS = tuple(
    field
    for field in change_fields(
        SETTINGS,
        {
            "idp_entity_id": {
                "label": "Microsoft Entra Identifier",
                "help": "Ends with a slash. Compared exactly.",
                "example": "https://sts.windows.net/00000000-0000-0000-0000-000000000000/",
            },
            "sso_url": {
                "label": "Login URL",
                "example": "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/saml2",
            },
            "slo_url": {"label": "Logout URL"},
            "certificates": {
                "label": "Certificate (Base64)",
                "help": "Entra does not renew it by itself. Paste the new one beside the old before you make it active.",
            },
            "metadata_url": {
                "label": "App Federation Metadata Url",
                "help": "With ?appid= at its end: without it the tenant's certificates come, not the application's.",
                "example": "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/"
                "federationmetadata/2007-06/federationmetadata.xml?appid=00000000-0000-0000-0000-000000000000",
            },
        },
    )
    if field.name != "subject_attribute"  # nothing else at Entra names a person for good
)

SUBJECT = SubjectSource("tenantid+objectidentifier", (f"{_IDENTITY}/tenantid", f"{_IDENTITY}/objectidentifier"), GUID)

POLICY = SamlPolicy(
    subject_sources=(SUBJECT,),
    login_hint_parameter="login_hint",
    audience_prefixes=("spn:",),
    left_out={"http://schemas.microsoft.com/claims/groups.link": (f"{_ROLE}/groups",)},
    email_verified=email_verified_by_attributes,
    check_settings=check_entity_id,
)

CLAIM_RULES = (
    ClaimRule("email", (f"{_XMLSOAP}/emailaddress", "email", "mail"), (Transform("trim"), Transform("lower"))),
    ClaimRule("name", (f"{_IDENTITY}/displayname", "displayname", "displayName"), (Transform("trim"),)),
    ClaimRule("given_name", (f"{_XMLSOAP}/givenname", "givenname"), (Transform("trim"),)),
    ClaimRule("family_name", (f"{_XMLSOAP}/surname", "surname"), (Transform("trim"),)),
    ClaimRule("preferred_username", (f"{_XMLSOAP}/upn", f"{_XMLSOAP}/name"), (Transform("trim"),)),
    ClaimRule("groups", (f"{_ROLE}/groups",), (Transform("trim"),)),
    ClaimRule("roles", (f"{_ROLE}/role",), (Transform("trim"),)),
)

FORMS = Forms(
    entity_ids=(rf"https://sts\.(?:windows\.net|chinacloudapi\.cn)/{GUID}/",),
    metadata_urls=(rf"{_CLOUDS}/{_TENANT}/(?i:federationmetadata/2007-06/federationmetadata\.xml)(?:\?appid={GUID})?",),
    sso_urls=(rf"{_CLOUDS}/{_TENANT}/saml2",),
)

SAML = AdapterSpec(
    key="entra-saml",
    label="Microsoft Entra ID (SAML)",
    protocol="saml",
    adapter=SamlAdapter(fields=FIELDS, policy=POLICY, forms=FORMS, explainer=Explainer(SAML_ROWS, REFERENCE)),
    settings=FIELDS,
    setup_steps=STEPS,
    claim_rules=CLAIM_RULES,
    capabilities=CAPABILITIES,
)
