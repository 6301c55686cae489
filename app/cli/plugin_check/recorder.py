"""A pytest plug-in that notes what became of each test, and which adapter's kit it belongs to."""

from __future__ import annotations

import json
import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Begin an empty record."""
    config.pluginmanager.register(Recorder(Path(os.environ["PORTICO_CHECK_ANSWER"])), "portico-check-recorder")


class Recorder:
    """What became of each test: `{test, key, state, reason}`, the key of the adapter whose kit it belongs to or empty."""

    def __init__(self, answer: Path) -> None:
        self._answer = answer
        self._found: dict[str, dict[str, str]] = {}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a test file that cannot be collected."""
        if report.failed:
            reason = _last_line(report.longreprtext)
            self._found[report.nodeid] = {"test": report.nodeid, "key": "", "state": "fail", "reason": reason}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note how a phase of a test ended."""
        report = yield
        spec = getattr(getattr(item, "cls", None), "spec", None)
        said = {"test": item.name, "key": getattr(spec, "key", ""), "state": "ok", "reason": ""}
        entry = self._found.setdefault(item.nodeid, said)
        if report.skipped and entry["state"] == "ok":
            entry["state"] = "skip"
        if report.failed:
            entry.update(state="fail", reason=_explain(item, call))
        return report

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write it down."""
        self._answer.write_text(json.dumps(list(self._found.values())))


def _explain(item: pytest.Item, call: pytest.CallInfo[None]) -> str:
    """The message of the failure, and the requirement: the first line of the test's docstring."""
    error: Any = call.excinfo.value if call.excinfo else None
    said = str(error).strip().splitlines()[:1] or [type(error).__name__]
    about = (getattr(getattr(item, "function", None), "__doc__", None) or "").strip().splitlines()[:1]
    return " ".join([*said, *(f"({line})" for line in about)])[:1000]


def _last_line(text: str) -> str:
    lines = [line.removeprefix("E").strip() for line in text.strip().splitlines() if line.strip()]
    return lines[-1][:500] if lines else "it cannot be collected"
