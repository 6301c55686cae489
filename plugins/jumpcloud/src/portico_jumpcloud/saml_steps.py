"""Setting up JumpCloud for SAML, page by page of its console."""

from __future__ import annotations

from portico_sdk import SetupStep

STEPS: tuple[SetupStep, ...] = (
    SetupStep(
        "add-app",
        "Add a custom application in JumpCloud",
        "In the Admin Portal open SSO Applications › Add New Application and choose Custom Application, then Manage Single "
        "Sign-On (SSO).",
        choices=(("Configure SSO with", "SAML"),),
    ),
    SetupStep(
        "copy-values",
        "Copy our values into JumpCloud",
        "They go into the SSO tab. IdP Entity ID is yours to invent: jumpcloud- and your domain is a good one.",
        copies=(("entity_id", "SP Entity ID"), ("acs_url", "ACS URLs: Default URL")),
        choices=(
            ("SAMLSubject NameID", "email"),
            ("SAMLSubject NameID Format", "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent, or unspecified"),
            ("Signature Algorithm", "RSA-SHA256"),
            ("Sign", "Assertion"),
        ),
    ),
    SetupStep(
        "attributes",
        "Release e-mail address, name and groups",
        "On the same page add these under User Attribute Mapping; JumpCloud sends none by itself. For groups tick include "
        "group attribute.",
        choices=(
            ("Service Provider Attribute Name: email", "JumpCloud Attribute Name: email"),
            ("Service Provider Attribute Name: firstname", "JumpCloud Attribute Name: firstname"),
            ("Service Provider Attribute Name: lastname", "JumpCloud Attribute Name: lastname"),
            ("include group attribute", "memberOf"),
        ),
    ),
    SetupStep(
        "give-metadata",
        "Give us JumpCloud's metadata",
        "Save, open the application again, and choose Copy Metadata URL on the SSO tab, or Export Metadata for a file.",
        asks=("metadata_url",),
    ),
    SetupStep(
        "check-values",
        "Check its address and certificate",
        "The SSO tab shows IdP Entity ID and IDP URL, the menu on the left IDP Certificate Valid.",
        asks=("idp_entity_id", "sso_url", "sso_binding", "certificates"),
    ),
    SetupStep(
        "assign-people",
        "Assign people",
        "On the User Groups tab tick the groups whose people may sign in.",
    ),
)
