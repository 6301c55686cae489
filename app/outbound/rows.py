"""Kept documents in the database. Every function is one short statement of its own: nothing stays open around a fetch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, Connection, Table, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.database import db
from app.outbound.models import RemoteDocument

#: At most one attempt to fetch a document in this time, over all processes.
ATTEMPT_EVERY = timedelta(minutes=1)
_TABLE = RemoteDocument.__table__
assert isinstance(_TABLE, Table)
_COLUMNS = _TABLE.c


@dataclass(frozen=True, slots=True)
class Row:
    """What is kept of one document, and how the newest attempt to fetch it went."""

    body: bytes | None
    fetched_at: datetime | None
    attempted_at: datetime
    failure: str

    @property
    def under_way(self) -> bool:
        """Whether somebody began to fetch it and has not finished; it may also have died meanwhile."""
        return not self.failure and (self.fetched_at is None or self.fetched_at < self.attempted_at)

    def is_free(self, now: datetime) -> bool:
        """Whether the next attempt is due. An attempt from the future (a clock set back) counts as none."""
        return not now - ATTEMPT_EVERY < self.attempted_at <= now + ATTEMPT_EVERY


def find_row(scope: str, url: str) -> Row | None:
    """Return what is kept."""
    wanted = select(_COLUMNS.body, _COLUMNS.fetched_at, _COLUMNS.attempted_at, _COLUMNS.failure)
    with db.engine.connect() as connection:
        found = connection.execute(wanted.where(*_key(scope, url))).one_or_none()
    return Row(found.body, found.fetched_at, found.attempted_at, found.failure) if found else None


def claim_attempt(scope: str, url: str, now: datetime) -> bool:
    """Return True for exactly one caller in a minute: that one fetches."""
    free = or_(_COLUMNS.attempted_at <= now - ATTEMPT_EVERY, _COLUMNS.attempted_at > now + ATTEMPT_EVERY)
    attempt = update(_TABLE).where(*_key(scope, url), free).values(attempted_at=now, failure="")
    with _writing() as connection:
        if connection.execute(attempt).rowcount == 1:
            return True
    row = insert(_TABLE).values(
        scope=scope, url_hash=_hash(url), url=url, content_type="", attempted_at=now, failure=""
    )
    if find_row(scope, url) is not None:
        return False
    try:
        with _writing() as connection:
            connection.execute(row)
    except IntegrityError:  # somebody was faster
        return False
    return True


def store_body(scope: str, url: str, body: bytes, content_type: str, now: datetime) -> None:
    """Keep the new copy; `now` is when its attempt was claimed."""
    values = {"body": body, "content_type": content_type[:255], "fetched_at": now, "failure": ""}
    with _writing() as connection:
        connection.execute(update(_TABLE).where(*_key(scope, url)).values(**values))


def store_failure(scope: str, url: str, failure: str) -> None:
    """Note why the newest attempt failed; the copy stays."""
    with _writing() as connection:
        connection.execute(update(_TABLE).where(*_key(scope, url)).values(failure=failure))


def delete_rows(scope: str) -> None:
    """Forget every document of a scope that is gone."""
    with _writing() as connection:
        connection.execute(delete(_TABLE).where(_COLUMNS.scope == scope))


def delete_unused_documents(now: datetime) -> None:
    """Forget what nobody asked for in 90 days: a document in use is fetched again at least every few hours."""
    with _writing() as connection:
        connection.execute(delete(_TABLE).where(_COLUMNS.attempted_at < now - timedelta(days=90)))


@contextmanager
def _writing() -> Iterator[Connection]:
    if db.session().info.get("writing"):
        raise RuntimeError("documents are fetched outside transactions: a writer would wait for the network")
    with db.engine.connect().execution_options(immediate=True) as connection, connection.begin():
        yield connection


def _key(scope: str, url: str) -> tuple[ColumnElement[bool], ...]:
    return _COLUMNS.scope == scope, _COLUMNS.url_hash == _hash(url)


def _hash(url: str) -> str:
    return sha256(url.encode()).hexdigest()
