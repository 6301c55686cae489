"""What troubles mean that no response tells of: nobody came back, metadata, the directory, our own side."""

from __future__ import annotations

from portico_sdk import Explanation, about

OTHERS = (
    about(
        "no-response",
        Explanation(
            "no-response",
            "Nobody has come back from the provider.",
            (
                "The person is not assigned to the application.",
                "The provider does not know our entity ID or our ACS URL.",
                "The tab was closed.",
            ),
            "Look at what the provider shows in the browser, and assign the person there.",
        ),
    ),
    about(
        "sign-in-loop",
        Explanation(
            "sign-in-loop",
            "The person is sent to the provider again and again.",
            ("The browser refuses cookies.", "The provider's session is not kept."),
            "Allow cookies for both addresses, and look for the provider's own limit in its log.",
        ),
    ),
    about(
        "metadata-html metadata-unreachable",
        Explanation(
            "metadata-url",
            "This address does not lead to metadata.",
            (
                "It is the address of the console.",
                "The application is not published yet.",
                "The server can only be reached from inside the company.",
            ),
            "Copy the metadata URL from the application's page, or upload the metadata as a file.",
        ),
    ),
    about(
        "metadata-no-provider",
        Explanation(
            "metadata-no-provider",
            "This metadata describes an application, not an identity provider.",
            ("Our own metadata was pasted back.", "The document lists many organizations."),
            "Give us the identity provider's metadata.",
        ),
    ),
    about(
        "scim-duplicated",
        Explanation(
            "scim-duplicated",
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
            "scim-not-deactivated",
            "A person who left stays active.",
            ("The provider tells us nothing when it suspends somebody.", "Deactivation is not among its actions."),
            "Unassign the person from the application, and switch deactivation on there.",
        ),
    ),
    about(
        "saml-configuration",
        Explanation(
            "saml-configuration",
            "This connection is not complete at our side.",
            ("A setting is empty.", "A key that the connection needs is missing."),
            "The detail names it; ask the operator.",
        ),
    ),
)
