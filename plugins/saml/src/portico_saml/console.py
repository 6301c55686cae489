"""Explanations in the words of one vendor's console: it gives names and places, the sentences are the same for all."""

from __future__ import annotations

from dataclasses import dataclass

from portico_sdk import ExplainerRow, Explanation, about

Way = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SamlConsole:
    """What a vendor calls things, and where its console keeps them. A way is the menus and pages in their order.

    Args:
        key: root of the codes of explanations.
        vendor: as people call it.
        entity_id, acs_url: its fields for our entity ID and our ACS URL.
        issuer, certificate, metadata: its names for its own entity ID, certificate and metadata.
        addresses: where our entity ID and ACS URL are kept.
        values: where it shows issuer, certificate and metadata.
        signing: where it is chosen what is signed, and how.
        sign: what to choose there.
        claims, groups, people: where attributes and groups are mapped, and people assigned.
        pitfalls: code of an explanation without its root (`audience`, `issuer`, ...) -> this vendor's usual causes, first.
    """

    key: str
    vendor: str
    entity_id: str
    acs_url: str
    issuer: str
    certificate: str
    metadata: str
    addresses: Way
    values: Way
    signing: Way
    sign: str
    claims: Way
    groups: Way
    people: Way
    pitfalls: tuple[tuple[str, Way], ...] = ()


def explain_by(console: SamlConsole) -> tuple[ExplainerRow, ...]:
    """Return the rows for refusals and symptoms whose remedy lies in the vendor's console."""
    return (*_addresses(console), *_signatures(console), *_people(console), *_metadata(console))


def _row(console: SamlConsole, codes: str, code: str, title: str, causes: Way, fix: str, where: Way) -> ExplainerRow:
    first = dict(console.pitfalls).get(code, ())
    return about(codes, Explanation(f"{console.key}-{code}", title, (*first, *causes), fix, where))


def _addresses(its: SamlConsole) -> tuple[ExplainerRow, ...]:
    return (
        _row(
            its,
            "saml-audience",
            "audience",
            f"{its.vendor} made this sign-in out for a different address.",
            (
                f"{its.entity_id} and {its.acs_url} were swapped.",
                "http for https, a slash at the end, or another case.",
            ),
            f"Replace {its.entity_id} with our entity ID.",
            its.addresses,
        ),
        _row(
            its,
            "saml-destination saml-recipient",
            "destination",
            f"{its.vendor} sent this sign-in to a different address.",
            (
                f"{its.acs_url} is an old address of ours, or our entity ID.",
                "A proxy in front of us changes addresses.",
            ),
            f"Replace {its.acs_url} with our ACS URL.",
            its.addresses,
        ),
        _row(
            its,
            "issuer-mismatch",
            "issuer",
            "The sign-in came from another issuer.",
            (f"{its.issuer} was typed, or copied from another page.", f"Another {its.vendor} account answered."),
            f"Copy {its.issuer} exactly, or read the metadata again.",
            its.values,
        ),
    )


def _signatures(its: SamlConsole) -> tuple[ExplainerRow, ...]:
    return (
        _row(
            its,
            "saml-signature",
            "signature",
            "Signed with a certificate that we do not know.",
            (
                f"{its.certificate} was renewed.",
                "Another certificate was copied, or a part of it.",
                "A proxy rewrote the response on its way.",
            ),
            f"Read the metadata again, or paste {its.certificate} beside the old one.",
            its.values,
        ),
        _row(
            its,
            "saml-unsigned saml-signature-policy",
            "unsigned",
            "What must be signed is not.",
            (f"Signing was changed in {its.vendor}.",),
            f"{its.sign} We never accept unsigned sign-ins.",
            its.signing,
        ),
        _row(
            its,
            "saml-algorithm",
            "algorithm",
            f"{its.vendor} signs in a way that is no longer safe.",
            ("The application was made years ago and still uses SHA-1.",),
            "Choose RSA with SHA-256. No setting here accepts less.",
            its.signing,
        ),
    )


def _people(its: SamlConsole) -> tuple[ExplainerRow, ...]:
    return (
        _row(
            its,
            "no-response",
            "no-response",
            f"Nobody has come back from {its.vendor}.",
            (
                "The person is not assigned to the application.",
                f"{its.acs_url} or {its.entity_id} is wrong, and {its.vendor} shows an error.",
                "The tab was closed.",
            ),
            "Assign the person, or a group that the person is in.",
            its.people,
        ),
        _row(
            its,
            "claim-missing",
            "claim-missing",
            f"{its.vendor} did not send an attribute that the profile needs.",
            ("It is not mapped.", "This person has no value in it, for instance no mailbox."),
            "Map it, or use one of the attributes that did come.",
            its.claims,
        ),
        _row(
            its,
            "groups-missing groups-incomplete",
            "groups",
            f"{its.vendor} did not send this person's groups.",
            ("Groups are not released to this application.", "The filter matches none of them."),
            "Release the groups that matter to this application.",
            its.groups,
        ),
        _row(
            its,
            "saml-subject saml-transient-subject saml-subject-attribute",
            "subject",
            f"{its.vendor} did not send what identifies people on this connection.",
            ("It is not mapped.", "This person has no value in it, or several."),
            "Send it with one value for everybody. Expected and received are shown.",
            its.claims,
        ),
    )


def _metadata(its: SamlConsole) -> tuple[ExplainerRow, ...]:
    return (
        _row(
            its,
            "metadata-html metadata-unreachable",
            "metadata-url",
            "This address does not lead to metadata.",
            ("It is the address of the console.", "The application is not published yet."),
            f"Copy {its.metadata} instead, or upload it as a file.",
            its.values,
        ),
        _row(
            its,
            "metadata-no-provider",
            "metadata-no-provider",
            f"This is not the metadata of {its.vendor} as an identity provider.",
            ("Our own metadata was pasted back.",),
            f"Copy {its.metadata} instead.",
            its.values,
        ),
    )
