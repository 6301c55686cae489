"""Headless Chromium, watched: what its pages complain about, whom they ask, and what they weigh."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

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
MAX_BYTES = 80_000  # of a cold page, as sent


@dataclass
class Watched:
    """A page of a new browser profile, and what was seen on it.

    Args:
        complaints: console errors (script errors and CSP reports among them) and uncaught exceptions.
        hosts: every host that was asked for anything.
        strangers: addresses of another host than the page's own that the page itself asked for.
        weights: bytes of each document with all that it loads, by address; only when weighed.
    """

    page: Any
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    strangers: list[str] = field(default_factory=list)
    weights: dict[str, float] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)  # as Chromium lists pages that came with an error status

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._see)
        self.page.on("response", self._note)

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def _see(self, request: Any) -> None:
        host = urlsplit(request.url).hostname or ""
        self.hosts.add(host)
        if not request.is_navigation_request() and host != urlsplit(request.frame.url).hostname:
            self.strangers.append(request.url)

    def _note(self, response: Any) -> None:
        if response.status >= 400 and response.request.is_navigation_request():
            self.refused.add(f"status of {response.status}")

    def expect_status(self, status: int) -> None:
        """Take note that an answer of this status was meant: Chromium lists each in the console."""
        mark = f"status of {status}"
        deadline = time.monotonic() + 5
        while not (heard := [text for text in self.complaints if mark in text]) and time.monotonic() < deadline:
            self.page.wait_for_timeout(20)  # the page may be there before the console's line is
        assert heard, f"no answer with status {status}: {self.complaints}"
        self.complaints.remove(heard[0])

    def weigh(self) -> None:
        """From now on, load every page cold and add up what it brings over the wire, headers included."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        documents: dict[str, str] = {}  # loader -> address
        loaders: dict[str, str] = {}  # request -> loader
        sums: dict[str, float] = {}  # loader -> bytes

        def sent(event: dict[str, Any]) -> None:
            if event.get("type") in ("Fetch", "XHR"):
                return  # not the page but what somebody did on it
            loaders[event["requestId"]] = event["loaderId"]
            if event.get("type") == "Document":
                documents[event["loaderId"]] = event["request"]["url"]

        def finished(event: dict[str, Any]) -> None:
            loader = loaders.get(event["requestId"], "")
            sums[loader] = sums.get(loader, 0) + event["encodedDataLength"]
            if loader in documents:
                address = documents[loader]
                self.weights[address] = max(self.weights.get(address, 0), sums[loader])

        session.on("Network.requestWillBeSent", sent)
        session.on("Network.loadingFinished", finished)

    def check(self, own: set[str]) -> None:
        """Requirements 18 and 40: no script error, no CSP report, nobody else asked, no page heavier than 80 kB.

        Args:
            own: hosts that this test means to visit.
        """
        listed = {text for text in self.complaints if any(mark in text for mark in self.refused)}  # pages, as they are
        assert [text for text in self.complaints if text not in listed] == []
        assert self.strangers == []
        assert self.hosts <= own, self.hosts
        heavy = {url: size for url, size in self.weights.items() if size > MAX_BYTES}
        assert heavy == {}


class Chromiums:
    """Browsers for one module: one process without arguments, used again with a new profile each time."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack, self._playwright, self._plain = stack, None, None

    @contextmanager
    def __call__(self, *arguments: str, **context: Any) -> Iterator[Watched]:
        """Open a page in a new profile; skips where there is no Chromium."""
        browser = self._browser(*arguments)
        profile = browser.new_context(reduced_motion="reduce", **context)
        try:
            page = profile.new_page()
            page.set_default_timeout(15_000)
            yield Watched(page)
        finally:
            profile.close()
            if arguments:
                browser.close()

    def _browser(self, *arguments: str) -> Any:
        if not CHROMIUM.exists():
            pytest.skip("needs Chromium at /usr/bin/chromium (Debian's package chromium)")
        if self._playwright is None:
            from playwright.sync_api import sync_playwright

            self._playwright = self._stack.enter_context(sync_playwright())
        if arguments or self._plain is None:
            launched = self._playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*ARGUMENTS, *arguments])
            if arguments:
                return launched
            self._plain = launched
            self._stack.callback(launched.close)
        return self._plain


@contextmanager
def chromiums() -> Iterator[Chromiums]:
    """Browsers that end with the block."""
    with ExitStack() as stack:
        yield Chromiums(stack)
