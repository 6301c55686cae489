"""A race as it happens in production: four worker processes, many threads in each, all at the same moment."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing.synchronize import Barrier
from typing import Any

from tests.support.databases import running_app

WORKERS = 4
_HANG_S = 60


Attempts = Mapping[str, Callable[[int], bool]]


def race(url: str, attempts: Attempts, *, rounds: int, threads: int) -> dict[str, list[int]]:
    """Return, for each attempt, how many of `4 * threads` simultaneous calls returned True in each round.

    Args:
        url: of the database that all processes use.
        attempts: each is called with the number of the round, in an application context of its own. Importable by name,
            or a `functools.partial` of such. All in one race, since starting four processes takes seconds.
    """
    spawn = multiprocessing.get_context("spawn")
    start = spawn.Barrier(WORKERS * threads)
    results: Any = spawn.SimpleQueue()
    workers = [
        spawn.Process(target=_work, args=(url, attempts, rounds, threads, start, results)) for _ in range(WORKERS)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(_HANG_S + rounds * len(attempts))
        worker.kill()  # nothing happens to one that has ended
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * WORKERS
    counts = [results.get() for _ in workers]
    return {name: [sum(of_one[name][number] for of_one in counts) for number in range(rounds)] for name in attempts}


def _work(url: str, attempts: Attempts, rounds: int, threads: int, start: Barrier, results: Any) -> None:
    with running_app(url) as app, ThreadPoolExecutor(threads) as pool:

        def one(attempt: Callable[[int], bool], number: int) -> bool:
            with app.app_context():
                start.wait(_HANG_S)
                return attempt(number)

        results.put(
            {
                name: [sum(pool.map(partial(one, attempt), [number] * threads)) for number in range(rounds)]
                for name, attempt in attempts.items()
            }
        )
