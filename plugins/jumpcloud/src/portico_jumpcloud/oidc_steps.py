"""Setting up JumpCloud for OpenID Connect, page by page of its console."""

from __future__ import annotations

from portico_sdk import SetupStep

STEPS: tuple[SetupStep, ...] = (
    SetupStep(
        "add-app",
        "Add a custom application in JumpCloud",
        "In the Admin Portal open SSO Applications › Add New Application and choose Custom Application, then Manage Single "
        "Sign-On (SSO).",
        choices=(("Configure SSO with", "OIDC"),),
    ),
    SetupStep(
        "redirect-uri",
        "Copy our redirect URI into JumpCloud",
        "It goes into the SSO tab.",
        copies=(("redirect_uri", "Redirect URIs"),),
        choices=(
            ("Client Authentication Type", "Client Secret Basic"),
            ("Standard Scopes", "Email and Profile, ticked"),
        ),
    ),
    SetupStep(
        "groups",
        "Release groups",
        "On the same page, under Attribute Mapping.",
        choices=(("include group attribute", "groups"),),
    ),
    SetupStep(
        "credentials",
        "Copy client ID and client secret",
        "JumpCloud shows both once, when the application is activated. The issuer is the same for everybody of a region.",
        asks=("client_id", "client_secret", "issuer"),
    ),
    SetupStep(
        "assign-people",
        "Assign people",
        "On the User Groups tab tick the groups whose people may sign in.",
    ),
)
