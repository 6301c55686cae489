"""Keycloak over SAML.

A client demands signed requests unless somebody switched that off, so requests are signed. Assertions live one minute. A
role comes as an attribute of its own for each value; repeats are merged. One switch leaves out the AuthnStatement, which
no sign-in can do without. Key rotation adds keys to the descriptor: all of them count.
"""

from __future__ import annotations

from portico_keycloak.explanations import SAML_ROWS
from portico_keycloak.saml_steps import STEPS
from portico_saml import CAPABILITIES, SETTINGS, SamlAdapter
from portico_sdk import AdapterSpec, ClaimRule, Explainer, Forms, Transform, change_fields

FIELDS = change_fields(
    SETTINGS,
    {
        "idp_entity_id": {"label": "Realm address", "example": "https://keycloak.example.com/realms/example"},
        "sso_url": {"example": "https://keycloak.example.com/realms/example/protocol/saml"},
        "metadata_url": {
            "label": "SAML 2.0 Identity Provider Metadata",
            "example": "https://keycloak.example.com/realms/example/protocol/saml/descriptor",
        },
        "sign_requests": {
            "default": True,
            "help": "Keycloak demands it unless Client signature required is switched off; it needs our certificate then.",
        },
        "subject_attribute": {
            "help": "Empty: the NameID. With Name ID format persistent that is an identifier that never changes; username "
            "and email can. After the first sign-in a change makes new people of everybody.",
        },
    },
)

_EMAIL = (
    "email",
    "mail",
    "urn:oid:1.2.840.113549.1.9.1",
    "urn:oid:0.9.2342.19200300.100.1.3",
    "emailAddress",
    "NameID",
)

CLAIM_RULES = (
    ClaimRule("email", _EMAIL, (Transform("trim"), Transform("lower"))),
    ClaimRule("name", ("name", "displayName", "fullName"), (Transform("trim"),)),
    ClaimRule("given_name", ("firstName", "givenName", "urn:oid:2.5.4.42", "given_name"), (Transform("trim"),)),
    ClaimRule("family_name", ("lastName", "surname", "urn:oid:2.5.4.4", "family_name"), (Transform("trim"),)),
    ClaimRule("preferred_username", ("username", "uid", "urn:oid:0.9.2342.19200300.100.1.1"), (Transform("trim"),)),
    ClaimRule("groups", ("groups", "group", "member", "memberOf"), (Transform("trim"), Transform("strip_prefix", "/"))),
    ClaimRule("roles", ("Role", "role", "roles"), (Transform("trim"),)),
)

_REALM = r"https?://[^/?#]+(?:/[^/?#]+)?/realms/[^/?#]+"

FORMS = Forms(
    entity_ids=(_REALM,),
    metadata_urls=(rf"{_REALM}/protocol/saml/descriptor",),
    sso_urls=(rf"{_REALM}/protocol/saml",),
)

SAML = AdapterSpec(
    key="keycloak-saml",
    label="Keycloak (SAML)",
    protocol="saml",
    adapter=SamlAdapter(fields=FIELDS, forms=FORMS, explainer=Explainer(SAML_ROWS)),
    settings=FIELDS,
    setup_steps=STEPS,
    claim_rules=CLAIM_RULES,
    capabilities=CAPABILITIES,
)
