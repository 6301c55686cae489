"""Setting up PingOne for SAML, page by page of its console; PingFederate asks for the same in an SP connection."""

from __future__ import annotations

from portico_sdk import SetupStep

STEPS: tuple[SetupStep, ...] = (
    SetupStep(
        "add-app",
        "Add an application in PingOne",
        "Open Applications › Applications, choose + and give it a name, then Configure. (PingFederate: Applications › SP "
        "Connections › Create Connection, with Browser SSO Profiles, SAML 2.0.)",
        choices=(("Application Type", "SAML Application"),),
    ),
    SetupStep(
        "copy-values",
        "Copy our values into PingOne",
        "Choose Import From URL and paste our metadata URL, or Manually Enter and paste the two others. (PingFederate: "
        "Partner's Entity ID and Assertion Consumer Service URL.)",
        copies=(
            ("metadata_url", "Import From URL"),
            ("acs_url", "ACS URLs"),
            ("entity_id", "Entity ID"),
        ),
        choices=(("Sign Assertion", "chosen"), ("Signing Algorithm", "RSA_SHA256")),
    ),
    SetupStep(
        "attributes",
        "Release e-mail address, name and groups",
        "On the Attribute Mappings tab leave saml_subject at User ID, which never changes, and add the others.",
        choices=(
            ("saml_subject", "User ID"),
            ("email", "Email Address"),
            ("givenName", "Given Name"),
            ("familyName", "Family Name"),
            ("groups", "Group Names"),
        ),
    ),
    SetupStep(
        "give-metadata",
        "Give us PingOne's metadata",
        "The Configuration tab shows IDP Metadata URL; we read it again every day. (PingFederate: your server's address, "
        "/pf/federation_metadata.ping?PartnerSpId= and our entity ID.)",
        asks=("metadata_url",),
    ),
    SetupStep(
        "check-values",
        "Check its address and certificate",
        "The Configuration tab shows Issuer ID, Single Signon Service and Download Signing Certificate.",
        asks=("idp_entity_id", "sso_url", "certificates"),
    ),
    SetupStep(
        "assign-people",
        "Turn the application on and assign people",
        "The switch at the top of the application is off until you turn it on. On the Access tab choose the groups whose "
        "people may sign in.",
    ),
)
