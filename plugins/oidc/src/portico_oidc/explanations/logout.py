"""What refusals mean of messages that somebody signed out at the provider."""

from __future__ import annotations

from portico_sdk import Explanation, about

LOGOUT = (
    about(
        "logout-token-missing logout-token-refused",
        Explanation(
            "oidc-logout-token",
            "The provider's message that somebody signed out cannot be used.",
            ("It is not a logout token of OpenID Connect Back-Channel Logout 1.0.", "It is older than ten minutes."),
            "Enter our back-channel logout URL at the provider, and let it send sub or sid.",
        ),
    ),
)
