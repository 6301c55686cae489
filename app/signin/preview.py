"""What rules make of attributes, before and after a change. Nothing is stored, and nobody signs in by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.claims import Additions, ClaimRules, Explained, explain, make_profile, missing_attributes
from app.signin.received import Received
from portico_sdk import ExternalIdentity


@dataclass(frozen=True, slots=True)
class Preview:
    """Every field by the rules before and after; fields that differ as (field, before, after); required ones missing."""

    before: tuple[Explained, ...]
    after: tuple[Explained, ...]
    differences: tuple[tuple[str, Any, Any], ...]
    missing: tuple[str, ...]


def preview_claims(before: ClaimRules, after: ClaimRules, received: Received, additions: Additions) -> Preview:
    """Return what both sets of rules make of what was received. Pure."""
    # Only what rules look at: it has no proof, and never leaves this function.
    never = datetime(1970, 1, 1, tzinfo=UTC)
    identity = ExternalIdentity("-", "-", "-", received.attributes, "", never, incomplete=received.left_out)
    old, new = explain(before, identity, additions), explain(after, identity, additions)
    pairs = zip(old, new, strict=True)
    differences = tuple((one.field, one.result, other.result) for one, other in pairs if one.result != other.result)
    return Preview(old, new, differences, missing_attributes(make_profile(new), additions))
