"""What troubles mean that no answer tells of: nobody came back, metadata, the directory."""

from __future__ import annotations

from portico_sdk import Explanation, about

OTHERS = (
    about(
        "no-response",
        Explanation(
            "oidc-no-response",
            "Nobody has come back from the provider.",
            (
                "The person is not assigned to the application.",
                "The redirect URI is not registered there, and the provider shows an error.",
                "The tab was closed.",
            ),
            "Look at what the provider shows in the browser, and assign the person there.",
        ),
    ),
    about(
        "sign-in-loop",
        Explanation(
            "oidc-sign-in-loop",
            "The person is sent to the provider again and again.",
            ("The browser refuses cookies.", "The provider's session is not kept."),
            "Allow cookies for both addresses.",
        ),
    ),
    about(
        "metadata-html metadata-unreachable metadata-no-provider",
        Explanation(
            "oidc-metadata",
            "This address does not lead to a discovery document.",
            ("It is the address of the console.", "The server can only be reached from inside the company."),
            "Copy the issuer from the application's page.",
        ),
    ),
    about(
        "scim-duplicated",
        Explanation(
            "oidc-scim-duplicated",
            "The directory made the same person twice.",
            (
                "userName differs from the e-mail address, or in case.",
                "externalId is mapped to something that changes.",
            ),
            "Map userName and externalId to values that last, and provision the person again.",
        ),
    ),
    about(
        "scim-not-deactivated",
        Explanation(
            "oidc-scim-not-deactivated",
            "A person who left stays active.",
            ("The provider tells us nothing when it suspends somebody.", "Deactivation is not among its actions."),
            "Unassign the person from the application, and switch deactivation on there.",
        ),
    ),
)
