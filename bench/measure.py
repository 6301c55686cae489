"""The three measurements: CPU for each step, a closed loop, and authorize alone."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.login import STEPS, Login, LoginFailed, Target
from bench.processes import Watched
from bench.wire import Wire

_BATCH = 100
_USERS = 1000
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Steps:
    """Server and database CPU milliseconds for each step of a login, averages over the cheapest round of `logins`."""

    logins: int
    cpu_ms: dict[str, dict[str, float]]  # process -> step -> ms; `login` is their sum

    @property
    def total_ms(self) -> float:
        """Of everything that was watched, for one login."""
        return sum(steps["login"] for steps in self.cpu_ms.values())


def measure_steps(target: Target, watched: Watched, logins: int, *, seed: int = 7) -> Steps:
    """Run logins step by step: many authorizes, then as many ACS posts, and so on, so that each step's CPU shows.

    In rounds: whatever else the machine does makes a round dearer, never cheaper.
    """
    chance, wire = random.Random(seed), Wire()
    number = _rounds(logins)
    rounds = [_measure_round(target, watched, logins // number, chance, wire) for _ in range(number)]
    wire.close()
    return Steps(logins, min(rounds, key=lambda round_: sum(steps["login"] for steps in round_.values())))


def _measure_round(
    target: Target, watched: Watched, logins: int, chance: random.Random, wire: Wire
) -> dict[str, dict[str, float]]:
    spent: dict[str, dict[str, float]] = {}
    for first in range(0, logins, _BATCH):
        batch = [_login(target, wire, chance) for _ in range(min(_BATCH, logins - first))]
        for step in STEPS:
            before = watched.cpu_s()
            for login in batch:
                getattr(login, step)()
            for process, after in watched.cpu_s().items():
                steps = spent.setdefault(process, dict.fromkeys(STEPS, 0.0))
                steps[step] += after - before[process]
            if step == "authorize":
                for login in batch:
                    login.sign_in()
    averages = {}
    for process, steps in spent.items():
        average = {step: round(seconds * 1000 / logins, 3) for step, seconds in steps.items()}
        averages[process] = {**average, "login": round(sum(average.values()), 3)}
    return averages


@dataclass(frozen=True, slots=True)
class Loop:
    """A closed loop of whole logins: as many at once as there are `drivers`."""

    logins: int
    drivers: int
    errors: int
    first_error: str
    seconds: float
    p50_ms: float
    p99_ms: float
    memory_before_mib: dict[str, float]
    memory_after_mib: dict[str, float]

    @property
    def per_s(self) -> float:
        return self.logins / self.seconds


def measure_loop(target: Target, watched: Watched, logins: int, drivers: int) -> Loop:
    """Drive whole logins from processes of their own."""
    before = watched.memory_mib()
    context = multiprocessing.get_context("fork")
    share = [logins // drivers + (number < logins % drivers) for number in range(drivers)]
    began = time.perf_counter()
    said = context.SimpleQueue()
    running = [context.Process(target=_drive, args=(said, target, count, number)) for number, count in enumerate(share)]
    for driver in running:
        driver.start()
    results = [said.get() for _ in running]
    for driver in running:
        driver.join()
    seconds = time.perf_counter() - began
    times = sorted(took for took_each, _ in results for took in took_each)
    errors = [error for _, failed in results for error in failed]
    return Loop(
        len(times),
        drivers,
        len(errors),
        errors[0] if errors else "",
        seconds,
        _percentile(times, 50),
        _percentile(times, 99),
        before,
        watched.memory_mib(),
    )


def _drive(said: Any, target: Target, count: int, number: int) -> None:
    """Say (seconds of each login, failures) once, at the end."""
    chance, wire = random.Random(100 + number), Wire()
    times: list[float] = []
    errors: list[str] = []
    for _ in range(count):
        began = time.perf_counter()
        try:
            login = _login(target, wire, chance)
            login.authorize()
            login.sign_in()
            login.acs()
            login.token()
            login.userinfo()
        except (LoginFailed, OSError) as error:
            errors.append(repr(error))
            if len(errors) > 20:
                break
        else:
            times.append(time.perf_counter() - began)
    wire.close()
    said.put((times, errors))


@dataclass(frozen=True, slots=True)
class Authorize:
    """The authorization step alone, over `connections` chosen at random. CPU is that of the cheapest round."""

    connections: int
    requests: int
    cpu_ms: dict[str, float]
    p50_ms: float
    p99_ms: float

    @property
    def total_ms(self) -> float:
        return sum(self.cpu_ms.values())


def measure_authorize(target: Target, watched: Watched, requests: int) -> Authorize:
    """Begin logins and leave them there, in rounds: whatever else the machine does makes a round dearer, never cheaper."""
    chance, wire = random.Random(11), Wire()
    times: list[float] = []
    rounds: list[dict[str, float]] = []
    number = _rounds(requests)
    for _ in range(number):
        before = watched.cpu_s()
        for _ in range(requests // number):
            login = _login(target, wire, chance)
            began = time.perf_counter()
            login.authorize()
            times.append(time.perf_counter() - began)
        spent = watched.cpu_s()
        rounds.append({name: round((spent[name] - before[name]) * 1000 * number / requests, 3) for name in spent})
    wire.close()
    times.sort()
    least = min(rounds, key=lambda cpu_ms: sum(cpu_ms.values()))
    return Authorize(len(target.connections), requests, least, _percentile(times, 50), _percentile(times, 99))


def _rounds(count: int) -> int:
    """A round is long enough for CPU time, which is counted in hundredths of a second."""
    return _ROUNDS if count >= _ROUNDS * _BATCH else 1


def warm_up(target: Target, logins: int) -> None:
    """Run logins that are not measured; the first failure is raised."""
    chance, wire = random.Random(3), Wire()
    for _ in range(logins):
        login = _login(target, wire, chance)
        for step in (login.authorize, login.sign_in, login.acs, login.token, login.userinfo):
            step()
    wire.close()


def _login(target: Target, wire: Wire, chance: random.Random) -> Login:
    return Login(target, wire, chance.choice(target.connections), chance.randrange(_USERS))


def _percentile(values: Sequence[float], percent: int) -> float:
    """Return a percentile of sorted seconds, in milliseconds."""
    if not values:
        return 0.0
    return round(values[min(len(values) - 1, len(values) * percent // 100)] * 1000, 2)


def as_json(result: Any) -> dict[str, Any]:
    """Return a result with its name, for a line of JSON."""
    from dataclasses import asdict

    return {"measure": type(result).__name__.lower(), **asdict(result)}
