"""Our own keys of a SAML connection: the one that signs, and its successor, published before it does.

The customer's provider may trust certificates by hand. So a successor is published first, stands in our metadata beside
the present one until somebody says that the provider knows it, and only then signs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.audit import Actor, EventName
from app.connections.announcing import What, announce
from app.connections.describing import describe_certificate
from app.connections.models import Connection
from app.connections.sealed import open_keys, seal_keys
from app.connections.storing import flush, get_row, lock_row, record_change, renumber
from app.connections.surroundings import Surroundings
from app.crypto import make_service_provider_key
from app.database import end_read, transaction
from app.errors import Conflict
from app.translations import marked
from portico_sdk import KeyPair


@dataclass(frozen=True, slots=True)
class ServiceProviderKey:
    """One key of ours: `current` signs, `next` is published for it, `previous` still decrypts."""

    sha256: str
    certificate_pem: str
    not_before: datetime
    not_after: datetime
    role: Literal["current", "next", "previous"]


def list_keys(around: Surroundings, connection_id: str) -> list[ServiceProviderKey]:
    """Return our keys of this connection, the one that signs first; none for OIDC. Raises NotFound."""
    row = get_row(connection_id)
    return [_key(pair, _role(place, row)) for place, pair in enumerate(open_keys(around.cipher, row.id, row.sp_keys))]


def publish_next_key(around: Surroundings, connection_id: str, *, actor: Actor, now: datetime) -> None:
    """Make the successor and publish it; it decrypts already and does not sign.

    Raises:
        NotFound; Conflict: `no-keys` (OIDC), `keys-under-way`: there are two keys, finish that first.
    """
    _check_single(around, get_row(connection_id))
    end_read()
    fresh = make_service_provider_key(connection_id, now)  # outside of the transaction: it takes long
    with transaction():
        row = lock_row(connection_id)
        pairs = _check_single(around, row)
        row.next_key_at = now
        _store(around, row, (*pairs, fresh), "published", actor, now)
        announce(around, row, marked("A new key was published"), _what(fresh), actor=actor, now=now)


def use_next_key(around: Surroundings, connection_id: str, *, actor: Actor, now: datetime) -> None:
    """Let the successor sign; the one before decrypts until it is removed. Raises NotFound, Conflict `no-next-key`."""
    with transaction():
        row = lock_row(connection_id)
        pairs = open_keys(around.cipher, row.id, row.sp_keys)
        if row.next_key_at is None:
            raise Conflict(f"{row.id} has no successor", code="no-next-key", hint="Publish the next key first.")
        row.next_key_at = None
        _store(around, row, (pairs[-1], *pairs[:-1]), "in use", actor, now)
        announce(around, row, marked("A new key signs our requests"), _what(pairs[-1]), actor=actor, now=now)


def remove_previous_key(around: Surroundings, connection_id: str, *, actor: Actor, now: datetime) -> None:
    """Forget the key that signed before, or a successor that was not put to use. Raises NotFound, Conflict `key-only`."""
    with transaction():
        row = lock_row(connection_id)
        pairs = open_keys(around.cipher, row.id, row.sp_keys)
        if len(pairs) < 2:
            raise Conflict(f"{row.id} has {len(pairs)} keys", code="key-only", hint="There is no second key.")
        row.next_key_at = None
        _store(around, row, pairs[:1], "removed", actor, now)


def _check_single(around: Surroundings, row: Connection) -> tuple[KeyPair, ...]:
    pairs = open_keys(around.cipher, row.id, row.sp_keys)
    if not pairs:
        raise Conflict(f"{row.id} has no keys", code="no-keys", hint="A connection of this kind has no keys of ours.")
    if len(pairs) > 1:
        hint = "There are two keys already: put the next one to use, or remove the second."
        raise Conflict(f"{row.id} has {len(pairs)} keys", code="keys-under-way", hint=hint)
    return pairs


def _store(
    around: Surroundings, row: Connection, pairs: tuple[KeyPair, ...], step: str, actor: Actor, now: datetime
) -> None:
    row.sp_keys = seal_keys(around.cipher, row.id, pairs)
    renumber(row)
    row.updated_at = now
    flush()
    shown = {"step": step, "certificates": [_key(pair, "current").sha256 for pair in pairs]}
    record_change(EventName.CONNECTION_KEYS_CHANGED, row, actor=actor, now=now, details=shown)


def _role(place: int, row: Connection) -> Literal["current", "next", "previous"]:
    if place == 0:
        return "current"
    return "previous" if row.next_key_at is None else "next"


def _key(pair: KeyPair, role: Literal["current", "next", "previous"]) -> ServiceProviderKey:
    told = describe_certificate(pair.certificate_pem)
    begins, ends = datetime.fromisoformat(told["not_before"]), datetime.fromisoformat(told["not_after"])
    return ServiceProviderKey(told["sha256"], pair.certificate_pem, begins, ends, role)


def _what(pair: KeyPair) -> What:
    sha256 = _key(pair, "current").sha256
    return lambda words: (words("Certificate"), f"SHA-256 {sha256}")
