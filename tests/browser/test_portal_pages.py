"""Requirement 40: every page in every state in Chromium, in both themes and widths, and one way by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import template_rendered

from app.settings import ROOT
from tests.browser.portal_states import VISITORS, Stage, build_stage, make_moments
from tests.browser.portal_walk import OWN_HOSTS, visiting
from tests.browser.test_portal_german import names_of
from tests.support.axe import AXE, FIRST, Looker
from tests.support.chromium import Chromiums
from tests.support.databases import Databases
from tests.support.leftovers import find_leftovers
from tests.support.vendors import Vendors, run_vendors

pytestmark = pytest.mark.browser

TEMPLATES = ROOT / "templates"
#: Faces whose pages others look at.
ELSEWHERE = ("console", "api", "demo", "emails")
_USED = re.compile(r"""{%-?\s*(?:extends|include|import)\s+"([^"]+)\"""")


@pytest.fixture(scope="module")
def vendors(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendors]:
    """The same as elsewhere, with pages that stay."""
    folder = tmp_path_factory.mktemp("vendors")
    with databases.database("sqlite") as url, run_vendors(url, folder, pages=make_moments()) as running:
        yield running


@pytest.fixture(scope="module")
def rendered(vendors: Vendors) -> Iterator[list[str]]:
    """Names of the templates that answered so far."""
    seen: list[str] = []

    def note(_sender: Any, template: Any, **_more: Any) -> None:
        seen.append(template.name)

    with template_rendered.connected_to(note, vendors.gateway):
        yield seen


@pytest.fixture(scope="module")
def stage(vendors: Vendors, rendered: list[str], open_chromium: Chromiums) -> Stage:
    return build_stage(vendors, open_chromium)


@pytest.mark.parametrize("visitor", VISITORS)
def test_40_every_page_can_be_read_by_everybody(
    stage: Stage, rendered: list[str], open_chromium: Chromiums, looker: Looker, visitor: str
) -> None:
    """Requirement 40: in both themes and widths axe-core finds nothing and nothing scrolls sideways; nobody else is
    asked, no complaint, 80 kB."""
    stage.vendors.clock.advance(61)  # a code is mailed once a minute
    with open_chromium(**FIRST) as watched:
        watched.weigh()
        looker.begin(watched.page)
        stage.enter(watched.page, visitor)
        for state in stage.of(visitor):
            state.show(watched.page, stage.base)
            stage.templates[state.name] = rendered[-1]
            looker.everywhere(watched.page, f"portal-{state.name}")
        watched.check(OWN_HOSTS)
    assert looker.wrong == {}


def test_40_every_template_can_be_read_in_german(stage: Stage, open_chromium: Chromiums, looker: Looker) -> None:
    """Requirement 40 and item 9: one state of each template in German, narrow and dark; no English is left in our texts."""
    stage.vendors.clock.advance(61)
    wanted, names = stage.one_of_each_template(), names_of("entra-saml") | names_of("okta-saml")
    for visitor in VISITORS:
        with open_chromium(**FIRST, locale="de-DE") as watched:
            looker.begin(watched.page)
            stage.enter(watched.page, visitor)
            for state in stage.of(visitor):
                if state.name in wanted:
                    state.show(watched.page, stage.base)
                    looker.in_german(watched.page, f"german-{state.name}")
                    if left := find_leftovers(watched.page.content(), "de", names):
                        looker.wrong.setdefault(f"german-{state.name}", []).append(f"English: {left}")
            watched.check(OWN_HOSTS)
    assert looker.wrong == {}


def test_40_no_template_is_left_out(stage: Stage, rendered: list[str]) -> None:
    """Requirement 40: every template that is a page of its own was looked at, here or in test_portal_features.py."""
    if not AXE.exists():
        pytest.skip("needs axe-core: make peers")
    texts = {path.relative_to(TEMPLATES).as_posix(): path.read_text() for path in TEMPLATES.rglob("*.html")}
    parts = {name for text in texts.values() for name in _USED.findall(text)}
    pages = {name for name in texts if name not in parts and not name.startswith(ELSEWHERE)}
    assert pages - set(rendered) - {"portal/roles.html"} == set()
    assert "portal/roles.html" in pages


def test_40_a_wizard_is_walked_by_keyboard_alone(vendors: Vendors, open_chromium: Chromiums) -> None:
    """Requirement 40: from the link to a passed test with Tab, arrows, Enter and typing; the focus is always to be seen."""
    customer = vendors.organization("google-saml")
    with visiting(vendors, open_chromium, "google-saml", organization_id=customer) as admin:
        page = admin.page
        page.goto(admin.link())

        def reach(selector: str) -> None:
            for _ in range(60):
                page.keyboard.press("Tab")
                if page.evaluate("s => document.activeElement.matches(s)", selector):
                    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                    shadow = page.evaluate("getComputedStyle(document.activeElement).boxShadow")
                    assert outline != "none" or shadow != "none", selector
                    return
            raise AssertionError(f"{selector} cannot be reached on {page.url}")

        def enter() -> None:
            with page.expect_navigation(wait_until="load"):
                page.keyboard.press("Enter")

        reach("main button")
        enter()
        page.wait_for_url("**/setup/")
        reach("main .btn-primary")
        enter()
        reach("input[name=provider]")
        for _ in range(60):
            if page.evaluate("document.activeElement.value") == "google-saml":
                break
            page.keyboard.press("ArrowDown")
        enter()
        page.wait_for_url("**/tasks")
        told = vendors.api.post("/metadata/parse", url=vendors.describe("google-saml")["metadata_url"])["entities"][0]
        values = {
            "idp_entity_id": told["entity_id"],
            "sso_url": told["settings"]["sso_url"],
            "certificates": vendors.certificate_of("google-saml"),
        }
        for _ in range(12):
            reach("main a.btn-primary")
            enter()
            if "/step-" not in page.url and "/mapping" not in page.url:
                break
            for name, value in values.items():
                if page.locator(f"#{name}").count():
                    reach(f"#{name}")
                    page.keyboard.insert_text(value)
            reach("main .go .btn-primary")
            enter()
            if page.locator("input[name=seen]").count():  # what was typed is shown before it is stored
                reach("main .go .btn-primary")
                enter()
            page.goto(f"{admin.root}/tasks")
        assert page.url.endswith("/test")
        admin.register_saml()
        reach("main .btn-primary")
        enter()
        reach("main .btn-primary")
        enter()
        page.wait_for_url("**/sign-in/**")
        page.locator("input[name=username]").fill("ada@google-saml.example")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/test/[0-9a-f]{32}$"))
        assert page.locator("h1").inner_text() == "The test passed"
