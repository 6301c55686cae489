"""The stage of the stand-in's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.standin_stage import Make, stages


@pytest.fixture
def make() -> Iterator[Make]:
    """A function that starts a stand-in with these changes to its connection."""
    with stages() as start:
        yield start
