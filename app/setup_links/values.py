"""What somebody may say about a new link."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.connections import Connections
from app.errors import Invalid, Problem
from app.mail import parse_address
from app.translations import LANGUAGES, is_language

FEATURES = ("sso", "domains", "certificates")
DAY_S = 86_400
DEFAULT_LIFETIME_S = 7 * DAY_S
LONGEST_LIFETIME_S = 90 * DAY_S
SHORTEST_LIFETIME_S = 300

#: What lets a link touch a connection.
TOUCHING = frozenset({"sso", "certificates"})

_STEP = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")


@dataclass(frozen=True, slots=True)
class NewSetupLink:
    """What a new link opens, for how long, and who gets its codes.

    Args:
        features: some of `FEATURES`.
        connection_id: of the organization; None: all of them, and new ones.
        step: one page of the portal, for a link that opens nothing else.
        contact: an e-mail address; needed where the link can touch an active connection.
        send: mail the link to the contact.
        language: in which it is mailed, and the contact written to from then on when it is new; None: the contact's own.
    """

    features: Sequence[str]
    connection_id: str | None = None
    step: str | None = None
    single_use: bool = False
    contact: str | None = None
    expires_in_s: int = DEFAULT_LIFETIME_S
    send: bool = False
    language: str | None = None


def check_new(new: NewSetupLink) -> NewSetupLink:
    """Return the same in its stored form. Raises Invalid naming every field at fault. Knows nothing of what is stored."""
    problems: list[Problem] = []
    features: Any = new.features
    if isinstance(features, str) or not features or not all(one in FEATURES for one in features):
        problems.append(Problem("features", "feature-unknown", f"Choose some of {', '.join(FEATURES)}."))
    if not SHORTEST_LIFETIME_S <= new.expires_in_s <= LONGEST_LIFETIME_S:
        problems.append(Problem("expires_in_s", "range", "A link is good for 5 minutes to 90 days."))
    if new.step is not None and not _STEP.fullmatch(new.step):
        problems.append(Problem("step", "step-syntax", "This is no name of a step."))
    contact = None
    if new.contact:
        try:
            contact = parse_address(new.contact, "contact")
        except Invalid as error:
            problems += error.problems
    elif new.send:
        problems.append(Problem("contact", "required", "Say whom to send it to."))
    if new.language is not None and not is_language(new.language):
        problems.append(Problem("language", "language-unknown", f"Choose one of {', '.join(LANGUAGES)}."))
    if problems:
        raise Invalid(*problems)
    features = [one for one in FEATURES if one in features]
    return replace(new, features=features, contact=contact, expires_in_s=int(new.expires_in_s), send=bool(new.send))


def touches_active(
    connections: Connections, organization_id: str, features: Sequence[str] | frozenset[str], connection_id: str | None
) -> bool:
    """Whether such a link can touch what people sign in through at this moment."""
    if TOUCHING.isdisjoint(features):
        return False
    if connection_id is not None:
        return connections.get(connection_id).status == "active"
    return any(one.status == "active" for one in connections.list(organization_id, limit=1000))
