"""The persons who can sign in at a simulated identity provider."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: Names that profiles may release; each gives a tuple of strings, empty where the person has no such value.
SOURCES = ("id", "username", "email", "given_name", "family_name", "name", "groups", "group_ids")

_NAMESPACE = uuid.UUID("6f4a5b8e-6f0e-5b59-9a0e-2f3f0a9d5c11")


def stable_uuid(*parts: str) -> str:
    """Return the same UUID for the same parts, on every machine."""
    return str(uuid.uuid5(_NAMESPACE, "/".join(parts)))


@dataclass(frozen=True, slots=True)
class Person:
    """One account in a customer's directory.

    Args:
        id: never reassigned in this directory.
        email: None for an account without a mailbox.
        guest: belongs to another organization.
        assigned: may use the applications; a vendor shows its own error page otherwise.
    """

    id: str
    username: str
    given_name: str
    family_name: str
    email: str | None = None
    groups: tuple[str, ...] = ()
    guest: bool = False
    assigned: bool = True

    @property
    def name(self) -> str:
        """The display name."""
        return f"{self.given_name} {self.family_name}"

    def values(self, source: str) -> tuple[str, ...]:
        """Return the values of one of SOURCES. Raises KeyError for any other name."""
        if source == "groups":
            return self.groups
        if source == "group_ids":
            return tuple(stable_uuid("group", group) for group in self.groups)
        if source not in SOURCES:
            raise KeyError(source)
        value = getattr(self, source)
        return (value,) if value else ()


def parse_person(idp_id: str, raw: Mapping[str, Any]) -> Person:
    """Return the person that a configuration describes. Raises TypeError or KeyError on unknown or missing names."""
    fields = dict(raw)
    fields.setdefault("id", stable_uuid(idp_id, fields["username"]))
    fields["groups"] = tuple(fields.get("groups", ()))
    return Person(**fields)
