"""The one shape in which Auth0 sees a person, whatever the identity provider sent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a person. None means absent or unknown, never empty: an empty tuple of groups is knowledge."""

    email: str | None = None
    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    preferred_username: str | None = None
    groups: tuple[str, ...] | None = None
    roles: tuple[str, ...] | None = None


#: The fields that hold lists; all others hold one text.
LIST_FIELDS = frozenset({"groups", "roles"})
