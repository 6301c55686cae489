"""Bringing a database to the newest schema, and telling whether it is there."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from app.database import db
from app.errors import PorticoError

if TYPE_CHECKING:
    from alembic.config import Config
    from flask import Flask

SCRIPTS = Path(__file__).resolve().parent
#: PostgreSQL's advisory lock that lets one process migrate at a time; any constant of our own.
_LOCK = 0x706F727469636F


class SchemaTooNew(PorticoError):
    """The database was migrated by a newer version of this program."""

    code = "schema-too-new"


def make_config(connection: Connection | None = None, scripts: Path = SCRIPTS) -> Config:
    """Return Alembic's configuration for these scripts; `connection` is what env.py migrates."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(app: Flask, scripts: Path = SCRIPTS) -> None:
    """Bring the application's database to the newest schema: completely or not at all, also when several try at once.

    Raises:
        SchemaTooNew: the database knows a revision that these scripts do not.
    """
    from alembic import command
    from alembic.util import CommandError

    with app.app_context(), _alone(db.engine.connect()) as connection:
        config = make_config(connection, scripts)
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            if "Can't locate revision" in str(error):
                raise SchemaTooNew(str(error), hint="Install the version that migrated this database.") from None
            raise


def is_at_head(app: Flask) -> bool:
    """Return whether the database has exactly the schema that this program was written for."""
    from alembic.runtime.migration import MigrationContext

    with app.app_context(), db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_heads() == (find_head(),)


@functools.cache
def find_head(scripts: Path = SCRIPTS) -> str | None:
    """Return the newest revision among the scripts."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(make_config(scripts=scripts)).get_current_head()


@contextmanager
def _alone(connection: Connection) -> Iterator[Connection]:
    """One transaction for all scripts, with no other migration beside it."""
    with connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # Rebuilding a table drops the old one, which would follow foreign keys; outside of a transaction only.
            _pragma(connection, "foreign_keys=OFF")
        try:
            with connection.execution_options(immediate=True).begin():
                if not sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                yield connection
                if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
                    raise PorticoError("a migration left rows that point nowhere; nothing was changed")
        finally:
            if sqlite:
                _pragma(connection, "foreign_keys=ON")


def _pragma(connection: Connection, setting: str) -> None:
    raw = connection.connection.cursor()
    raw.execute(f"PRAGMA {setting}")
    raw.close()
