"""Databases for tests: one template for each kind, filled once; every test starts with the same empty tables.

SQLite's file is copied for each test. PostgreSQL's databases are copied once and emptied after each test, so a test that
changes the schema asks for an empty database instead.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from flask import Flask

from app.database import db, init_database
from app.migrations.tables import load_tables
from app.settings import ROOT
from tests.support.peers import find_program, skip_missing
from tests.support.postgresql import Server, run_server

KINDS = ("sqlite", "postgresql")
DEFAULT_SCHEMA = "models"


def make_app(url: str) -> Flask:
    """Return the application that tests of the domain run in: a database and nothing else."""
    app = Flask("portico", root_path=str(ROOT))
    init_database(app, url)
    return app


@contextmanager
def running_app(url: str) -> Iterator[Flask]:
    """The application of `make_app`; at the end no connection of its own is left open."""
    app = make_app(url)
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def create_schema(url: str) -> None:
    """Fill an empty database with our tables.

    PORTICO_TEST_SCHEMA decides how: `models` makes the tables of the models as they are, `migrations` runs the
    migrations, as an installation does.
    """
    with running_app(url) as app:
        if os.environ.get("PORTICO_TEST_SCHEMA", DEFAULT_SCHEMA) == "migrations":
            from app.migrations import upgrade

            upgrade(app)
        else:
            load_tables()
            with app.app_context():
                db.create_all()


class Databases:
    """Makes databases for one test process; what it started ends with `close`."""

    def __init__(self, folder: Path, fill: Callable[[str], None] = create_schema) -> None:
        self._folder = folder
        self._fill = fill
        self._stack = ExitStack()
        self._server: Server | None = None
        self._ready: set[str] = set()
        self._wiped: list[str] = []  # PostgreSQL databases that the next tests can have

    @property
    def server(self) -> Server:
        """The PostgreSQL of this process, started at first use. Skips the test on a machine without one."""
        if self._server is None:
            program = find_program("postgresql")
            if program is None:
                skip_missing("postgresql")
            self._server = self._stack.enter_context(run_server(program))
        return self._server

    @contextmanager
    def database(self, kind: str, *, empty: bool = False) -> Iterator[str]:
        """The URL of a fresh database, with our tables unless `empty`."""
        if not empty and kind not in self._ready:
            self._make_template(kind)
        with self._sqlite(empty) if kind == "sqlite" else self._postgresql(empty) as url:
            yield url

    @contextmanager
    def _sqlite(self, empty: bool) -> Iterator[str]:
        path = self._folder / f"t{uuid.uuid4().hex}.sqlite3"
        if not empty:
            shutil.copyfile(self._folder / "template.sqlite3", path)
        yield f"sqlite:///{path}"
        for leftover in self._folder.glob(f"{path.stem}.*"):
            leftover.unlink()

    @contextmanager
    def _postgresql(self, empty: bool) -> Iterator[str]:
        if self._wiped and not empty:
            name = self._wiped.pop()
        else:
            name = f"t{uuid.uuid4().hex}"
            self.server.create(name, "template0" if empty else "template_portico")
        yield self.server.url(name)
        if empty:
            self.server.drop(name)
        else:
            self.server.wipe(name)
            self._wiped.append(name)

    def _make_template(self, kind: str) -> None:
        if kind == "sqlite":
            self._fill(f"sqlite:///{self._folder / 'template.sqlite3'}")
        else:
            self.server.create("template_portico")
            self._fill(self.server.url("template_portico"))
        self._ready.add(kind)

    def close(self) -> None:
        """Stop what was started."""
        self._stack.close()
