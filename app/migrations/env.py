"""What Alembic runs: our tables, on the connection that the runner (or a current application) gives."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from app.database import db
from app.migrations.compare import options
from app.migrations.tables import load_tables


def run(connection: Connection) -> None:
    """Run the scripts on `connection`, in its transaction when it has one."""
    context.configure(connection=connection, target_metadata=load_tables(), **options(connection.dialect.name))
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with db.engine.connect() as own:
        run(own)
