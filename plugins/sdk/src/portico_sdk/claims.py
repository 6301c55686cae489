"""Claim rules as data: how what an identity provider sends becomes a profile.

A rule names one profile field, an ordered list of sources (attribute names; the first that is present and not empty
wins) and transforms from a closed list. The gateway evaluates rules; adapters and customers only supply them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

TransformKind = Literal["trim", "lower", "split", "first", "strip_prefix", "replace", "constant", "join"]

#: The fields that every profile knows. `groups` and `roles` are lists, all others single strings.
PROFILE_FIELDS = (
    "email",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "groups",
    "roles",
)


@dataclass(frozen=True, slots=True)
class Transform:
    """One step on a value.

    kind          argument                       effect
    trim          -                              drop surrounding white space
    lower         -                              lower case
    split         separator (default ",")        each value becomes the list of its parts
    first         -                              keep the first value only
    strip_prefix  prefix                         drop the prefix where present
    replace       table (mapping)                replace whole values; others stay
    constant      value                          the value, whatever was sent
    join          separator (default " ")        all values in one string

    Args:
        kind: one of the list above.
        argument: the text that some kinds take; empty for their default.
        table: whole value -> what stands in its place, for `replace`.
    """

    kind: TransformKind
    argument: str = ""
    table: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClaimRule:
    """How one profile field is made.

    Args:
        field: one of PROFILE_FIELDS.
        sources: attribute names, compared exactly; the first that is there and not empty wins.
        transforms: steps on its values, in this order.
    """

    field: str
    sources: tuple[str, ...]
    transforms: tuple[Transform, ...] = ()


ClaimRules = tuple[ClaimRule, ...]
