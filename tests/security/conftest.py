"""The whole application in this process, an operator who is signed in, and the management API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.support.clock import SettableClock
from tests.support.operators import Person
from tests.support.whole_app import Api, whole_app


@pytest.fixture
def whole(database_url: str, clock: SettableClock, tmp_path: Path) -> Iterator[Flask]:
    """The application, on a database of its own."""
    with whole_app(database_url, clock, tmp_path) as app:
        yield app


@pytest.fixture
def person(whole: Flask, clock: SettableClock) -> Person:
    """An operator, signed in a moment ago."""
    made = Person(whole, clock)
    made.enrol()
    made.sign_in()
    return made


@pytest.fixture
def api(whole: Flask, clock: SettableClock) -> Api:
    """The management API with a key that may do everything."""
    return Api(whole, clock)
