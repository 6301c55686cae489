"""Requirement 40 for the console: every page and what its forms answer, in both themes and widths, with axe-core."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from app.settings import ROOT
from tests.support.axe import FIRST, Looker
from tests.support.chromium import Chromiums
from tests.support.command import Portico, serving
from tests.support.console import EMAIL, ConsolePage, enrol, list_console_pages, show, sign_in
from tests.support.management import Management

pytestmark = pytest.mark.browser

TEMPLATES = ROOT / "templates" / "console"
#: Layout and macros: on every page.
PIECES = {"desk", "parts", "contact_fields", "speaking"}
#: Shown on the way to becoming an operator and to signing in.
ON_THE_WAY = {"recovery", "code"}


@dataclass
class Served:
    """A gateway with an operator, and the recovery codes that are left."""

    url: str
    portico: Portico
    pages: list[ConsolePage]
    codes: list[str]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, open_chromium: Chromiums) -> Iterator[Served]:
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


def test_40_every_page_is_accessible_and_stands_on_its_own(
    served: Served, open_chromium: Chromiums, looker: Looker
) -> None:
    """In both themes and widths axe-core finds nothing and nothing scrolls sideways; nobody else is asked; no CSP
    report; at most 80 kB."""
    link = served.portico.json("operator", "create", "looking@yourcompany.example")["url"]
    with open_chromium(**FIRST) as watched:
        page = watched.page
        watched.weigh()
        looker.begin(watched.page)
        enrol(page, link)
        looker.everywhere(page, "console-recovery")
        for shown in sorted(served.pages, key=lambda one: one.signed_in):
            if shown.signed_in and page.locator("nav").count() == 0:
                code = served.codes.pop()
                sign_in(page, served.url, code, lambda: looker.everywhere(page, "console-code"))
            status = show(page, served.url, shown)
            assert status == shown.status, shown.name
            looker.everywhere(page, f"console-{shown.name}")
            if status == 422:
                assert page.title().startswith("Error: "), shown.name
        watched.check({"127.0.0.1"})
    assert looker.wrong == {}


def test_40_no_template_is_left_out(served: Served) -> None:
    """Whoever adds a page adds it to `list_console_pages`."""
    looked_at = {page.template for page in served.pages} | ON_THE_WAY
    assert looked_at == {path.stem for path in TEMPLATES.glob("*.html")} - PIECES


def test_36_every_item_of_the_overview_leads_to_its_fix(served: Served, open_chromium: Chromiums) -> None:
    """Each link opens a page, and what it names there is there."""
    with open_chromium() as watched:
        page = watched.page
        sign_in(page, served.url, served.codes.pop())
        items = page.locator("ul.rows.far > li")
        paths = [items.nth(number).locator(".acts a").first.get_attribute("href") for number in range(items.count())]
        assert len(paths) >= 3
        for path in paths:
            assert path is not None
            answer = page.goto(served.url + path)
            assert answer.status == 200, path
            if "#" in path:
                assert page.locator(f"[id='{path.split('#')[1]}']").count() == 1, path
        watched.check({"127.0.0.1"})


def test_39_the_keyboard_alone_turns_a_connection_off_and_on(served: Served, open_chromium: Chromiums) -> None:
    """The name is typed, Enter sends it; turning it on again names that nobody tested it."""
    path = next(one.path for one in served.pages if one.name == "connection-deactivate")
    with open_chromium() as watched:
        page = watched.page
        sign_in(page, served.url, served.codes.pop())
        page.goto(served.url + path)
        page.focus("#typed")
        page.keyboard.type("Halden Okta")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Closed")
        page.focus("a:has-text('Turn it on')")
        page.keyboard.press("Enter")
        page.wait_for_selector("h1:has-text('Turn on Halden Okta')")
        page.focus("#skip_test")
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Open for sign-ins")
        watched.check({"127.0.0.1"})


def test_7_the_whole_console_works_without_javascript(served: Served, open_chromium: Chromiums) -> None:
    """Signing in, adding an organization, making a set-up link, revoking it, signing out."""
    with open_chromium(java_script_enabled=False) as watched:
        page = watched.page
        sign_in(page, served.url, served.codes.pop())
        page.click("nav >> text=Organizations")
        page.click("text=Add an organization")
        page.fill("#name", "Northgate Labs")
        page.click("button:has-text('Add organization')")
        page.click("text=Make a link")
        page.fill("#contact", "iris@northgatelabs.example")
        page.click("button:has-text('Make the link')")
        assert "/setup/" in page.inner_text("#once")
        page.click("text=Revoke…")
        page.click("button:has-text('Revoke the link')")
        assert "Revoked" in page.inner_text("main")
        page.click("button:has-text('Sign out')")
        assert page.url.endswith("/console/sign-in")
        page.goto(f"{served.url}/console/organizations")
        assert "/console/sign-in" in page.url


def test_9_every_page_fits_in_german_at_320_px(served: Served, open_chromium: Chromiums) -> None:
    """Switched by a button, and back; German words are long, and nothing scrolls sideways."""
    wide = []
    with open_chromium(viewport={"width": 320, "height": 800}) as watched:
        page = watched.page
        sign_in(page, served.url, served.codes.pop())
        page.click("button:has-text('Deutsch')")
        page.wait_for_selector("h1:has-text('Übersicht')")
        for shown in served.pages:
            if shown.signed_in and not shown.fill and not shown.press:
                page.goto(served.url + shown.path)
                assert page.get_attribute("html", "lang") == "de", shown.name
                if page.evaluate("document.documentElement.scrollWidth") > 320:
                    wide.append(shown.name)
        page.click("button:has-text('English')")
        assert page.get_attribute("html", "lang") == "en"
        watched.check({"127.0.0.1"})
    assert wide == []


def test_a_secret_that_is_shown_once_is_copied_exactly(served: Served, open_chromium: Chromiums) -> None:
    """Requirement 9 for operators: the exact bytes, and the word for it is spoken."""
    with open_chromium(permissions=["clipboard-read", "clipboard-write"]) as watched:
        page = watched.page
        sign_in(page, served.url, served.codes.pop())
        page.goto(f"{served.url}/console/api-keys")
        page.fill("#name", "Provisioning")
        page.check("#scope-2")
        page.click("button:has-text('Make the key')")
        page.click("button:has-text('Copy')")
        page.wait_for_selector("#copied:has-text('Copied: API key')", state="attached")
        assert page.evaluate("navigator.clipboard.readText()") == page.inner_text("#once")
        watched.check({"127.0.0.1"})


def test_serve_prints_a_one_time_link_while_there_is_no_operator(tmp_path_factory: pytest.TempPathFactory) -> None:
    """On an empty database the operator of `make run` gets in by what it prints."""
    portico = Portico(tmp_path_factory.mktemp("empty"))
    with serving(portico) as server:
        pass
    link = next(line.strip() for line in server.log.splitlines() if "/console/enrol/" in line)
    assert link.startswith(f"{server.url}/console/enrol/")
