"""What operators add to the profile: further attributes, and rules that turn groups into roles. Plain data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from portico_sdk import PROFILE_FIELDS

AttributeType = Literal["string", "list", "boolean"]

CLAIM_PREFIX = "portico_"
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")

#: Names whose claim is ours, or could become ours: the fields of every profile, and what follows `portico_` today.
RESERVED = frozenset(
    {
        *PROFILE_FIELDS,
        "org",
        "org_external_id",
        "auth0_org",
        "connection",
        "idp_sub",
        "legacy_user_id",
        "session",
        "sub",
        "claims",
    }
)
RESERVED_PREFIXES = ("org_", "idp_", "connection_", "session_", "portico_")


@dataclass(frozen=True, slots=True)
class Attribute:
    """A further attribute of the profile. A sign-in without a required one is refused."""

    name: str
    type: AttributeType = "string"
    required: bool = False

    @property
    def claim(self) -> str:
        """Its name in the ID token. The prefix keeps it apart from every name that Auth0 or OpenID Connect reserves."""
        return CLAIM_PREFIX + self.name


@dataclass(frozen=True, slots=True)
class GroupRole:
    """Whoever is in `group` has `role`. A `group` of None is for those whom no other rule gave one."""

    group: str | None
    role: str


@dataclass(frozen=True, slots=True)
class Additions:
    """What holds for one connection.

    Args:
        group_roles: in their order of priority: the first that fits decides.
    """

    attributes: tuple[Attribute, ...] = ()
    group_roles: tuple[GroupRole, ...] = ()


NOTHING_ADDED = Additions()


def find_role(rules: tuple[GroupRole, ...], groups: tuple[str, ...]) -> GroupRole | None:
    """Return the rule that decides for somebody in these groups, or None. Groups are compared exactly."""
    member_of = frozenset(groups)
    named = (rule for rule in rules if rule.group in member_of)
    default = (rule for rule in rules if rule.group is None)
    return next(named, None) or next(default, None)


def is_free_name(name: str) -> bool:
    """Whether an attribute may have this name."""
    return bool(NAME.fullmatch(name)) and name not in RESERVED and not name.startswith(RESERVED_PREFIXES)
