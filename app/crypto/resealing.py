"""Sealing every stored secret anew after the encryption key was changed, while everything goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, Table, select, tuple_, update

from app.cipher import Cipher
from app.database import db, transaction

#: Every column that holds a ciphertext, as (table, column). A test looks for others.
SEALED: tuple[tuple[str, str], ...] = (
    ("signing_keys", "private_jwk"),
    ("connections", "secrets"),
    ("connections", "sp_keys"),
    ("connection_versions", "secrets"),
    ("connection_drafts", "secrets"),
    ("outgoing_mails", "sealed"),
    ("pending_sign_ins", "sealed"),
    ("portico_sessions", "sealed"),
    ("api_answers", "sealed"),
    ("operators", "totp_secret"),
    ("operator_invitations", "totp_secret"),
    ("auth0_trusts", "management_client_secret"),
)
_BATCH = 200


def seal_anew(cipher: Cipher) -> Counter[str]:
    """Encrypt every stored secret with the cipher's newest key; afterwards the older ones can be dropped.

    A value that changes meanwhile is left alone: whoever wrote it used the newest key, provided that every process was
    restarted with it first.

    Returns:
        How many values were sealed anew, by `table.column`.
    Raises:
        CannotDecrypt: no key opens a value; those sealed anew so far stay so, and a second call goes on.
    """
    done: Counter[str] = Counter()
    for table_name, column_name in SEALED:
        table = db.metadata.tables[table_name]
        place: tuple[Any, ...] = ()
        while rows := _after(table, column_name, place):
            with transaction():
                done[f"{table_name}.{column_name}"] += sum(_seal(cipher, table, column_name, row) for row in rows)
            place = tuple(rows[-1][:-1])
    return done


def _after(table: Table, column_name: str, place: tuple[Any, ...]) -> Sequence[Row[Any]]:
    """The next rows in the order of the primary key: its columns, then the ciphertext."""
    key: list[Any] = list(table.primary_key.columns)
    query: Select[Any] = (
        select(*key, table.c[column_name]).where(table.c[column_name].is_not(None)).order_by(*key).limit(_BATCH)
    )
    if place:
        query = query.where(tuple_(*key) > tuple_(*place))
    return db.session().execute(query).all()


def _seal(cipher: Cipher, table: Table, column_name: str, row: Row[Any]) -> int:
    sealed = row[-1]
    unchanged = [column == row[place] for place, column in enumerate(table.primary_key.columns)]
    statement = update(table).where(*unchanged, table.c[column_name] == sealed)
    stored = db.session().execute(statement.values({column_name: cipher.rotate(sealed)}))
    return int(stored.rowcount)  # type: ignore[attr-defined]
