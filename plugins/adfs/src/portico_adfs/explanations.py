"""What the MSIS numbers of AD FS mean, over either protocol. They stand in its error page, its events and its answers."""

from __future__ import annotations

from portico_sdk import ExplainerRow, Explanation, about

Way = tuple[str, ...]

TRUST: Way = ("AD FS Management", "Relying Party Trusts", "the trust")
EVENTS: Way = ("Event Viewer", "Applications and Services Logs", "AD FS", "Admin")

#: What its own page shows the person.
REFERENCE = r"(Activity ID: ?[0-9a-fA-F-]{36})"


def event(said: str, name: str, title: str, causes: Way, fix: str, where: Way) -> ExplainerRow:
    """Return the row for what AD FS says in an answer or an event."""
    return ExplainerRow(Explanation(f"adfs-{name}", title, causes, fix, where), said=said)


LOOP = Explanation(
    "adfs-loop",
    "AD FS stopped a loop: the same browser came back six times in a moment.",
    ("Our answer to its answer was lost, often because the browser refuses cookies.", "The application begins anew."),
    "Allow cookies for both addresses, close the browser and begin again.",
    EVENTS,
)


COMMON_ROWS = (
    event(
        r"MSIS7007|MSIS3020|does not identify any known relying party|Event (?:ID )?184(?![0-9])",
        "unknown-trust",
        "AD FS does not know this relying party.",
        ("The identifier has a mistake.", "The trust is disabled, or was made on another farm."),
        "Compare Relying party trust identifier with our entity ID, letter by letter.",
        (*TRUST, "Properties", "Identifiers"),
    ),
    event(
        r"MSIS3200|MSIS9224",
        "endpoint",
        "AD FS does not know the address that it should answer to.",
        ("Our address is missing among the endpoints.", "http for https, a slash at the end, or another case."),
        "Add our address byte for byte.",
        (*TRUST, "Properties", "Endpoints"),
    ),
    event(
        r"MSIS5007",
        "access-policy",
        "The access control policy does not let this person in.",
        ("The person is not in the permitted group.", "Another place or a second factor is demanded."),
        "Permit the person, or a group that the person is in.",
        (*TRUST, "Edit Access Control Policy"),
    ),
    ExplainerRow(LOOP, said=r"MSIS7012|MSIS7042"),
    about("sign-in-loop", LOOP),
    event(
        r"Event (?:ID )?(?:315|316|317)(?![0-9])|[Rr]evocation",
        "certificate-chain",
        "AD FS cannot check a certificate of ours.",
        ("It looks for a revocation list that it cannot reach.",),
        "Use the self-signed certificate from our metadata, or switch the revocation check of this trust off.",
        (*TRUST, "Properties", "Signature"),
    ),
)
