"""Explanations of requests that did not arrive, the same for every provider. Their codes are the outbound guard's."""

from __future__ import annotations

from typing import Final

from portico_sdk.explaining import ExplainerRow, Explanation, about

#: Codes of ProviderUnreachable as the guard raises it.
UNREACHABLE: Final = frozenset(
    {
        "outbound-address-refused",
        "outbound-connection",
        "outbound-dns",
        "outbound-document",
        "outbound-encoding",
        "outbound-name-unknown",
        "outbound-status",
        "outbound-timeout",
        "outbound-tls",
        "outbound-too-large",
        "outbound-url-refused",
    }
)

UNREACHABLE_ROWS: Final[tuple[ExplainerRow, ...]] = (
    about(
        UNREACHABLE,
        Explanation(
            "unreachable-name",
            "The provider's name is not in public DNS.",
            ("The server is known only inside the company.", "The address was mistyped."),
            "Upload the metadata as a file, or publish the name.",
        ),
        said=r"DNS|outbound-name-unknown",
    ),
    about(
        UNREACHABLE,
        Explanation(
            "unreachable-private",
            "The provider's address lies in a private network.",
            ("The server is meant for the company's own network only.",),
            "Upload the metadata as a file, or ask the operator to allow this address.",
        ),
        said=r"outbound-address-refused|private|not a public address",
    ),
    about(
        UNREACHABLE,
        Explanation(
            "unreachable-certificate",
            "The provider's server has a certificate that is not trusted.",
            ("It comes from the company's own authority.", "It expired, or was made for another name."),
            "Install a certificate from a public authority, or ask the operator to trust the company's.",
        ),
        said=r"outbound-tls|certificate",
    ),
    about(
        UNREACHABLE,
        Explanation(
            "unreachable-not-found",
            "This address does not lead to a document of the provider.",
            ("It is the address of the console or of a sign-in page.", "The application is not published yet."),
            "Copy the address from the application's page in the provider's console.",
        ),
        said=r"answered [34]\d\d|neither JSON nor XML|cannot be read",
    ),
    about(
        UNREACHABLE,
        Explanation(
            "unreachable",
            "The provider did not answer us in time.",
            ("It is out of order, or overloaded.", "A firewall keeps us out."),
            "Begin again in a minute. When it stays, look at the provider's own state page and at the firewall.",
        ),
    ),
)
