"""What a customer's administrator does, step by step, at a provider that we do not know by name."""

from __future__ import annotations

from portico_sdk import SetupStep

STEPS: tuple[SetupStep, ...] = (
    SetupStep(
        "register",
        "Register an application at your identity provider",
        "Create a web application (a confidential client) that uses OpenID Connect with the authorization code flow.",
    ),
    SetupStep(
        "redirect-uri",
        "Enter our redirect URI",
        "Paste it as it is, as the only redirect URI (callback URL) of the application.",
        copies=(("redirect_uri", "Redirect URI"),),
    ),
    SetupStep(
        "issuer",
        "Copy the issuer",
        "Your provider shows it as issuer, authority or domain. Opened in a browser with "
        "/.well-known/openid-configuration at its end, it shows a page of JSON.",
        asks=("issuer",),
    ),
    SetupStep(
        "credentials",
        "Copy client ID and client secret",
        "Copy the secret's value, not its ID, and note when it expires.",
        asks=("client_id", "client_secret"),
    ),
    SetupStep(
        "claims",
        "Release e-mail address, name and groups",
        "Let the ID token or the userinfo endpoint carry email, name, given_name, family_name and, if you use them, "
        "groups. Some providers release groups only for a scope of that name.",
        asks=("scopes",),
    ),
    SetupStep("assign", "Assign the people who may sign in", "Begin with yourself, and test."),
)
