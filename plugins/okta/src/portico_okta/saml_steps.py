"""Setting up Okta for SAML, page by page of its console."""

from __future__ import annotations

from portico_sdk import SetupStep

STEPS: tuple[SetupStep, ...] = (
    SetupStep(
        "create-app",
        "Create an app integration in Okta",
        "In the Okta Admin Console open Applications › Applications and choose Create App Integration. "
        "Give the app a name and continue with Next.",
        choices=(("Sign-in method", "SAML 2.0"),),
    ),
    SetupStep(
        "copy-values",
        "Copy two values into Okta",
        "They go into Configure SAML › SAML Settings. Leave Default RelayState empty.",
        copies=(("acs_url", "Single sign-on URL"), ("entity_id", "Audience URI (SP Entity ID)")),
        choices=(
            ("Use this for Recipient URL and Destination URL", "ticked"),
            ("Name ID format", "Unspecified"),
            ("Application username", "Okta username"),
        ),
    ),
    SetupStep(
        "attributes",
        "Release e-mail address, name and groups",
        "On the same page, add these lines under Attribute Statements, each with its name and value. "
        "userId never changes; let whoever runs the application know that you added it. "
        "For groups, add one line under Group Attribute Statements; its filter may be narrower.",
        choices=(
            ("Attribute Statements: email", "user.email"),
            ("Attribute Statements: firstName", "user.firstName"),
            ("Attribute Statements: lastName", "user.lastName"),
            ("Attribute Statements: userId", "user.id"),
            ("Group Attribute Statements: groups", "Matches regex .*"),
        ),
        snippets=(("Filter for all groups", ".*"),),
    ),
    SetupStep(
        "finish",
        "Finish the app",
        "Choose Next, then the answer for an internal app, and Finish.",
        choices=(("Are you a customer or partner?", "I'm an Okta customer adding an internal app"),),
    ),
    SetupStep(
        "give-metadata",
        "Give us Okta's metadata",
        "Open the app's Sign On tab. Under Metadata details copy Metadata URL. We read it again every day, so a new "
        "certificate never locks your people out.",
        asks=("metadata_url",),
    ),
    SetupStep(
        "check-values",
        "Check its address and certificate",
        "The Sign On tab shows them under More details, as Sign on URL, Issuer and Signing Certificate.",
        asks=("idp_entity_id", "sso_url", "certificates"),
    ),
    SetupStep(
        "assign-people",
        "Assign people",
        "Open the app's Assignments tab and choose Assign › Assign to People or Assign to Groups. Begin with yourself. "
        "Whoever is not assigned sees an error of Okta's and never comes back to us.",
    ),
)
