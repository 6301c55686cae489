"""What a provider's own errors mean, at its authorization and its token endpoint."""

from __future__ import annotations

from portico_sdk import Explanation, about

PROVIDERS_WORD = (
    about(
        "provider-error",
        Explanation(
            "oidc-access-denied",
            "The provider did not let the person in.",
            (
                "The person is not assigned to the application.",
                "A rule for sign-ins there forbids it.",
                "The person chose Cancel.",
            ),
            "Look for this sign-in in the provider's own log, and assign the person there.",
        ),
        said=r"access_denied",
    ),
    about(
        "provider-error",
        Explanation(
            "oidc-interaction",
            "The provider wanted to ask the person something and was not allowed to.",
            ("The application asked for a silent sign-in, and the person has no session there.",),
            "Begin again at the application.",
        ),
        said=r"login_required|interaction_required|consent_required|account_selection_required",
    ),
    about(
        "provider-error",
        Explanation(
            "oidc-request-refused",
            "The provider does not accept our request.",
            (
                "The redirect URI is not registered there, or not byte for byte.",
                "A scope is not allowed for this application.",
                "The authorization code flow is not allowed for this application.",
            ),
            "Compare redirect URI, scopes and grant types there with this connection's.",
        ),
        said=r"invalid_request|invalid_scope|unauthorized_client|unsupported_response_type|redirect_uri",
    ),
    about(
        "provider-error",
        Explanation(
            "oidc-provider-error",
            "The provider answered with an error of its own.",
            ("It says so in its own words in the detail.",),
            "Look for the same moment in the provider's log.",
        ),
    ),
    about(
        "token-refused",
        Explanation(
            "oidc-invalid-client",
            "The provider does not accept our client ID and secret.",
            (
                "The secret expired, or was replaced.",
                "The secret's ID was copied instead of its value.",
                "The client belongs to another issuer of the same provider.",
                "The provider expects the secret in another place than we send it.",
            ),
            "Create a new secret there and paste its value here.",
        ),
        said=r"invalid_client|unauthorized_client|\b401\b",
    ),
    about(
        "token-refused",
        Explanation(
            "oidc-token-refused",
            "The provider does not exchange the code for a token.",
            ("The code was too old.", "The page was sent twice.", "The redirect URI differs from the registered one."),
            "Begin again. When it happens every time, compare the redirect URI there with ours.",
        ),
    ),
)
