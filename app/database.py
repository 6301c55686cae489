"""The database: one session per request, explicit write transactions, id and time columns.

SQLite runs in WAL mode. A transaction that will write takes the write lock at its start (BEGIN IMMEDIATE): a reader
that became a writer later could not wait for another writer and would fail.
"""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, Engine, Table, TypeDecorator, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql.dml import ReturningInsert

PING_AFTER_S = 1.0
MOMENT = "moment"  # in a session's info: what `app.memory` found at the moment that its reads belong to
ID_LENGTH = 30  # "con-" and 26 characters


class Model(DeclarativeBase):
    """Root of every table."""


db = SQLAlchemy(model_class=Model, session_options={"expire_on_commit": False})


def new_id(kind: str) -> str:
    """Return an id such as `con-...`: lower case, no underscore, 128 random bits, fixed length for its kind."""
    return f"{kind}-{base64.b32encode(secrets.token_bytes(16)).decode().rstrip('=').lower()}"


class UtcDateTime(TypeDecorator[datetime]):
    """A time that is aware and UTC on both sides, whatever the database keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@contextmanager
def transaction() -> Iterator[Session]:
    """Everything inside is stored together or not at all.

    What is read inside is current, whatever was read before. Nested use joins the outer transaction.
    Network and password hashing stay outside: on SQLite one writer blocks all others.
    """
    session = db.session()
    if session.info.get("writing"):
        yield session
        return
    session.info.pop(MOMENT, None)
    session.info["writing"] = True
    try:
        _begin_writing(session)
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["writing"] = False
        session.info.pop(MOMENT, None)


def _begin_writing(session: Session) -> None:
    """SQLite's snapshot began with the first read, PostgreSQL's begins with each statement."""
    if session.get_bind().dialect.name != "sqlite":
        return
    if session.in_transaction():  # the same connection goes on: giving it back and taking it costs as much as a write
        connection = get_connection()
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        session.connection(execution_options={"immediate": True})


def get_connection() -> Connection:
    """Return the connection of this session's transaction, for statements that make no objects.

    The session's own way to them costs as much as the statement itself.
    """
    session = db.session()
    session.flush()  # what objects were told is there for whoever asks
    connection: Connection | None = session.info.get("connection")
    if connection is None or connection.closed:  # it is closed when its transaction ends
        connection = session.info["connection"] = session.connection()
    return connection


def end_read() -> None:
    """Give the connection back before work that takes long, such as asking another server.

    What was read stays usable; what is read afterwards is current.
    """
    session = db.session()
    if not session.info.get("writing"):
        session.commit()
        session.info.pop(MOMENT, None)


def process_memory() -> dict[str, Any]:
    """What this process keeps about this database from one request to the next."""
    kept: dict[str, Any] = current_app.extensions.setdefault("portico-memory", {})
    return kept


def insert_once(model: type[Model], **values: Any) -> bool:
    """Insert a row, or leave the one that is there: returns whether it was inserted. Inside `transaction()` only."""
    connection = get_connection()
    statement = _insert_once(cast(Table, model.__table__), connection.dialect.name)
    return connection.execute(statement, values).first() is not None  # a row count is not told by every driver


@cache
def _insert_once(table: Table, dialect: str) -> ReturningInsert[Any]:
    """Built once for each table: building a statement costs more than running it."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing().returning(*table.primary_key.columns)


def init_database(app: Flask, url: str) -> None:
    """Bind the database to the application: SQLite or PostgreSQL (psycopg 3)."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(url)
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _prepare_sqlite(db.engine)
        else:
            _ping_idle_connections(db.engine)


def _engine_options(url: str) -> dict[str, Any]:
    # hide_parameters: an error's text goes to the log, and parameters are people's data and secrets
    if url.startswith("sqlite"):
        return {"hide_parameters": True, "connect_args": {"timeout": 5.0}}
    return {
        "hide_parameters": True,
        "pool_size": 5,
        "max_overflow": 10,
        "connect_args": {"connect_timeout": 5},
    }


def _ping_idle_connections(engine: Engine) -> None:
    """Ask a connection that was idle whether it still lives, before it is used: a restarted server fails nobody's request.

    One that was used a moment ago is not asked: under load that would be a third of all that the database does.
    """

    @event.listens_for(engine, "checkin")
    def on_checkin(_connection: Any, record: Any) -> None:
        record.info["used_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def on_checkout(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("used_at", 0.0) < PING_AFTER_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error  # the pool makes a new one


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA busy_timeout=5000")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:
        immediate = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
