"""Fixtures of the gateway's own tests.

`database_url` is a fresh database for each test: SQLite (a file, since memory hides races), and in tests/contract
SQLite and PostgreSQL one after the other. Elsewhere `@pytest.mark.databases("sqlite", "postgresql")` asks for both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import event

from app.cipher import Cipher
from app.database import db
from tests.support.auth0_tenant import auth0_tenant  # noqa: F401 -- a fixture
from tests.support.clock import SettableClock
from tests.support.databases import KINDS, Databases, running_app
from tests.support.gateways import (  # noqa: F401 -- fixtures
    browser,
    client,
    gateway,
    gateways,
    ports,
    relying_party,
    simulator,
)
from tests.support.provider import provider  # noqa: F401 -- a fixture
from tests.support.soak import pytest_terminal_summary, tallies  # noqa: F401 -- a hook and a fixture


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what uses a database on the databases it is for."""
    for name in ("database_url", "empty_database_url"):
        if name in metafunc.fixturenames:
            mark = metafunc.definition.get_closest_marker("databases")
            default = KINDS if "contract" in metafunc.definition.path.parts else ("sqlite",)
            metafunc.parametrize(name, mark.args if mark else default, indirect=True)
    if "gateway" in metafunc.fixturenames:  # real processes: both databases, unless the test says otherwise
        mark = metafunc.definition.get_closest_marker("databases")
        metafunc.parametrize("gateway", mark.args if mark else KINDS, indirect=True)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """What makes databases in this test process (each worker of xdist is one)."""
    made = Databases(tmp_path_factory.mktemp("databases"))
    yield made
    made.close()


@pytest.fixture
def database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """A fresh database with our tables."""
    with databases.database(request.param) as url:
        yield url


@pytest.fixture
def empty_database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """A fresh database without any table."""
    with databases.database(request.param, empty=True) as url:
        yield url


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    """An application on a fresh database, without routes: enough for the rooms of the domain."""
    with running_app(database_url) as app:
        yield app


@pytest.fixture
def app_context(app: Flask) -> Iterator[Flask]:
    """The same application, with its context pushed for the length of the test."""
    with app.app_context():
        yield app


@pytest.fixture
def clock() -> SettableClock:
    """Call it for the time; `set` and `advance` move it."""
    return SettableClock()


@pytest.fixture
def now(clock: SettableClock) -> datetime:
    """The time at which the clock starts."""
    return clock()


@pytest.fixture
def cipher() -> Cipher:
    """A cipher with a key of its own."""
    return Cipher([Fernet.generate_key().decode()])


@pytest.fixture
def statements(app_context: Flask) -> Iterator[Callable[[], list[str]]]:
    """Call it for the SQL that the application has sent so far in this test."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield lambda: list(sent)
    event.remove(db.engine, "before_cursor_execute", note)
