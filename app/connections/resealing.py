"""Seals what connections keep with the newest encryption key, so that older keys can be thrown away."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from app.cipher import Cipher
from app.connections.models import Connection, ConnectionVersion
from app.database import db, transaction

BATCH = 100  # connections in one transaction: sign-ins wait no longer than that


def reseal_connections(cipher: Cipher) -> int:
    """Seal secrets and keys of every connection and every earlier version anew. Returns how many connections.

    May run while people sign in, and again after it was interrupted.

    Raises:
        CannotDecrypt: a value opens with none of the keys; what was done before it stays done.
    """
    done, last = 0, ""
    while True:
        with transaction() as session:
            query = select(Connection).where(Connection.id > last).order_by(Connection.id).limit(BATCH)
            rows = session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
            for row in rows:
                row.secrets, row.sp_keys = cipher.rotate(row.secrets), cipher.rotate(row.sp_keys)
                for version in _versions(row.id):
                    version.secrets = cipher.rotate(version.secrets)
        if not rows:
            return done
        done, last = done + len(rows), rows[-1].id


def _versions(connection_id: str) -> Iterable[ConnectionVersion]:
    query = select(ConnectionVersion).where(ConnectionVersion.connection_id == connection_id)
    return db.session.scalars(query.execution_options(populate_existing=True))
