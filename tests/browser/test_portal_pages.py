"""Every page of the portal in Chromium, in both themes and widths: axe-core, no complaint, no sideways scrolling, 80 kB.

Requirements 9, 18 and 40 of the interface's acceptance list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.settings import ROOT
from tests.browser.portal_walk import Admin
from tests.support.vendors import Vendors

pytestmark = pytest.mark.browser

AXE = ROOT / "tests" / "peers" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FOLDER = ROOT / "instance" / "screenshots"


@dataclass
class Stage:
    """A setup that is on, one that has failed a test, and the paths of every page."""

    base: str
    cookies: list[dict[str, Any]]
    paths: dict[str, str]


@pytest.fixture(scope="module")
def stage(vendors: Vendors, open_chromium: Any) -> Iterator[Stage]:
    with open_chromium() as watched:
        page = watched.page
        admin = Admin(vendors, page, "okta-saml", "okta-saml", vendors.organization("okta-saml"))
        door = admin.link()
        admin.open(door)
        admin.choose()
        paths = {"door": door.removeprefix(admin.base), "provider": "/setup/provider"}
        paths["test-blocked"] = f"/setup/{admin.connection_id}/test"
        admin.walk()
        root = f"/setup/{admin.connection_id}"
        paths |= {f"step-{path.rpartition('step-')[2]}": path for path in admin.seen}
        paths |= {name: f"{root}/{name}" for name in ("tasks", "mapping", "test", "activate", "certificates", "guide")}
        admin.register_saml()
        admin.test("nomail")
        paths["test-without-mail"] = page.url.removeprefix(admin.base)
        page.context.clear_cookies(domain="idp.localhost")
        admin.test()
        paths["test-passed"] = page.url.removeprefix(admin.base)
        admin.vendors.api.post(f"/organizations/{admin.organization_id}/domains", domain="second.example")
        paths |= {"domains": "/setup/domains", "domain": "/setup/domains/second.example", "contacts": "/setup/contacts"}
        paths |= {"colleague": "/setup/colleague?step=domains", "code": "/setup/code"}
        paths |= {"overview": f"{root}/overview", "metadata-file": f"{root}/step-give-metadata?way=file"}
        admin.activate()
        paths["done"] = f"{root}/done"
        made = Stage(admin.base, page.context.cookies(), paths)
    yield made
    vendors.api.post(f"/connections/{root.rpartition('/')[2]}/deactivate")


def violations(page: Any) -> list[str]:
    """Return what axe-core finds, one line each."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", TAGS)["violations"]
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}" for one in found for node in one["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_can_be_read_by_everybody(stage: Stage, open_chromium: Any, width: int, scheme: str) -> None:
    """axe-core finds nothing; nothing scrolls sideways; no request to another host; no complaint."""
    if not AXE.exists():
        pytest.skip("needs axe-core: make peers")
    wrong = {}
    with open_chromium(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True) as watched:
        watched.page.context.add_cookies(stage.cookies)
        for name, path in stage.paths.items():
            watched.page.goto(stage.base + path)
            found = violations(watched.page)
            if watched.page.evaluate("document.documentElement.scrollWidth") > width:
                found.append("it scrolls sideways")
            if watched.page.locator("h1").count() != 1:
                found.append("not one h1")
            if found:
                wrong[name] = found
        assert watched.hosts == {"127.0.0.1"}
        assert watched.complaints == []
    assert wrong == {}


def test_no_page_breaks_the_content_security_policy_or_weighs_more_than_80_kb(stage: Stage, open_chromium: Any) -> None:
    """Cold, as sent."""
    for name, path in stage.paths.items():
        with open_chromium() as watched:
            watched.page.context.add_cookies(stage.cookies)
            sizes: list[int] = []
            watched.page.on("requestfinished", lambda r, sizes=sizes: sizes.append(r.sizes()["responseBodySize"]))
            watched.page.goto(stage.base + path, wait_until="networkidle")
            assert 0 < sum(sizes) < 80_000, (name, sizes)
            assert watched.complaints == [], name


def test_copying_puts_the_exact_bytes_on_the_clipboard(stage: Stage, open_chromium: Any) -> None:
    """Requirement 9, announced in a live region."""
    with open_chromium(permissions=["clipboard-read", "clipboard-write"]) as watched:
        watched.page.context.add_cookies(stage.cookies)
        watched.page.goto(stage.base + stage.paths["step-copy-values"])
        watched.page.locator("[data-copy=v-acs_url]").click()
        watched.page.locator("#copied", has_text="Copied: Single sign-on URL").wait_for(state="attached")
        shown = watched.page.locator("#v-acs_url").inner_text()
        assert watched.page.evaluate("navigator.clipboard.readText()") == shown
        assert shown.endswith("/acs")
        assert watched.page.locator("#v-acs_url-name").inner_text() == "Single sign-on URL"


def test_pictures(stage: Stage, open_chromium: Any, request: pytest.FixtureRequest) -> None:
    """`make screenshots` keeps them; a test run needs none."""
    if not request.config.getoption("--keep-pictures", default=False):
        pytest.skip("make screenshots")
    Path(FOLDER).mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        for width in (320, 1280):
            with open_chromium(viewport={"width": width, "height": 900}, color_scheme=scheme) as watched:
                watched.page.context.add_cookies(stage.cookies)
                for name, path in stage.paths.items():
                    watched.page.goto(stage.base + path)
                    watched.page.screenshot(path=FOLDER / f"portal-{name}-{width}-{scheme}.png", full_page=True)
