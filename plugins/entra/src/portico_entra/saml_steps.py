"""Setting up Microsoft Entra ID for SAML, page by page of its admin center."""

from __future__ import annotations

from portico_sdk import SetupStep

STEPS: tuple[SetupStep, ...] = (
    SetupStep(
        "create-app",
        "Create an enterprise application in Entra",
        "In the Microsoft Entra admin center open Entra ID › Enterprise apps › New application › Create your own "
        "application. Give it a name and choose Create.",
        choices=(
            (
                "What are you looking to do with your application?",
                "Integrate any other application you don't find in the gallery (Non-gallery)",
            ),
        ),
    ),
    SetupStep(
        "copy-values",
        "Copy two values into Entra",
        "Open Single sign-on › SAML. In Basic SAML Configuration choose Edit, paste both, and Save. Leave Sign on URL, "
        "Relay State and Logout Url empty.",
        copies=(
            ("entity_id", "Identifier (Entity ID)"),
            ("acs_url", "Reply URL (Assertion Consumer Service URL)"),
        ),
    ),
    SetupStep(
        "claims",
        "Release e-mail address, name and groups",
        "In Attributes & Claims, Entra sends e-mail address and name by itself; leave those and the Unique User Identifier "
        "as they are. For groups choose Add a group claim. More than 150 groups of a person are left out, so choose the "
        "groups assigned to this application.",
        choices=(
            (
                "Which groups associated with the user should be returned in the claim?",
                "Groups assigned to the application",
            ),
            ("Source attribute", "Group ID"),
        ),
    ),
    SetupStep(
        "give-metadata",
        "Give us Entra's metadata",
        "In SAML Certificates copy App Federation Metadata Url, with ?appid= at its end. We read it again every day. "
        "Entra never renews the certificate by itself; when you do, make the new one active and we find it there.",
        choices=(("Signing Option", "Sign SAML assertion"), ("Signing Algorithm", "SHA-256")),
        asks=("metadata_url",),
    ),
    SetupStep(
        "check-values",
        "Check its address and certificate",
        "The section Set up, with the name of your application, shows Login URL and Microsoft Entra Identifier. "
        "Certificate (Base64) stands in SAML Certificates.",
        asks=("idp_entity_id", "sso_url", "certificates"),
    ),
    SetupStep(
        "assign-people",
        "Assign people",
        "Open Users and groups › Add user/group. Begin with yourself. Whoever is not assigned sees AADSTS50105.",
    ),
)
