"""Sizes of the races: small in every run of the suite, those of the issues in `make soak`, which reports the outcomes."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

SOAK = os.environ.get("PORTICO_SOAK") == "1"
ROUNDS, RACERS = (200, 100) if SOAK else (5, 50)
#: Server processes of a gateway.
WORKERS = 4 if SOAK else 2


@dataclass
class Tally:
    """What came of all rounds of one race on one database."""

    rounds: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0

    def line(self) -> str:
        """Return the report."""
        counted = ", ".join(f"{count:,} x {outcome}" for outcome, count in self.outcomes.most_common())
        return f"{self.rounds} rounds over {WORKERS} processes: {counted}; slowest {self.slowest_s:.1f} s"


class Tallies:
    """Tallies by race and database. `round` times one and adds what it gets."""

    def __init__(self) -> None:
        self.named: dict[str, Tally] = {}

    @contextmanager
    def round(self, race: str, database_url: str) -> Iterator[Counter[str]]:
        """Count one round; the caller fills the counter with outcomes."""
        tally = self.named.setdefault(f"{race}, {database_url.partition(':')[0]}", Tally())
        outcomes: Counter[str] = Counter()
        began = time.monotonic()
        yield outcomes
        tally.slowest_s = max(tally.slowest_s, time.monotonic() - began)
        tally.rounds += 1
        tally.outcomes += outcomes


_TALLIES = pytest.StashKey[Tallies]()


@pytest.fixture(scope="session")
def tallies(pytestconfig: pytest.Config) -> Tallies:
    """The tallies of this run. tests/conftest.py imports it."""
    return pytestconfig.stash.setdefault(_TALLIES, Tallies())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the figures of a soak."""
    found = config.stash.get(_TALLIES, None)
    if SOAK and found is not None:
        terminalreporter.section("soak")
        for race, tally in found.named.items():
            terminalreporter.line(f"{race}: {tally.line()}")
