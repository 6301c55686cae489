"""Results for people (a table on standard output) and for comparison (lines of JSON in bench/results)."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.login import STEPS
from bench.measure import Authorize, Loop, Steps, as_json

RESULTS = Path(__file__).parent / "results"
LOGIN_BUDGET_MS = 10.0
AUTHORIZE_BUDGET_RATIO = 1.2
MEMORY_BUDGET_RATIO = 1.1


class Report:
    """Prints each result as it comes and appends it to the file of this run."""

    def __init__(self, database: str, now: datetime, folder: Path = RESULTS) -> None:
        self._database = database
        self._console = Console()
        folder.mkdir(exist_ok=True)
        self._file = folder / f"{now:%Y%m%dT%H%M%S}-{database}.jsonl"
        self._surroundings = {"database": database, "at": now.isoformat(), "python": platform.python_version()}
        self._console.rule(f"[bold]{database}")

    def _write(self, result: Any) -> None:
        line = {**self._surroundings, "load_average": os.getloadavg()[0], **as_json(result)}
        with self._file.open("a") as file:
            file.write(json.dumps(line) + "\n")

    def steps(self, steps: Steps) -> None:
        """CPU for each step, and what one core could do."""
        self._write(steps)
        table = Table("CPU ms", *STEPS, "login", title=f"{steps.logins} logins, step by step")
        for process, spent in steps.cpu_ms.items():
            table.add_row(process, *(f"{spent[step]:.2f}" for step in STEPS), f"{spent['login']:.2f}")
        self._console.print(table)
        server_ms = steps.cpu_ms["server"]["login"]
        verdict = _verdict(server_ms, LOGIN_BUDGET_MS)
        self._console.print(f"server {server_ms:.2f} ms a login ({verdict}); with its database {steps.total_ms:.2f} ms")
        self._console.print(f"{1000 / steps.total_ms:.0f} logins/s/core, database included")

    def loop(self, loop: Loop) -> None:
        """Latency, throughput and memory."""
        self._write(loop)
        self._console.print(
            f"{loop.logins} logins from {loop.drivers} drivers: {loop.per_s:.1f}/s, p50 {loop.p50_ms} ms, "
            f"p99 {loop.p99_ms} ms, {loop.errors} errors {loop.first_error[:300]}"
        )
        for process, before in loop.memory_before_mib.items():
            after = loop.memory_after_mib[process]
            verdict = _verdict(after, before * MEMORY_BUDGET_RATIO)
            self._console.print(f"memory of the {process}: {before} -> {after} MiB ({verdict})")

    def authorize(self, sizes: Sequence[Authorize]) -> None:
        """Growth with the number of connections."""
        table = Table("connections", "CPU ms", "p50 ms", "p99 ms", "to the first", title="authorize")
        for size in sizes:
            self._write(size)
            ratio = size.total_ms / sizes[0].total_ms if sizes[0].total_ms else 0
            table.add_row(
                str(size.connections),
                " + ".join(f"{name} {ms:.2f}" for name, ms in size.cpu_ms.items()),
                str(size.p50_ms),
                str(size.p99_ms),
                f"{ratio:.2f} ({_verdict(ratio, AUTHORIZE_BUDGET_RATIO)})",
            )
        self._console.print(table)


def _verdict(value: float, budget: float) -> str:
    return "within budget" if value <= budget else f"[bold red]over the budget of {budget:.1f}[/]"
