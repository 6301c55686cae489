"""Several threads at the same moment, each with an application context and so a database session of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from flask import Flask

T = TypeVar("T")
_HANG_S = 60


def together(app: Flask, run: Callable[[int], T], count: int) -> list[T]:
    """Call `run(0)` to `run(count - 1)` at once and return what they returned, in that order; the first error is raised."""
    start = threading.Barrier(count, timeout=_HANG_S)

    def one(number: int) -> T:
        with app.app_context():
            start.wait()
            return run(number)

    with ThreadPoolExecutor(count) as pool:
        return [future.result(_HANG_S) for future in [pool.submit(one, number) for number in range(count)]]
