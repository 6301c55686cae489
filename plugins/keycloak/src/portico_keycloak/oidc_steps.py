"""Setting up Keycloak for OpenID Connect, page by page of its console."""

from __future__ import annotations

from portico_sdk import SetupStep

STEPS: tuple[SetupStep, ...] = (
    SetupStep(
        "create-client",
        "Create a client in Keycloak",
        "In the admin console choose your realm, then Clients › Create client, and type a Client ID.",
        choices=(
            ("Client type", "OpenID Connect"),
            ("Client authentication", "On"),
            ("Authentication flow", "Standard flow"),
        ),
    ),
    SetupStep(
        "redirect-uri",
        "Copy our redirect URI into Keycloak",
        "Paste it, and Save.",
        copies=(("redirect_uri", "Valid redirect URIs"),),
    ),
    SetupStep(
        "credentials",
        "Copy realm address, client ID and secret",
        "Realm settings › General › Endpoints › OpenID Endpoint Configuration begins with the realm's address. The "
        "client's Credentials tab shows Client Secret.",
        asks=("issuer", "client_id", "client_secret"),
    ),
    SetupStep(
        "groups",
        "Release groups",
        "Open Client scopes › the scope that ends in -dedicated › Add mapper › By configuration › Group Membership.",
        choices=(("Token Claim Name", "groups"), ("Full group path", "Off"), ("Add to ID token", "On")),
    ),
    SetupStep(
        "assign-people",
        "Say who may sign in",
        "Keycloak lets in everybody of the realm. To let in fewer, give the client a flow with a role condition under "
        "Authentication, and the role to people or groups.",
    ),
)
