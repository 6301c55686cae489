"""Setting up Okta for OpenID Connect, page by page of its console."""

from __future__ import annotations

from portico_sdk import SetupStep

STEPS: tuple[SetupStep, ...] = (
    SetupStep(
        "create-app",
        "Create an app integration in Okta",
        "In the Okta Admin Console open Applications › Applications and choose Create App Integration.",
        choices=(("Sign-in method", "OIDC - OpenID Connect"), ("Application type", "Web Application")),
    ),
    SetupStep(
        "redirect-uri",
        "Copy our redirect URI into Okta",
        "Replace what stands there already, and leave the grant type as it is.",
        copies=(("redirect_uri", "Sign-in redirect URIs"),),
        choices=(("Grant type", "Authorization Code"),),
    ),
    SetupStep(
        "assign-people",
        "Assign people",
        "On the same page, or later on the app's Assignments tab, choose who may sign in, and Save. Begin with yourself.",
        choices=(("Controlled access", "Limit access to selected groups"),),
    ),
    SetupStep(
        "credentials",
        "Copy client ID and client secret",
        "The app's General tab shows both under Client Credentials and CLIENT SECRETS. The issuer is https:// and your "
        "Okta domain, as the menu under your name shows it, not the address that begins with your name and -admin.",
        asks=("issuer", "client_id", "client_secret"),
    ),
    SetupStep(
        "groups",
        "Release groups",
        "Open the app's Sign On tab, then OpenID Connect ID Token › Edit. Okta stops at 100 groups of a person, so let "
        "the filter pass only the groups that this application uses.",
        choices=(("Group claim type", "Filter"), ("Group claims filter", "groups, Matches regex, .*")),
        snippets=(("Filter for all groups", ".*"),),
    ),
)
