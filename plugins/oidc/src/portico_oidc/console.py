"""Explanations in the words of one vendor's console: it gives names and places, the sentences are the same for all."""

from __future__ import annotations

from dataclasses import dataclass

from portico_sdk import ExplainerRow, Explanation, about

Way = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OidcConsole:
    """What a vendor calls things, and where its console keeps them. A way is the menus and pages in their order.

    Args:
        key: root of the codes of explanations.
        vendor: as people call it.
        redirect_uri, client_id, client_secret, issuer: its names for them.
        addresses: where our redirect URI is kept.
        values: where it shows client ID and issuer.
        secrets: where client secrets are made.
        claims, groups, people: where claims and groups are released, and people assigned.
        pitfalls: code of an explanation without its root (`issuer`, `secret`, ...) -> this vendor's usual causes, first.
    """

    key: str
    vendor: str
    redirect_uri: str
    client_id: str
    client_secret: str
    issuer: str
    addresses: Way
    values: Way
    secrets: Way
    claims: Way
    groups: Way
    people: Way
    pitfalls: tuple[tuple[str, Way], ...] = ()


def explain_by(console: OidcConsole) -> tuple[ExplainerRow, ...]:
    """Return the rows for refusals and symptoms whose remedy lies in the vendor's console."""
    return (*_registration(console), *_people(console))


def _row(
    its: OidcConsole, codes: str, code: str, title: str, causes: Way, fix: str, where: Way, said: str = ""
) -> ExplainerRow:
    first = dict(its.pitfalls).get(code, ())
    return about(codes, Explanation(f"{its.key}-{code}", title, (*first, *causes), fix, where), said=said)


def _registration(its: OidcConsole) -> tuple[ExplainerRow, ...]:
    return (
        _row(
            its,
            "token-refused",
            "secret",
            f"{its.vendor} does not accept our client ID and secret.",
            (f"{its.client_secret} expired, or was replaced.", "Another application's was copied."),
            f"Create a new {its.client_secret} and paste its value here.",
            its.secrets,
            r"invalid_client|unauthorized_client|\b401\b",
        ),
        _row(
            its,
            "provider-error",
            "redirect-uri",
            f"{its.vendor} does not know our redirect URI.",
            ("http for https, a slash at the end, or another case.",),
            f"Add our redirect URI to {its.redirect_uri}, byte for byte.",
            its.addresses,
            r"redirect_uri|redirect URI",
        ),
        _row(
            its,
            "issuer-mismatch issuer-template discovery-malformed id-token-iss iss-mismatch",
            "issuer",
            f"{its.vendor} calls itself by another name than the issuer of this connection.",
            (f"{its.issuer} was typed, or copied from another page.",),
            "Copy it exactly as the discovery document writes it; it is shown as received.",
            its.values,
        ),
        _row(
            its,
            "id-token-aud id-token-azp",
            "audience",
            "The ID token is made out for another application.",
            (f"{its.client_id} was copied from another application.",),
            f"Copy {its.client_id} of the application that has our redirect URI.",
            its.values,
        ),
    )


def _people(its: OidcConsole) -> tuple[ExplainerRow, ...]:
    return (
        _row(
            its,
            "no-response",
            "no-response",
            f"Nobody has come back from {its.vendor}.",
            (
                "The person is not assigned to the application.",
                f"{its.redirect_uri} does not have our redirect URI, and {its.vendor} shows an error.",
                "The tab was closed.",
            ),
            "Assign the person, or a group that the person is in.",
            its.people,
        ),
        _row(
            its,
            "provider-error",
            "not-assigned",
            f"{its.vendor} did not let the person in.",
            ("The person is not assigned to the application.", "A rule for sign-ins forbids it."),
            "Assign the person, or a group that the person is in.",
            its.people,
            r"access_denied",
        ),
        _row(
            its,
            "claim-missing",
            "claim-missing",
            f"{its.vendor} did not send a claim that the profile needs.",
            ("The claim is not released.", "This person has no value in it, for instance no mailbox."),
            "Release it, or use one of the claims that did come.",
            its.claims,
        ),
        _row(
            its,
            "groups-missing groups-incomplete",
            "groups",
            f"{its.vendor} did not send this person's groups.",
            ("Groups are not released to this application.", "There are too many, and the list was left out or cut."),
            "Release only the groups that matter to this application.",
            its.groups,
        ),
    )
