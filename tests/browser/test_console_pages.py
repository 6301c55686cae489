"""Requirement 40 for the console: every page in Chromium, in both themes and widths, with axe-core."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from app.settings import ROOT
from tests.support.command import Portico, serving
from tests.support.console import EMAIL, ConsolePage, enrol, list_console_pages, sign_in
from tests.support.management import Management

pytestmark = pytest.mark.browser

AXE = ROOT / "tests" / "peers" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@dataclass
class Served:
    """A gateway with an operator, and the recovery codes that are left."""

    url: str
    portico: Portico
    pages: list[ConsolePage]
    codes: list[str]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, open_chromium: Any) -> Iterator[Served]:
    portico = Portico(tmp_path_factory.mktemp("instance"))
    with serving(portico) as server:
        portico.environment["PORTICO_BASE_URL"] = server.url
        link = portico.json("operator", "create", EMAIL)["url"]
        with open_chromium() as watched:
            enrol(watched.page, link)
            assert watched.complaints == []
            codes = watched.page.inner_text("pre").split()
        key = portico.json("api-key", "create", "--name", "console")["api_key"]
        yield Served(server.url, portico, list_console_pages(server.url, portico, Management(server.url, key)), codes)


def violations(page: Any) -> list[str]:
    """Return what axe-core finds, one line each."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", TAGS)["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_40_every_page_is_accessible_and_stands_on_its_own(
    served: Served, open_chromium: Any, width: int, scheme: str
) -> None:
    """axe-core finds nothing; nothing scrolls sideways; no request to another host; no complaint; at most 80 kB."""
    if not AXE.exists():
        pytest.skip("needs axe-core: make peers")
    troubles: list[str] = []
    with open_chromium(viewport={"width": width, "height": 800}, color_scheme=scheme) as watched:
        for page in sorted(served.pages, key=lambda one: one.signed_in):
            if page.signed_in and "Overview" not in watched.page.title() and watched.page.locator("nav").count() == 0:
                sign_in(watched.page, served.url, served.codes.pop())
            answer = watched.page.goto(served.url + page.path)
            assert answer.status == 200, page.name
            troubles += [f"{page.name}: {one}" for one in violations(watched.page)]
            if watched.page.evaluate("document.documentElement.scrollWidth") > width:
                troubles.append(f"{page.name} scrolls sideways")
            assert watched.page.get_attribute("html", "data-bs-theme") == scheme
            assert watched.page.locator("h1").count() == 1, page.name
        assert watched.hosts == {"127.0.0.1"}
        assert watched.complaints == []
    assert troubles == []


def test_the_whole_console_works_without_javascript(served: Served, open_chromium: Any) -> None:
    """Signing in, adding an organization, making a set-up link, signing out."""
    with open_chromium(java_script_enabled=False) as watched:
        page = watched.page
        sign_in(page, served.url, served.codes.pop())
        page.click("nav >> text=Organizations")
        page.click("text=Add an organization")
        page.fill("#name", "Northgate Labs")
        page.click("button:has-text('Add organization')")
        page.fill("#contact", "iris@northgatelabs.example")
        page.click("button:has-text('Make the link')")
        assert "/setup/" in page.inner_text("code.copy")
        page.click("button:has-text('Sign out')")
        assert page.url.endswith("/console/sign-in")
        page.goto(f"{served.url}/console/organizations")
        assert "/console/sign-in" in page.url


def test_serve_prints_a_one_time_link_while_there_is_no_operator(
    tmp_path_factory: pytest.TempPathFactory, open_chromium: Any
) -> None:
    """On an empty database the operator of `make run` gets in by what it prints."""
    portico = Portico(tmp_path_factory.mktemp("empty"))
    with serving(portico) as server:
        pass
    link = next(line.strip() for line in server.log.splitlines() if "/console/enrol/" in line)
    assert link.startswith(f"{server.url}/console/enrol/")
