"""Setting up OneLogin for OpenID Connect, page by page of its console."""

from __future__ import annotations

from portico_sdk import SetupStep

STEPS: tuple[SetupStep, ...] = (
    SetupStep(
        "add-app",
        "Add a connector in OneLogin",
        "In the administration open Applications › Applications › Add App, search for the connector, and Save.",
        choices=(("Connector", "OpenId Connect (OIDC)"),),
    ),
    SetupStep(
        "redirect-uri",
        "Copy our redirect URI into OneLogin",
        "It goes into the Configuration tab.",
        copies=(("redirect_uri", "Redirect URI's"),),
    ),
    SetupStep(
        "credentials",
        "Copy issuer, client ID and client secret",
        "The SSO tab shows all three. Application Type and the way the token endpoint authenticates stand there too.",
        choices=(("Application Type", "Web"), ("Token Endpoint: Authentication Method", "Basic")),
        asks=("issuer", "client_id", "client_secret"),
    ),
    SetupStep(
        "groups",
        "Release groups",
        "On the Parameters tab open Groups and choose what becomes a group.",
        choices=(("Groups", "User Roles, semicolon delimited input (multi-value output)"),),
    ),
    SetupStep(
        "assign-people",
        "Assign people",
        "On the Access tab tick the roles whose people may sign in.",
    ),
)
