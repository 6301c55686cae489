"""Setting up PingOne for OpenID Connect, page by page of its console."""

from __future__ import annotations

from portico_sdk import SetupStep

STEPS: tuple[SetupStep, ...] = (
    SetupStep(
        "add-app",
        "Add an application in PingOne",
        "Open Applications › Applications, choose + and give it a name, then Save.",
        choices=(("Application Type", "OIDC Web App"),),
    ),
    SetupStep(
        "redirect-uri",
        "Copy our redirect URI into PingOne",
        "On the Configuration tab choose the pencil and paste it.",
        copies=(("redirect_uri", "Redirect URIs"),),
        choices=(
            ("Response Type", "Code"),
            ("Grant Type", "Authorization Code"),
            ("Token Endpoint Authentication Method", "Client Secret Basic"),
        ),
    ),
    SetupStep(
        "claims",
        "Release e-mail address, name and groups",
        "On the Resources tab add the scopes email and profile; on Attribute Mappings add the lines below. PingOne sends "
        "nothing else.",
        choices=(
            ("email", "Email Address"),
            ("given_name", "Given Name"),
            ("family_name", "Family Name"),
            ("groups", "Group Names"),
        ),
    ),
    SetupStep(
        "credentials",
        "Copy issuer, client ID and client secret",
        "The Overview tab shows all three; the issuer is Issuer ID and ends in /as.",
        asks=("issuer", "client_id", "client_secret"),
    ),
    SetupStep(
        "assign-people",
        "Turn the application on and assign people",
        "The switch at the top of the application is off until you turn it on. On the Access tab choose the groups whose "
        "people may sign in.",
    ),
)
