"""What refusals mean that come of settings here or there."""

from __future__ import annotations

from portico_sdk import Explanation, about

SETTINGS = (
    about(
        "issuer-mismatch issuer-template",
        Explanation(
            "oidc-issuer",
            "The provider calls itself by another name than the issuer of this connection.",
            (
                "A slash at the end is missing or too much.",
                "The address of a shared page was copied instead of your own tenant's.",
                "Custom domain and original domain were mixed up.",
            ),
            "Copy the issuer exactly as the discovery document writes it; it is shown as received.",
        ),
    ),
    about(
        "discovery-malformed jwks-malformed",
        Explanation(
            "oidc-discovery",
            "The issuer's address does not lead to an OpenID Connect provider.",
            ("The address of a console or a sign-in page was copied.", "The provider is out of order."),
            "Open the issuer with /.well-known/openid-configuration at its end in a browser; it must show JSON.",
        ),
    ),
    about(
        "endpoint-refused",
        Explanation(
            "oidc-endpoint",
            "The provider's own addresses cannot be used from here.",
            ("They are not https.", "They lie in a private network."),
            "Publish them on https addresses, or ask the operator to allow them.",
        ),
    ),
    about(
        "settings-incomplete",
        Explanation(
            "oidc-settings",
            "This connection is not complete.",
            ("Issuer, client ID or client secret is empty.",),
            "Fill in all three.",
        ),
    ),
    about(
        "code-flow-not-offered algorithm-not-offered auth-method-not-offered algorithm-refused",
        Explanation(
            "oidc-not-offered",
            "The provider does not offer what a safe sign-in needs.",
            ("It was set to another flow.", "It signs with a shared secret (HS256) or not at all."),
            "Allow the authorization code flow, a signature such as RS256 or ES256, and a client secret.",
        ),
    ),
)
