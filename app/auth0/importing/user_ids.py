"""The ids that people of an imported connection have in its tenant, from a list or an export of users, kept as hashes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.audit import Actor, EventName, record
from app.auth0.importing.legacy import hash_user_id
from app.auth0.importing.models import ImportedConnection, ImportedUserId
from app.auth0.importing.suspending import get_import
from app.database import db, insert_once, transaction
from app.errors import Forbidden, Invalid, Problem

MAX_LINE = 1_000_000
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many ids were new, were known, belong to another connection of the tenant, or to another customer here."""

    added: int
    known: int
    elsewhere: int
    refused: int


def record_user_ids(import_id: str, users: Iterable[Mapping[str, Any]], *, actor: Actor, now: datetime) -> Recorded:
    """Record the ids of those users who have an identity in the imported connection; of others nothing is kept.

    Args:
        users: as the Management API shows them: `user_id`, `identities[]` with provider, user_id and connection.

    An id that is recorded for a connection of another organization is refused: it would be a user of two.

    Raises NotFound; Forbidden: the actor is no operator.
    """
    if actor.kind not in ("operator", "api_key", "cli"):
        raise Forbidden("only an operator records ids")
    row, counted = get_import(import_id), Counter[str]()
    for some in _batches(_hashes(users, row, counted)):
        counted.update(_record(row, some, actor, now))
    return Recorded(counted["added"], counted["known"], counted["elsewhere"], counted["refused"])


def _hashes(users: Iterable[Mapping[str, Any]], row: ImportedConnection, counted: Counter[str]) -> Iterator[str]:
    for user in users:
        ids = list_ids(user, row)
        counted["elsewhere"] += not ids
        yield from (hash_user_id(row.tenant, user_id) for user_id in ids)


def _record(row: ImportedConnection, hashes: list[str], actor: Actor, now: datetime) -> dict[str, int]:
    """One transaction for each batch: a tenant may have a million users, and nobody waits for all of them."""
    with transaction():
        others = _held_by_others(row, hashes)
        fresh = [one for one in hashes if one not in others]
        added = sum(insert_once(ImportedUserId, import_id=row.id, user_id_hash=one) for one in fresh)
        if added:
            record(
                EventName.LEGACY_IDS_RECORDED,
                actor=actor,
                now=now,
                organization_id=row.organization_id,
                target=row.connection_id,
                details={"added": added, "refused": len(others)},
            )
    return {"added": added, "known": len(fresh) - added, "refused": len(others)}


def list_ids(user: Mapping[str, Any], row: ImportedConnection) -> list[str]:
    """Return the ids of this user in the imported connection, as its prefix writes them."""
    prefix = row.legacy_prefix or f"{row.strategy}|"
    identities = user.get("identities")
    found = []
    for identity in identities if isinstance(identities, list) else ():
        if not isinstance(identity, Mapping) or identity.get("connection") != row.name:
            continue
        user_id = f"{identity.get('provider')}|{identity.get('user_id')}"
        if identity.get("provider") == row.strategy and identity.get("user_id") and user_id.startswith(prefix):
            found.append(user_id)
    return found


def read_export(lines: Iterable[bytes]) -> Iterator[Mapping[str, Any]]:
    """Yield the users of an export with one JSON object on each line. Raises Invalid naming the line that is none."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            user = json.loads(line) if len(line) <= MAX_LINE else None
        except (ValueError, RecursionError):
            user = None
        if not isinstance(user, dict):
            raise Invalid(Problem("users", "import-document", f"Line {number} is no JSON object of at most 1 MB."))
        yield user


def _batches(hashes: Iterable[str]) -> Iterator[list[str]]:
    some: dict[str, None] = {}
    for one in hashes:
        some[one] = None
        if len(some) == _BATCH:
            yield list(some)
            some = {}
    if some:
        yield list(some)


def _held_by_others(row: ImportedConnection, hashes: Sequence[str]) -> set[str]:
    query = (
        select(ImportedUserId.user_id_hash)
        .join(ImportedConnection, ImportedConnection.id == ImportedUserId.import_id)
        .where(ImportedUserId.user_id_hash.in_(hashes), ImportedConnection.organization_id != row.organization_id)
    )
    return set(db.session.scalars(query))
