"""The persons who can sign in at a simulated identity provider."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portico_simulator.behaviour import Behaviour, parse_behaviour

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
        groups: by name; `group_count` fills them up to that many.
        guest: belongs to another organization; `home` is what the vendor calls that.
        assigned: may use the applications; a vendor shows its own error page otherwise.
        email_verified: the flag of vendors that keep one.
        domain_owner_verified: what Entra calls `xms_edov`; None where it says nothing.
        method: authentication context class by which this person signs in, where it is not the vendor's usual one.
        behaviour: what this person's sign-ins do differently.
    """

    id: str
    username: str
    given_name: str
    family_name: str
    email: str | None = None
    groups: tuple[str, ...] = ()
    group_count: int = 0
    roles: tuple[str, ...] = ()
    guest: bool = False
    home: str = "live.com"
    assigned: bool = True
    email_verified: bool = True
    domain_owner_verified: bool | None = None
    method: str | None = None
    behaviour: Behaviour = field(default_factory=Behaviour)

    @property
    def name(self) -> str:
        """The display name."""
        return f"{self.given_name} {self.family_name}"

    @property
    def all_groups(self) -> tuple[str, ...]:
        """The groups, filled up to `group_count`."""
        return self.groups + tuple(f"Group {n + 1:03d}" for n in range(len(self.groups), self.group_count))


def parse_person(idp_id: str, raw: Mapping[str, Any]) -> Person:
    """Return the person that a configuration describes. Raises TypeError or KeyError on unknown or missing names."""
    fields = dict(raw)
    fields.setdefault("id", stable_uuid(idp_id, fields["username"]))
    for name in ("groups", "roles"):
        fields[name] = tuple(fields.get(name, ()))
    fields["behaviour"] = parse_behaviour(fields.get("behaviour", {}))
    return Person(**fields)
