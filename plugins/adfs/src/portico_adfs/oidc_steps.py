"""Setting up AD FS for OpenID Connect, page by page of its wizard."""

from __future__ import annotations

from portico_adfs.claim_rules import GRANT, WEB_API_RULE
from portico_sdk import SetupStep

STEPS: tuple[SetupStep, ...] = (
    SetupStep(
        "application-group",
        "Add an application group",
        "On the AD FS server (2016 or later) open Server Manager › Tools › AD FS Management › Application Groups › Add "
        "Application Group… and give it a name.",
        choices=(("Template", "Server application accessing a web API"),),
    ),
    SetupStep(
        "server-application",
        "Copy our redirect URI into AD FS",
        "On the page Server application paste it and choose Add. Copy Client Identifier.",
        copies=(("redirect_uri", "Redirect URI"),),
        asks=("issuer", "client_id"),
    ),
    SetupStep(
        "secret",
        "Create a shared secret",
        "On the page Configure Application Credentials choose Generate a shared secret and copy it before you go on.",
        asks=("client_secret",),
    ),
    SetupStep(
        "web-api",
        "Name the Web API",
        "On the page Configure Web API type an identifier of its own, such as the address of the application, and Add. It "
        "must not be the Client Identifier.",
        asks=("resource",),
    ),
    SetupStep(
        "assign-people",
        "Say who may sign in",
        "On Choose Access Control Policy choose who may use it.",
        choices=(("Choose an access control policy", "Permit everyone, or Permit specific group"),),
    ),
    SetupStep(
        "permissions",
        "Allow the claims in the ID token",
        "On Configure Application Permissions tick the scopes below, or run the command afterwards. AD FS 2016 needs "
        "KB4019472 for this.",
        choices=(("Permitted scopes", "allatclaims, openid"),),
        snippets=(("PowerShell", GRANT),),
    ),
    SetupStep(
        "claims",
        "Release e-mail address, name and groups",
        "Open the application group, then the Web API › Edit… › Issuance Transform Rules › Add Rule… › Send Claims Using a "
        "Custom Rule and paste the rule.",
        snippets=(("Custom rule: ID token claims", WEB_API_RULE),),
    ),
)
