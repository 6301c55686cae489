"""`python -m bench.seed CONNECTION COUNT`: many customers like one that exists, written straight into the database.

Runs in the environment of a gateway, whose keys seal what is copied, and prints the ids of the new connections, one a line.
Only for benchmarks: making a service provider's key takes a tenth of a second, and ten thousand customers need one each;
here they share the first one's.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, insert, select

from app import create_app
from app.connections.models import Connection
from app.connections.sealed import open_keys, open_secrets, seal_keys, seal_secrets
from app.database import db, new_id, transaction
from app.organizations.models import Organization

_BATCH = 500


def main() -> None:
    """Copy, and print the ids."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("connection", help="the connection to copy, with its organization")
    parser.add_argument("count", type=int)
    options = parser.parse_args()
    app = create_app()
    with app.app_context():
        for made in copy_connection(options.connection, options.count, app.extensions["portico"].cipher):
            print(made)
        settle()


def settle() -> None:
    """Do at once what PostgreSQL does some time after many rows were written: nobody measures that."""
    if db.engine.dialect.name != "postgresql":
        return
    db.session.remove()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM (ANALYZE) connections, organizations")
        connection.exec_driver_sql("CHECKPOINT")


def copy_connection(connection_id: str, count: int, cipher: Any) -> Iterable[str]:
    """Yield the ids of `count` new active connections, each of an organization of its own."""
    model = db.session.get_one(Connection, connection_id)
    owner = db.session.get_one(Organization, model.organization_id)
    keys = open_keys(cipher, model.id, model.sp_keys)
    secrets = open_secrets(cipher, model.id, model.secrets)
    connection, organization = _values(model), _values(owner)
    own_entity_id = connection["sp_entity_id"]
    now = datetime.now(UTC)
    for first in range(0, count, _BATCH):
        organizations, connections = [], []
        for number in range(first, min(first + _BATCH, count)):
            organization_id, new = new_id("org"), new_id("con")
            fresh = {"id": organization_id, "name": f"Copy {number}", "created_at": now, "updated_at": now}
            organizations.append({**organization, **fresh, "slug": None, "external_id": None})
            changed = {
                "id": new,
                "organization_id": organization_id,
                "sp_entity_id": own_entity_id.replace(connection_id, new),
                "sp_keys": seal_keys(cipher, new, keys),
                "secrets": seal_secrets(cipher, new, secrets),
            }
            connections.append({**connection, **changed})
        with transaction() as session:
            session.execute(insert(Organization), organizations)
            session.execute(insert(Connection), connections)
        yield from (row["id"] for row in connections)


def _values(entity: Any) -> dict[str, Any]:
    table = type(entity).__table__
    assert isinstance(table, Table)
    row = db.session.execute(select(table).where(table.c.id == entity.id)).one()
    return dict(row._mapping)


if __name__ == "__main__":
    main()
