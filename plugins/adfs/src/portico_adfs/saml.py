"""AD FS over SAML, versions 2.0 to 2022.

The entity ID is `http://{host}/adfs/services/trust`: http, although everything else is https. Nothing is released without
issuance rules, a NameID neither; a request that names a format gets exactly that one or MSIS7070, so none is named.
Certificates are replaced every year by themselves, with both in the metadata for some days: it is read again every day and
all of its signing keys count. A trust that knows an encryption certificate of ours encrypts by itself.
"""

from __future__ import annotations

from portico_adfs.claim_rules import GROUP, ROLE, XMLSOAP
from portico_adfs.saml_explanations import SAML_ROWS
from portico_adfs.saml_steps import STEPS
from portico_saml import CAPABILITIES, SETTINGS, SamlAdapter, SamlPolicy
from portico_sdk import AdapterSpec, ClaimRule, Explainer, Forms, Transform, change_fields

FIELDS = change_fields(
    SETTINGS,
    {
        "idp_entity_id": {
            "label": "Federation Service identifier",
            "help": "Begins with http://, not https://, and ends with /adfs/services/trust.",
            "example": "http://adfs.example.com/adfs/services/trust",
        },
        "sso_url": {"example": "https://adfs.example.com/adfs/ls/"},
        "certificates": {
            "label": "Token-signing certificates",
            "help": "AD FS replaces its own every year. Give it both, the primary and the secondary.",
        },
        "metadata_url": {
            "label": "Federation metadata URL",
            "help": "Upload the file when the server cannot be reached from here.",
            "example": "https://adfs.example.com/FederationMetadata/2007-06/FederationMetadata.xml",
        },
        "subject_attribute": {
            "help": "Empty: the NameID, which our rule fills with the security identifier (primarysid). objectGUID is as "
            "good; a user principal name or an e-mail address may be given to another person later. "
            "After the first sign-in a change makes new people of everybody.",
            "example": f"{ROLE}/primarysid",
        },
    },
)

CLAIM_RULES = (
    ClaimRule(
        "email",
        (
            f"{XMLSOAP}/emailaddress",
            "http://schemas.xmlsoap.org/claims/EmailAddress",
            "E-Mail Address",
            "mail",
            "NameID",
        ),
        (Transform("trim"), Transform("lower")),
    ),
    ClaimRule(
        "name",
        ("http://schemas.xmlsoap.org/claims/CommonName", "displayName", "Display Name"),
        (Transform("trim"),),
    ),
    ClaimRule("given_name", (f"{XMLSOAP}/givenname", "Given Name"), (Transform("trim"),)),
    ClaimRule("family_name", (f"{XMLSOAP}/surname", "Surname"), (Transform("trim"),)),
    ClaimRule(
        "preferred_username",
        (f"{XMLSOAP}/upn", "http://schemas.xmlsoap.org/claims/UPN", f"{XMLSOAP}/name", f"{ROLE}/windowsaccountname"),
        (Transform("trim"),),
    ),
    ClaimRule("groups", (GROUP, f"{ROLE}/groups", f"{ROLE}/groupsid"), (Transform("trim"),)),
    ClaimRule("roles", (f"{ROLE}/role",), (Transform("trim"),)),
)

FORMS = Forms(
    entity_ids=(r"https?://[^/?#]+/adfs/services/trust",),
    metadata_urls=(
        r"https://(?!login\.(?:microsoftonline|partner))[^/?#]+/(?i:FederationMetadata/2007-06/FederationMetadata\.xml)",
    ),
    sso_urls=(r"https://[^/?#]+/adfs/ls/?",),
)

SAML = AdapterSpec(
    key="adfs-saml",
    label="AD FS (SAML)",
    protocol="saml",
    adapter=SamlAdapter(
        fields=FIELDS,
        policy=SamlPolicy(login_hint_parameter="login_hint"),
        forms=FORMS,
        explainer=Explainer(SAML_ROWS),
    ),
    settings=FIELDS,
    setup_steps=STEPS,
    claim_rules=CLAIM_RULES,
    capabilities=CAPABILITIES,
)
