"""Setting up Google Workspace for SAML, page by page of its console."""

from __future__ import annotations

from portico_sdk import SetupStep

STEPS: tuple[SetupStep, ...] = (
    SetupStep(
        "add-app",
        "Add a custom SAML app in Google",
        "In admin.google.com open Apps › Web and mobile apps › Add app › Add custom SAML app. Give it an App name and "
        "choose Continue.",
    ),
    SetupStep(
        "give-metadata",
        "Give us Google's metadata",
        "On the page Google Identity Provider details choose Download metadata and upload the file here, or copy SSO URL, "
        "Entity ID and Certificate. Google has no address from which we could read them again.",
        asks=("idp_entity_id", "sso_url", "certificates"),
    ),
    SetupStep(
        "copy-values",
        "Copy two values into Google",
        "They go into Service provider details. Case counts. Leave Start URL empty.",
        copies=(("acs_url", "ACS URL"), ("entity_id", "Entity ID")),
        choices=(
            ("Signed response", "as you like: the response is signed then, else the assertion"),
            ("Name ID format", "UNSPECIFIED"),
            ("Name ID", "Basic Information > Primary email"),
        ),
    ),
    SetupStep(
        "attributes",
        "Release e-mail address, name and groups",
        "On the page Attributes add a mapping for each line below. Under Group membership (optional) choose the groups "
        "that this application uses, at most 75; Google sends only those, by name. Then choose Finish.",
        choices=(
            ("Basic Information > Primary email", "email"),
            ("Basic Information > First name", "firstName"),
            ("Basic Information > Last name", "lastName"),
            ("Group membership: App attribute", "groups"),
        ),
    ),
    SetupStep(
        "assign-people",
        "Turn the app on",
        "Open the app's User access and choose ON for everyone, or for a group or an organizational unit. It can take 24 "
        "hours until everybody has it.",
        choices=(("Service status", "ON for everyone"),),
    ),
)
