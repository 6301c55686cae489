"""What refusals mean that are about who it came from and whom it is for."""

from __future__ import annotations

from portico_sdk import Explanation, about

ADDRESSEE = (
    about(
        "issuer-mismatch",
        Explanation(
            "issuer-mismatch",
            "The sign-in came from another issuer.",
            (
                "The issuer was typed, or copied from another page than metadata.",
                "http instead of https, or a slash at the end.",
                "The provider was moved, or its name was changed.",
            ),
            "Compare expected with received, and read the provider's metadata again.",
        ),
    ),
    about(
        "saml-audience",
        Explanation(
            "saml-audience",
            "The provider made this sign-in out for a different address.",
            (
                "Audience and ACS URL were swapped.",
                "http instead of https, a slash at the end, or another case.",
                "The application at the provider belongs to another connection.",
            ),
            "Replace the audience there, also called entity ID or identifier, with our entity ID.",
        ),
    ),
    about(
        "saml-destination saml-recipient",
        Explanation(
            "saml-destination",
            "The provider sent this sign-in to a different address.",
            (
                "The ACS URL there is an old one, or the entity ID stands in its place.",
                "A separate field for the recipient was left empty.",
                "A proxy in front of us changes addresses.",
            ),
            "Replace the ACS URL there with ours, in every field that asks for it.",
        ),
    ),
    about(
        "saml-in-response-to",
        Explanation(
            "saml-in-response-to",
            "This answers another sign-in than the one that was begun.",
            ("The page was opened again from history.", "Two tabs were mixed up.", "The provider sent it on its own."),
            "Begin again at the application.",
        ),
    ),
    about(
        "saml-unsolicited",
        Explanation(
            "saml-unsolicited",
            "Somebody began at the provider, which this connection does not allow.",
            ("A tile in the provider's portal was used.",),
            "Begin at the application, or allow starting at the provider in the connection's settings.",
        ),
    ),
)
