"""From a failed sign-in to a sentence for the person who can mend it, by tables that are data.

An explanation is made of constant texts: what a provider or a browser sent only chooses among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Protocol, runtime_checkable

_READ: Final = 4000

#: Troubles that no refused check names; they are codes of a Failure like those of refusals.
SYMPTOMS: Final = {
    "no-response": "Nobody has come back from the provider.",
    "sign-in-loop": "People are sent to the provider again and again.",
    "groups-incomplete": "The provider left out this person's groups.",
    "groups-missing": "The provider sent no groups.",
    "claim-missing": "An attribute that the profile needs did not come.",
    "metadata-html": "An address shows a web page, not metadata.",
    "metadata-unreachable": "Metadata cannot be fetched.",
    "metadata-no-provider": "Metadata describes no identity provider.",
    "scim-duplicated": "The directory made a person twice.",
    "scim-not-deactivated": "A person who left stays active.",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """What is known of a sign-in that failed, or of a trouble of `SYMPTOMS`.

    Args:
        code: of the refusal, or one of `SYMPTOMS`.
        detail: of the refusal; a provider's own error is quoted in it. Unverified text.
        expected, received: of the check that failed.

    Example: `Failure("saml-status", "the identity provider answered Requester: AADSTS50105: ...")`
    """

    code: str
    detail: str = ""
    expected: str = ""
    received: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why it failed and what to do, for an administrator.

    Args:
        code: kebab-case; anchor in the documentation. The English texts are the ids of their translations.
        title: one plain sentence.
        causes: likely causes, the likeliest first.
        fix: what to do there, one or two sentences.
        where: the way through the provider's console, in its own words.
        link: the provider's own page about this error, or empty.
        reference: the provider's own name for this event, or empty; for its support.
    """

    code: str
    title: str
    causes: tuple[str, ...] = ()
    fix: str = ""
    where: tuple[str, ...] = ()
    link: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class ExplainerRow:
    """One line of a table: the failures it fits, and what it says about them.

    Args:
        explanation: what is said then.
        codes: codes of failures; empty fits every code.
        said: regular expression to be found in code, detail, received or expected value; empty fits every text.
    """

    explanation: Explanation
    codes: frozenset[str] = frozenset()
    said: str = ""

    def fits(self, failure: Failure) -> bool:
        """Return whether this line is about the failure."""
        if self.codes and failure.code not in self.codes:
            return False
        parts = (failure.code, failure.detail, failure.received, failure.expected)
        text = "\n".join(part[:_READ] for part in parts)
        return not self.said or re.search(self.said, text) is not None


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains by the first line that fits.

    Args:
        rows: the most particular first.
        reference: regular expression whose first group is the provider's own name for the event.
    """

    rows: tuple[ExplainerRow, ...]
    reference: str = ""

    def explain(self, failure: Failure) -> Explanation | None:
        """Return what is known about the failure, or None."""
        row = next((row for row in self.rows if row.fits(failure)), None)
        if row is None:
            return None
        found = re.search(self.reference, failure.detail[:_READ]) if self.reference else None
        return replace(row.explanation, reference=found[1]) if found else row.explanation


def about(codes: str | Iterable[str], explanation: Explanation, *, said: str = "") -> ExplainerRow:
    """Return the line for failures with one of `codes` (blank-separated when a string)."""
    return ExplainerRow(explanation, frozenset(codes.split() if isinstance(codes, str) else codes), said)


@runtime_checkable
class Explaining(Protocol):
    """Capability `explain`: knows what its provider's errors mean."""

    def explain(self, failure: Failure) -> Explanation | None:
        """Return the explanation, or None. Pure; never raises."""
