"""The one shape in which Auth0 sees a person, whatever the identity provider sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a person. None means absent or unknown, never empty: an empty tuple of groups is knowledge.

    Args:
        attributes: those that operators defined, only the known ones.
    """

    email: str | None = None
    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    preferred_username: str | None = None
    groups: tuple[str, ...] | None = None
    roles: tuple[str, ...] | None = None
    attributes: Mapping[str, str | tuple[str, ...] | bool] = field(default_factory=dict)


#: The fields that hold lists; all others hold one text.
LIST_FIELDS = frozenset({"groups", "roles"})
