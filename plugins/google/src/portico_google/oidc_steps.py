"""Setting up Google for OpenID Connect, page by page of its console."""

from __future__ import annotations

from portico_sdk import SetupStep

STEPS: tuple[SetupStep, ...] = (
    SetupStep(
        "audience",
        "Open Google Auth Platform",
        "In console.cloud.google.com choose a project of your organization, open Google Auth Platform, and on the page "
        "Audience keep the app to your organization.",
        choices=(("User type", "Internal"),),
    ),
    SetupStep(
        "create-client",
        "Create a client with our redirect URI",
        "Open Clients › Create client, choose the type and paste the redirect URI, then Create.",
        copies=(("redirect_uri", "Authorized redirect URIs"),),
        choices=(("Application type", "Web application"),),
    ),
    SetupStep(
        "credentials",
        "Copy client ID and client secret",
        "Google shows both once the client is created. The secret is shown only then.",
        asks=("client_id", "client_secret"),
    ),
    SetupStep(
        "domains",
        "Name your domains",
        "Only accounts of these Google Workspace domains may sign in. admin.google.com shows them under Account › Domains "
        "› Manage domains.",
        asks=("hosted_domains",),
    ),
    SetupStep(
        "assign-people",
        "Say who may sign in",
        "Google lets in everybody of the organization. To let in fewer, open admin.google.com › Security › Access and data "
        "control › API controls › App access control and limit the client there.",
    ),
)
