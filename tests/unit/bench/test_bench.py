"""The benchmark runs, tiny: whole logins on SQLite, a table on standard output, lines of JSON in a folder."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bench.__main__ import main
from bench.login import STEPS
from bench.processes import Watched, tree


def test_a_tiny_benchmark_measures_whole_logins(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No time is asserted: only that every login ended, every step was counted and connections were seeded."""
    arguments = ["--database", "sqlite", "--logins", "6", "--connections", "12", "--results", str(tmp_path)]
    assert main(arguments) == 0, capsys.readouterr().out
    (written,) = tmp_path.glob("*-sqlite.jsonl")
    lines = {line["measure"]: line for line in map(json.loads, written.read_text().splitlines())}
    assert set(lines) == {"steps", "loop", "authorize"}
    assert set(lines["steps"]["cpu_ms"]["server"]) == {*STEPS, "login"}
    assert (lines["loop"]["logins"], lines["loop"]["errors"]) == (6, 0)
    assert lines["authorize"]["connections"] == 12
    assert "logins/s/core" in capsys.readouterr().out


def test_a_process_tree_is_found_and_counted() -> None:
    """This process has used CPU and memory, and is the root of its own tree."""
    watched = Watched({"tests": os.getpid()})
    assert tree(os.getpid())[0] == os.getpid()
    assert watched.cpu_s()["tests"] > 0
    assert watched.memory_mib()["tests"] > 1
