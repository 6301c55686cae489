"""`make bench`: whole logins against a running server, on SQLite and on PostgreSQL."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.installation import Installation, MissingPeer, run_installation
from bench.measure import measure_authorize, measure_loop, measure_steps, warm_up
from bench.report import RESULTS, Report

DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much to measure. `growth` are the numbers of connections at which authorize is measured."""

    warm_up: int
    step_logins: int
    loop_logins: int
    authorizes: int
    growth: tuple[int, ...]


SMOKE = Sizes(warm_up=100, step_logins=200, loop_logins=200, authorizes=500, growth=(10, 1_000))
FULL = Sizes(warm_up=300, step_logins=2_000, loop_logins=5_000, authorizes=3_000, growth=(10, 1_000, 10_000))


def main(arguments: list[str] | None = None) -> int:
    """Measure and print. Returns 1 when a login failed, never because of a time."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--full", action="store_true", help="5,000 logins, 10,000 connections (about ten minutes)")
    parser.add_argument("--database", choices=DATABASES, action="append", help="default: both")
    parser.add_argument("--workers", type=int, default=2, help="server processes (default 2)")
    parser.add_argument("--drivers", type=int, default=2, help="logins at once in the closed loop (default 2)")
    parser.add_argument("--logins", type=int, help="measure so many instead")
    parser.add_argument("--connections", type=int, help="grow to so many instead")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder for lines of JSON")
    options = parser.parse_args(arguments)
    sizes = _sizes(options.full, options.logins, options.connections)
    failed = False
    for database in options.database or DATABASES:
        report = Report(database, datetime.now(UTC), options.results)
        try:
            with run_installation(database, options.workers) as installation:
                failed |= bool(measure(installation, sizes, options.drivers, report))
        except MissingPeer as missing:
            print(f"skipped: {missing}")
    return int(failed)


def measure(installation: Installation, sizes: Sizes, drivers: int, report: Report) -> int:
    """Run every measurement; returns how many logins failed."""
    installation.grow(sizes.growth[0])
    target, watched = installation.target, installation.watched
    warm_up(target, sizes.warm_up)
    report.steps(measure_steps(target, watched, sizes.step_logins))
    errors = 0
    for _ in range(2):  # memory that only fills caches grows in the first loop and not in the second
        loop = measure_loop(target, watched, sizes.loop_logins, drivers)
        report.loop(loop)
        errors += loop.errors
    growth = []
    for connections in sizes.growth:
        installation.grow(connections)
        warm_up(installation.target, sizes.warm_up // 4)
        growth.append(measure_authorize(installation.target, watched, sizes.authorizes))
    report.authorize(growth)
    return errors


def _sizes(full: bool, logins: int | None, connections: int | None) -> Sizes:
    chosen = FULL if full else SMOKE
    if logins is not None:
        chosen = Sizes(min(logins, chosen.warm_up), logins, logins, logins, chosen.growth)
    if connections is not None:
        chosen = Sizes(
            chosen.warm_up,
            chosen.step_logins,
            chosen.loop_logins,
            chosen.authorizes,
            tuple(sorted({min(10, connections), connections})),
        )
    return chosen


if __name__ == "__main__":
    sys.exit(main())
