"""A write that is sent twice with the same Idempotency-Key happens once; the second gets the answer of the first.

Key, change and answer are stored in one transaction. A second request that comes meanwhile waits for it at the database:
on PostgreSQL at the key's row, on SQLite at the write lock.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.api.models import StoredAnswer
from app.cipher import Cipher
from app.database import transaction
from app.errors import BadRequest, Conflict

KEPT_FOR = timedelta(hours=24)
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_PENDING = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a write answers: the status and the JSON text, empty for 204."""

    status: int
    body: str


@dataclass(frozen=True, slots=True)
class Repeatable:
    """One write that its caller may repeat. Raises BadRequest for a key that is not 1 to 255 printable characters."""

    caller_id: str
    key: str
    method: str
    path: str
    body: bytes

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key):
            raise BadRequest("Idempotency-Key is not printable", code="idempotency-key-malformed")

    @property
    def key_hash(self) -> str:
        return hashlib.sha256(f"{self.caller_id}\n{self.key}".encode()).hexdigest()

    @property
    def request_hash(self) -> str:
        return hashlib.sha256(f"{self.method} {self.path}\n".encode() + self.body).hexdigest()


def perform_once(write: Repeatable, act: Callable[[], Answer], *, cipher: Cipher, now: datetime) -> tuple[Answer, bool]:
    """Return the answer, and whether it is an earlier one.

    Raises:
        Conflict: the key was used for another request within 24 hours.
        whatever `act` raises: then nothing is stored, and the same key may be tried again.
    """
    with transaction() as session:
        session.execute(
            delete(StoredAnswer).where(
                StoredAnswer.key_hash == write.key_hash, StoredAnswer.created_at <= now - KEPT_FOR
            )
        )
        if not _claim(session, write, now):
            return _earlier(session, write, cipher), True
        answer = act()
        sealed = cipher.encrypt(answer.body.encode(), context=_context(write))
        session.execute(
            update(StoredAnswer)
            .where(StoredAnswer.key_hash == write.key_hash)
            .values(status=answer.status, sealed=sealed)
        )
    return answer, False


def delete_expired_answers(now: datetime) -> None:
    """Forget answers older than 24 hours; run from time to time."""
    with transaction() as session:
        session.execute(delete(StoredAnswer).where(StoredAnswer.created_at <= now - KEPT_FOR))


def _claim(session: Session, write: Repeatable, now: datetime) -> bool:
    """Whether this request is the first with its key. Waits for another one that is not finished."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(StoredAnswer)
        .values(key_hash=write.key_hash, request_hash=write.request_hash, status=_PENDING, sealed="", created_at=now)
        .on_conflict_do_nothing()
        .returning(StoredAnswer.key_hash)
    )
    return session.execute(statement).first() is not None


def _earlier(session: Session, write: Repeatable, cipher: Cipher) -> Answer:
    columns = (StoredAnswer.request_hash, StoredAnswer.status, StoredAnswer.sealed)
    row = session.execute(select(*columns).where(StoredAnswer.key_hash == write.key_hash)).one()
    if row.request_hash != write.request_hash:
        raise Conflict(
            "the key belongs to another request",
            code="idempotency-key-reused",
            hint="Use a new Idempotency-Key for a new request.",
        )
    return Answer(row.status, cipher.decrypt(row.sealed, context=_context(write)).decode())


def _context(write: Repeatable) -> str:
    return f"api_answers/{write.key_hash}"
