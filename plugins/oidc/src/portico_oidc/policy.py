"""What a vendor profile changes about the generic adapter: data first, and nothing that turns a check off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portico_sdk import FieldProblem


def read_boolean(value: object) -> bool | None:
    """Return the provider's yes or no; some write it as a string. Anything else is silence."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    return value if isinstance(value, bool) else None


def says_email_verified(claims: Mapping[str, Any]) -> bool | None:
    """Return what Core 5.1 calls `email_verified`."""
    return read_boolean(claims.get("email_verified"))


def finds_nothing(settings: Mapping[str, Any]) -> Iterable[FieldProblem]:
    """Return no problem."""
    return ()


@dataclass(frozen=True, slots=True)
class OidcPolicy:
    """How one vendor's providers differ.

    Args:
        subject_claims: ID token claims that together name a person, for instance `tid` and `oid`; all must be there.
        matching_claims: ID token claim -> setting whose value (or one of whose values, when it is a list) it must equal;
            a claim or setting that is absent refuses.
        issuer_claims: ID token claim -> regular expression for the configured issuer, whose first group the claim must
            equal; an issuer of another form refuses.
        issuer_spellings: issuer -> other spellings under which the same provider writes it, compared exactly.
        parameters: authorization parameter -> setting that it is taken from; lists are joined by blanks.
        single_parameters: those of them that are sent only when the list has exactly one value.
        may_be_cut: claim -> length from which on its list may have been cut short, which makes it unknown.
        email_verified: the provider's word on the e-mail address, from ID token and userinfo.
        lower_case: settings whose texts are kept in lower case.
        check_settings: problems that only this vendor's settings can have; gets them in canonical form.
    """

    subject_claims: tuple[str, ...] = ("sub",)
    matching_claims: Mapping[str, str] = field(default_factory=dict)
    issuer_claims: Mapping[str, str] = field(default_factory=dict)
    issuer_spellings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(
        default_factory=lambda: {"acr_values": "acr_values", "domain_hint": "domain_hint"}
    )
    single_parameters: frozenset[str] = frozenset()
    may_be_cut: Mapping[str, int] = field(default_factory=dict)
    email_verified: Callable[[Mapping[str, Any]], bool | None] = says_email_verified
    lower_case: frozenset[str] = frozenset()
    check_settings: Callable[[Mapping[str, Any]], Iterable[FieldProblem]] = finds_nothing
