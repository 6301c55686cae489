"""Requests that could not become a sign-in, or whose end could not be told: what the application or its list says wrong.

Codes with underscores on the wire (OAuth 2.0, OpenID Connect) have hyphens in traces.
"""

from __future__ import annotations

from typing import Final

from portico_sdk import ExplainerRow, Explanation, about

REQUESTS: Final[tuple[ExplainerRow, ...]] = (
    about(
        "client-unknown redirect-uri-missing redirect-uri-unregistered",
        Explanation(
            "redirect-uri-unregistered",
            "The application that asked is not registered like this.",
            (
                "The client id is another installation's, or was deleted.",
                "The redirect URI is not byte for byte one of the client's: a slash, a port, a custom domain.",
            ),
            "Compare client id and redirect URI of the request with the client in the console.",
        ),
    ),
    about(
        "target-unavailable connection-unknown",
        Explanation(
            "target-unavailable",
            "What the request names is not there, not active, or not for this client.",
            (
                "The organization or connection has another id, or was deleted.",
                "The connection is a draft or deactivated; the organization is disabled.",
                "The organization has several active connections and none is its default.",
            ),
            "Compare the id in acr_values with the organization, and activate its connection or choose a default.",
        ),
    ),
    about(
        "selectors-contradict",
        Explanation(
            "selectors-contradict",
            "The request names two different customers.",
            ("acr_values, connection, organization and login_hint do not belong together.",),
            "Send one of them; a login_hint of another organization's verified domain contradicts too.",
        ),
    ),
    about(
        "needs-email login-required account-selection-required",
        Explanation(
            "login-required",
            "The application asked not to disturb the person, and nobody could be signed in silently.",
            ("There is no session in this browser, or several people have one.", "The request names no customer."),
            "This is the ordinary answer to prompt=none. Let the application begin again without it.",
        ),
    ),
    about(
        "idp-initiated-client",
        Explanation(
            "idp-initiated-client",
            "A sign-in began at the provider, and no application is named where it could go on.",
            ("The connection names no client for it.", "The client has no initiate_login_uri."),
            "Choose the client in the connection's settings, and give that client its initiate_login_uri.",
        ),
    ),
    about(
        "access-denied",
        Explanation(
            "access-denied",
            "The sign-in was not available to this application.",
            ("A check before the provider was asked refused it.",),
            "The step that failed says which.",
        ),
    ),
    about(
        "invalid-request invalid-scope unsupported-response-type request-not-supported request-uri-not-supported "
        "registration-not-supported",
        Explanation(
            "invalid-request",
            "The application's request is not one that can be answered.",
            (
                "PKCE is missing: code_challenge with the method S256.",
                "The scope lacks openid, or response_type is not code.",
                "A parameter came twice or is malformed.",
            ),
            "The step that failed names the parameter. In Auth0 the connection must use PKCE and the type back channel.",
        ),
    ),
    about(
        "invalid-client unauthorized-client jwks-malformed",
        Explanation(
            "invalid-client",
            "The application could not prove who it is.",
            (
                "Its secret was revoked or mistyped.",
                "It authenticates in another way than it is registered for.",
                "Its key set cannot be read, or lacks the key.",
            ),
            "Make a new secret for the client and put it into the application; then revoke the old one.",
        ),
    ),
    about(
        "invalid-grant unsupported-grant-type",
        Explanation(
            "invalid-grant",
            "The code that the application brought counts for nothing.",
            (
                "It was used before, or is older than a minute.",
                "It belongs to another client or redirect URI.",
                "The PKCE verifier does not fit.",
            ),
            "Begin again. When a code was used twice, look for what sends the application's callback twice.",
        ),
    ),
    about(
        "invalid-token",
        Explanation(
            "invalid-token",
            "The access token counts for nothing.",
            ("It expired: access tokens live for minutes.", "The session, connection or client was ended."),
            "Begin again: the application asks for a new token.",
        ),
    ),
)
