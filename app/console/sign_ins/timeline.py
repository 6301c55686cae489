"""The steps of a sign-in as a line of time: whose turn it was, and how long ours took. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Moment:
    """One step. `start` and `width` are percent of our own time in all, for a bar; `took_ms` since the step before."""

    step: Any
    took_ms: float
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Turn:
    """One request of the sign-in, with its steps. `away_s`: how long the person had been away before it."""

    request: str
    at: datetime
    away_s: float
    moments: tuple[Moment, ...]


def list_turns(steps: Sequence[Any]) -> tuple[list[Turn], float]:
    """Return the requests in order with their steps, and the milliseconds that were ours."""
    requests: list[list[Any]] = []
    for step in steps:
        if not requests or (requests[-1][0].request, requests[-1][0].at) != (step.request, step.at):
            requests.append([])
        requests[-1].append(step)
    ours = sum(parts[-1].ms for parts in requests)
    turns: list[Turn] = []
    before, passed = None, 0.0
    for parts in requests:
        moments, last = [], 0.0
        for step in parts:
            took = max(step.ms - last, 0.0)
            moments.append(_moment(step, took, passed + last, ours))
            last = step.ms
        away = (parts[0].at - before).total_seconds() if before is not None else 0.0
        turns.append(Turn(parts[0].request, parts[0].at, away, tuple(moments)))
        before, passed = parts[0].at, passed + last
    return turns, round(ours, 1)


def _moment(step: Any, took_ms: float, passed_ms: float, ours_ms: float) -> Moment:
    scale = 100 / ours_ms if ours_ms else 0.0
    return Moment(step, round(took_ms, 2), round(passed_ms * scale, 2), round(max(took_ms * scale, 0.6), 2))
