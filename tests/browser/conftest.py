"""Headless Chromium, watched: what a page complains about and where its requests go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.databases import Databases
from tests.support.vendors import Vendors, run_vendors

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Watched:
    """A page of a new browser profile, and what was seen on it.

    Args:
        complaints: console errors (script errors and CSP reports among them) and uncaught exceptions.
        hosts: every host that was asked for anything.
    """

    page: Any
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname or ""))

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def expect_status(self, status: int) -> None:
        """Take note that an answer of this status was meant: Chromium lists each in the console."""
        mark = f"status of {status}"
        heard = [text for text in self.complaints if mark in text]
        assert heard, f"no answer with status {status}: {self.complaints}"
        self.complaints.remove(heard[0])


@contextmanager
def chromium(*arguments: str, **context: Any) -> Iterator[Watched]:
    """Open a page in a new Chromium with a new profile; skips where there is no Chromium."""
    if not CHROMIUM.exists():
        pytest.skip("needs Chromium at /usr/bin/chromium (Debian's package chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*ARGUMENTS, *arguments])
        try:
            page = browser.new_context(reduced_motion="reduce", **context).new_page()
            page.set_default_timeout(15_000)
            yield Watched(page)
        finally:
            browser.close()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make screenshots` asks for pictures."""
    parser.addoption("--keep-pictures", action="store_true", help="keep pictures of the portal's pages")


@pytest.fixture(scope="module")
def open_chromium() -> Any:
    """Return `chromium`, the context manager that opens a watched page."""
    return chromium


@pytest.fixture(scope="module")
def vendors(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendors]:
    """A gateway and every vendor's simulator, in this process and on one clock."""
    with databases.database("sqlite") as url, run_vendors(url, tmp_path_factory.mktemp("vendors")) as running:
        yield running
