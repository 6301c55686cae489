"""How one vendor's providers differ: data, and pure functions where data cannot say it. Nothing here turns a check off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portico_sdk import FieldProblem

Attributes = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class SubjectSource:
    """Attributes that together identify a person for good.

    Args:
        name: kept with the connection once somebody signed in by it; it never changes by itself.
        attributes: all must be there with exactly one value; several are joined by `+`. `NameID` counts as one.
        pattern: regular expression that each value must match whole; empty takes any.
    """

    name: str
    attributes: tuple[str, ...]
    pattern: str = ""


NAME_ID = SubjectSource("NameID", ("NameID",))


def says_nothing(issuer: str, attributes: Attributes) -> bool | None:
    """Return None: the provider does not say whether it verified an e-mail address."""
    return None


def finds_nothing(settings: Mapping[str, Any]) -> Iterable[FieldProblem]:
    """Return no problem."""
    return ()


@dataclass(frozen=True, slots=True)
class SamlPolicy:
    """What a vendor profile changes about the generic adapter.

    Args:
        subject_sources: in order; the first whose attributes are all there identifies the person. A person's source may
            not differ from the connection's, so that an attribute that stops coming refuses and never makes a new person.
        login_hint_parameter: the vendor's parameter for a login hint on its single sign-on URL; None sends none.
        audience_prefixes: put before our entity ID by this vendor when it is no URI (Entra: `spn:`); compared exactly.
        scoped_attributes: attributes whose values end in `@scope`; where the setting `accepted_scopes` names scopes,
            values of others are dropped, and a sign-in that is identified by one is refused.
        left_out: attribute -> attributes that are unknown where it is there (group overage).
        session_ends_with_assertion: a SessionNotOnOrAfter that is no later than the end of Conditions bounds the assertion
            and says nothing about the session (PingOne); a later one still does.
        email_verified: the provider's word on the e-mail address, by issuer and attributes.
        check_settings: problems that only this vendor's settings can have; gets them in canonical form.
    """

    subject_sources: tuple[SubjectSource, ...] = (NAME_ID,)
    login_hint_parameter: str | None = None
    audience_prefixes: tuple[str, ...] = ()
    scoped_attributes: frozenset[str] = frozenset()
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    session_ends_with_assertion: bool = False
    email_verified: Callable[[str, Attributes], bool | None] = says_nothing
    check_settings: Callable[[Mapping[str, Any]], Iterable[FieldProblem]] = finds_nothing
