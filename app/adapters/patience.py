"""Running a plug-in's code for so long and no longer: one that never comes back must not stop the gateway."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread
from typing import Generic, TypeVar

from portico_sdk import BrokenContract

T = TypeVar("T")

LIMIT_S = 10.0
SLOW_S = 2.0  # from here on `portico doctor` names it: every start of every process waits as long

#: What a plug-in may do to us at import: anything, also leave. Only the operator's own interrupt passes.
Anything = (Exception, SystemExit, GeneratorExit)


@dataclass(frozen=True, slots=True)
class Timed(Generic[T]):
    """What came of it, and how long it took in seconds."""

    value: T
    took_s: float


def run_within(work: Callable[[], T], limit_s: float = LIMIT_S) -> Timed[T]:
    """Return what `work` returns. It runs in a thread of its own, which is left alone when it does not come back.

    `work` must touch nothing that is used afterwards unless it returned.

    Raises:
        BrokenContract: it took longer than `limit_s`.
        Whatever `work` raises, SystemExit included.
    """
    values: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            values.append(work())
        except Anything as error:
            errors.append(error)

    began = time.perf_counter()
    thread = Thread(target=run, name="portico-plugin", daemon=True)
    thread.start()
    thread.join(limit_s)
    took_s = time.perf_counter() - began
    if errors:
        raise errors[0]
    if not values:
        raise BrokenContract(f"it took longer than {limit_s:g} s to load")
    return Timed(values[0], took_s)
