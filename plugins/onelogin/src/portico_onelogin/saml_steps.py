"""Setting up OneLogin for SAML, page by page of its console."""

from __future__ import annotations

from portico_sdk import SetupStep

STEPS: tuple[SetupStep, ...] = (
    SetupStep(
        "add-app",
        "Add a connector in OneLogin",
        "In the administration open Applications › Applications › Add App, search for the connector, and Save.",
        choices=(("Connector", "SAML Custom Connector (Advanced)"),),
    ),
    SetupStep(
        "copy-values",
        "Copy our values into OneLogin",
        "They go into the Configuration tab. ACS (Consumer) URL Validator is a regular expression: ^, our ACS URL with a "
        "backslash before every slash and dot, and $. Leave nothing of these empty: an empty Recipient is refused here.",
        copies=(
            ("entity_id", "Audience (EntityID)"),
            ("acs_url", "Recipient"),
            ("acs_url", "ACS (Consumer) URL"),
            ("acs_url", "ACS (Consumer) URL Validator, as a regular expression"),
        ),
        choices=(
            ("SAML initiator", "Service Provider"),
            ("SAML nameID format", "Persistent, or Email"),
            ("SAML signature element", "Both, or Assertion"),
            ("Encrypt assertion", "not ticked"),
        ),
    ),
    SetupStep(
        "parameters",
        "Release e-mail address, name and groups",
        "On the Parameters tab add a field for each line and tick Include in SAML assertion every time: without it "
        "OneLogin sends nothing. For groups choose Multi-value parameter too.",
        choices=(
            ("User.email", "Email"),
            ("User.FirstName", "First Name"),
            ("User.LastName", "Last Name"),
            ("memberOf", "User Roles, or MemberOf"),
        ),
    ),
    SetupStep(
        "signature",
        "Sign with SHA-256",
        "On the SSO tab change it where it still says SHA-1, as older applications do.",
        choices=(("SAML Signature Algorithm", "SHA-256"),),
    ),
    SetupStep(
        "give-metadata",
        "Give us OneLogin's metadata",
        "Copy Issuer URL from the SSO tab; it is the address of the metadata. We read it again every day.",
        asks=("metadata_url",),
    ),
    SetupStep(
        "check-values",
        "Check its address and certificate",
        "The SSO tab shows Issuer URL, SAML 2.0 Endpoint (HTTP) and X.509 Certificate › View Details.",
        asks=("idp_entity_id", "sso_url", "certificates"),
    ),
    SetupStep(
        "assign-people",
        "Assign people",
        "On the Access tab tick the roles whose people may sign in, or add the app to single people under Users.",
    ),
)
