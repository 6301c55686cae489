"""What the hashes of the audit log cover, byte for byte. Changing anything here breaks every chain that exists."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

INSTALLATION = "installation"
FIRST = "0" * 64  # what stands before the first link of a chain
_FORMAT = "portico-audit-1"


class EventRow(Protocol):
    """The columns of an event that its seal covers: all of them."""

    number: int
    id: str
    occurred_at: datetime
    organization_id: str | None
    name: str
    actor_kind: str
    actor_id: str
    target: str
    body: str
    personal_hash: str | None


def canonical(value: Any) -> str:
    """Return the one JSON text of `value`: sorted names, no spaces, ASCII only, so on one line."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def hash_personal(key: str, fields: str) -> str:
    """Return the keyed hash that an event keeps of its personal fields.

    Args:
        key: 32 random bytes in hex, stored with the fields alone: without it a guess cannot be checked.
    """
    return hmac.new(bytes.fromhex(key), fields.encode(), hashlib.sha256).hexdigest()


def chain_of(organization_id: str | None) -> str:
    """Return the chain that seals the events of an organization, or of the installation."""
    return organization_id or INSTALLATION


def hash_seal(previous: str, chain: str, seq: int, sealed_at: datetime, event: EventRow) -> str:
    """Return the hash of a link: over the link before, its own place and time, and every column of its event."""
    covered: list[Any] = [
        _FORMAT,
        previous,
        chain,
        seq,
        _time(sealed_at),
        event.number,
        event.id,
        _time(event.occurred_at),
        event.organization_id,
        event.name,
        event.actor_kind,
        event.actor_id,
        event.target,
        event.body,
        event.personal_hash,
    ]
    return hashlib.sha256(canonical(covered).encode()).hexdigest()


def body_of(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, details: Mapping[str, Any] | None
) -> str:
    """Return the canonical JSON of what an event tells beside its columns; parts that are None are left out."""
    parts = {"before": before, "after": after, "details": details}
    return canonical({name: part for name, part in parts.items() if part is not None})


def _time(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")
