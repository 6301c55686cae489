"""Shibboleth, and whoever else speaks as research and education federations do.

Attributes have the names of their object identifiers. The NameID is transient; a person is named by the first of
subject-id, pairwise-id, eduPersonUniqueId, eduPersonTargetedID or a lasting NameID. eduPersonPrincipalName may be given to
somebody else and identifies nobody here, unless an operator says so. The response is signed, and the assertion encrypted:
a provider that finds no key in our metadata refuses, so encryption is required and our metadata has one. All signing
certificates count: a server lists the one of its back channel too.
"""

from __future__ import annotations

from portico_saml import CAPABILITIES, NAME_ID, SETTINGS, SamlAdapter, SamlPolicy, SubjectSource
from portico_sdk import AdapterSpec, ClaimRule, Explainer, Forms, SettingField, Transform, change_fields
from portico_shibboleth.explanations import SAML_ROWS
from portico_shibboleth.saml_steps import STEPS

_EDU = "urn:oid:1.3.6.1.4.1.5923.1"
_MACE = "urn:mace:dir:attribute-def"
_TRIM = (Transform("trim"),)

SUBJECT_SOURCES = (
    *(
        SubjectSource(name, (name,))
        for name in (
            "urn:oasis:names:tc:SAML:attribute:subject-id",
            "urn:oasis:names:tc:SAML:attribute:pairwise-id",
            f"{_EDU}.1.1.13",  # eduPersonUniqueId
            f"{_EDU}.1.1.10",  # eduPersonTargetedID
        )
    ),
    NAME_ID,
)

SCOPED = frozenset(
    {
        "urn:oasis:names:tc:SAML:attribute:subject-id",
        "urn:oasis:names:tc:SAML:attribute:pairwise-id",
        "subject-id",
        "pairwise-id",
        f"{_EDU}.1.1.13",
        "eduPersonUniqueId",
        f"{_EDU}.1.1.6",
        f"{_MACE}:eduPersonPrincipalName",
        "eduPersonPrincipalName",
        f"{_EDU}.1.1.9",
        f"{_MACE}:eduPersonScopedAffiliation",
        "eduPersonScopedAffiliation",
    }
)

FIELDS = (
    *change_fields(
        SETTINGS,
        {
            "idp_entity_id": {"example": "https://idp.example.edu/idp/shibboleth"},
            "sso_url": {"example": "https://idp.example.edu/idp/profile/SAML2/Redirect/SSO"},
            "metadata_url": {
                "help": "The federation's address for this one provider (MDQ) where there is one. The server's own "
                "/idp/shibboleth is as old as its installation.",
                "example": "https://mdq.example.org/entities/https%3A%2F%2Fidp.example.edu%2Fidp%2Fshibboleth",
            },
            "encryption": {
                "default": "required",
                "help": "Required: our metadata offers a key, without which Shibboleth refuses by default. Optional only "
                "where the provider does not encrypt for us.",
            },
            "subject_attribute": {
                "help": "Empty: the first that comes of subject-id, pairwise-id, eduPersonUniqueId, eduPersonTargetedID "
                "and a lasting NameID. After the first sign-in a change makes new people of everybody.",
            },
        },
    ),
    SettingField(
        "accepted_scopes",
        "list",
        "Scopes",
        editable_by="customer",
        help="Read from metadata. Values such as user@example.edu of other scopes do not count.",
        example="example.edu",
    ),
)

CLAIM_RULES = (
    ClaimRule("email", ("urn:oid:0.9.2342.19200300.100.1.3", "mail", f"{_MACE}:mail"), (*_TRIM, Transform("lower"))),
    ClaimRule(
        "name",
        ("urn:oid:2.16.840.1.113730.3.1.241", "displayName", f"{_MACE}:displayName", "urn:oid:2.5.4.3", "cn"),
        _TRIM,
    ),
    ClaimRule("given_name", ("urn:oid:2.5.4.42", "givenName", f"{_MACE}:givenName"), _TRIM),
    ClaimRule("family_name", ("urn:oid:2.5.4.4", "sn", f"{_MACE}:sn"), _TRIM),
    ClaimRule(
        "preferred_username",
        (f"{_EDU}.1.1.6", f"{_MACE}:eduPersonPrincipalName", "urn:oid:0.9.2342.19200300.100.1.1", "uid"),
        _TRIM,
    ),
    ClaimRule("groups", (f"{_EDU}.5.1.1", "isMemberOf"), _TRIM),
    ClaimRule("roles", (f"{_EDU}.1.1.9", f"{_EDU}.1.1.1", f"{_MACE}:eduPersonAffiliation"), _TRIM),
)

_HOST = r"https://[^/?#]+"

SAML = AdapterSpec(
    key="shibboleth-saml",
    label="Shibboleth (SAML)",
    protocol="saml",
    adapter=SamlAdapter(
        fields=FIELDS,
        policy=SamlPolicy(subject_sources=SUBJECT_SOURCES, scoped_attributes=SCOPED),
        forms=Forms(
            entity_ids=(rf"{_HOST}/idp/shibboleth",),
            metadata_urls=(rf"{_HOST}/idp/shibboleth",),
            sso_urls=(rf"{_HOST}/idp/profile/SAML2/(?:Redirect|POST|POST-SimpleSign|Unsolicited)/SSO",),
        ),
        explainer=Explainer(SAML_ROWS),
    ),
    settings=FIELDS,
    setup_steps=STEPS,
    claim_rules=CLAIM_RULES,
    capabilities=CAPABILITIES,
)
