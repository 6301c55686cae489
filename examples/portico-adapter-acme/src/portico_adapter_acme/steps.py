"""Setting up Acme, page by page of its console."""

from portico_sdk import SetupStep

STEPS = (
    SetupStep(
        id="add-application",
        title="Add an application in Acme",
        body="Open Realm › Applications › New and choose SAML.",
        copies=(("acs_url", "Return address"), ("entity_id", "Application name")),
        choices=(("Sign", "Assertion"), ("Algorithm", "RSA-SHA256")),
    ),
    SetupStep(
        id="copy-details",
        title="Copy the application's details",
        body="They stand under Details.",
        asks=("idp_entity_id", "sso_url", "certificates"),
    ),
    SetupStep(
        id="assign-people",
        title="Assign people",
        body="Under Members add the teams whose people may sign in.",
    ),
)
