"""Optional programs that tests need: what is missing skips its tests, and the end of the run says so by name.

`@pytest.mark.browser` needs Chromium; `@pytest.mark.peer("node")` needs the programs it names (`node`, `xmlsec1`).
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

#: peer -> (names of its program, how to get it)
PEERS = {
    "chromium": (("chromium", "chromium-browser", "google-chrome"), "apt-get install chromium"),
    "node": (("node",), "apt-get install nodejs npm"),
    "xmlsec1": (("xmlsec1",), "apt-get install xmlsec1"),
    "postgresql": (("postgres",), "apt-get install postgresql"),
}
_PREFIX = "missing peer"


def find_program(peer: str) -> str | None:
    """Return the path of the peer's program, or None."""
    for name in PEERS[peer][0]:
        found = shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}{os.pathsep}{_postgresql_folders()}")
        if found:
            return found
    return None


def _postgresql_folders() -> str:
    """Return where Debian keeps PostgreSQL's programs, newest first: they are not on the PATH."""
    root = Path("/usr/lib/postgresql")
    versions = [p for p in root.glob("*/bin") if p.parent.name.isdigit()]
    return os.pathsep.join(str(p) for p in sorted(versions, key=lambda p: -int(p.parent.name)))


def skip_missing(peer: str) -> NoReturn:
    """Skip the test, with a reason that the end of the run collects."""
    pytest.skip(f"{_PREFIX}: {peer} ({PEERS[peer][1]})")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a marked test whose peer is missing."""
    needed = ["chromium"] if item.get_closest_marker("browser") else []
    for mark in item.iter_markers("peer"):
        needed += mark.args or ("node", "xmlsec1")
    for peer in needed:
        if find_program(peer) is None:
            skip_missing(peer)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name each missing peer once, with what it cost. Reads reports, so that it also works over xdist's workers."""
    lost: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        found = re.search(rf"{_PREFIX}: (.+)$", str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else "")
        if found:
            lost[found[1]] = lost.get(found[1], 0) + 1
    if lost:
        terminalreporter.section("optional peers that are missing here")
        for peer, count in sorted(lost.items()):
            terminalreporter.line(f"{peer}: {count} {'test' if count == 1 else 'tests'} skipped", yellow=True)
