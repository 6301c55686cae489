"""Google Workspace over SAML.

There is no metadata URL, only a file, so a connection keeps certificates by hand: an account has two at most, for five
years, shared by all of its applications, and a new one must be here before it is chosen there. The entity ID is the
account's and the same for every application. The NameID is the primary address, which can change; an attribute of its own
is safer.
"""

from __future__ import annotations

from portico_google.explanations import SAML_ROWS
from portico_google.saml_steps import STEPS
from portico_saml import CAPABILITIES, SETTINGS, SamlAdapter
from portico_sdk import AdapterSpec, ClaimRule, Explainer, Forms, Transform, change_fields

FIELDS = tuple(
    field
    for field in change_fields(
        SETTINGS,
        {
            "idp_entity_id": {
                "label": "Entity ID",
                "help": "Compared exactly, with case and slashes.",
                "example": "https://accounts.google.com/o/saml2?idpid=C01abc2de",
            },
            "sso_url": {"label": "SSO URL", "example": "https://accounts.google.com/o/saml2/idp?idpid=C01abc2de"},
            "certificates": {
                "label": "Certificates",
                "help": "Google has two at most, for five years each. Paste a new one here before you choose it there.",
            },
            "subject_attribute": {
                "help": "Empty: the NameID, which is the primary e-mail address and can change. Safer: map an attribute "
                "such as an employee ID and name it here. After the first sign-in a change makes new people of everybody.",
                "example": "employeeId",
            },
        },
    )
    if field.name not in ("metadata_url", "slo_url", "slo_binding", "sign_out_at_provider")  # Google publishes neither
)

CLAIM_RULES = (
    ClaimRule("email", ("email", "Email", "mail", "emailAddress", "NameID"), (Transform("trim"), Transform("lower"))),
    ClaimRule("name", ("displayName", "name", "fullName"), (Transform("trim"),)),
    ClaimRule("given_name", ("firstName", "FirstName", "givenName", "first_name"), (Transform("trim"),)),
    ClaimRule("family_name", ("lastName", "LastName", "surname", "last_name"), (Transform("trim"),)),
    ClaimRule("groups", ("groups", "Groups", "group", "memberOf"), (Transform("trim"),)),
)

FORMS = Forms(
    entity_ids=(r"https://accounts\.google\.com/o/saml2(?:\?idpid=[A-Za-z0-9]+)?",),
    sso_urls=(r"https://accounts\.google\.com/o/saml2(?:/idp(?:\?idpid=[A-Za-z0-9]+)?)?",),
)

SAML = AdapterSpec(
    key="google-saml",
    label="Google Workspace (SAML)",
    protocol="saml",
    adapter=SamlAdapter(fields=FIELDS, forms=FORMS, explainer=Explainer(SAML_ROWS)),
    settings=FIELDS,
    setup_steps=STEPS,
    claim_rules=CLAIM_RULES,
    capabilities=CAPABILITIES,
)
