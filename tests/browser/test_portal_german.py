"""The portal in German in Chromium, at 320 px: switched by a button, without JavaScript, English nowhere (item 9)."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from app.cli.translations.specs import find_names
from tests.browser.portal_walk import Admin
from tests.support.leftovers import find_leftovers
from tests.support.vendors import Vendors

pytestmark = pytest.mark.browser

Visit = Callable[..., AbstractContextManager[Admin]]
NARROW = {"width": 320, "height": 900}


def names_of(adapter: str) -> frozenset[str]:
    """What the provider's console calls things: it stays in English, and is marked so."""
    vendor = adapter.partition("-")[0]
    return frozenset() if vendor == adapter else frozenset(find_names(f"portico_{vendor}"))


def check_german(page: Any, adapter: str) -> None:
    """The language is declared and spoken; no word is so long that the page scrolls sideways."""
    path = page.url
    assert page.locator("html").get_attribute("lang") == "de", path
    assert find_leftovers(page.content(), "de", names_of(adapter)) == [], path
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], path


def test_a_whole_setup_can_be_read_in_german(vendors: Vendors, visit: Visit) -> None:
    """From a button in the footer on; a refused test with its explanation and checks too."""
    with visit("okta-saml", viewport=NARROW) as admin:
        admin.open(admin.link())
        admin.choose()
        admin.walk()
        admin.register_saml()
        admin.test("nomail")
        result = admin.page.url.removeprefix(admin.base)
        admin.page.get_by_role("group", name="Language").or_(admin.page.locator("footer")).get_by_role(
            "button", name="Deutsch"
        ).first.click()
        admin.page.wait_for_load_state()
        root = f"/setup/{admin.connection_id}"
        paths = [result, "/setup/provider", "/setup/domains", "/setup/contacts", "/setup/colleague?step=domains"]
        paths += [f"{root}/{name}" for name in ("tasks", "mapping", "test", "activate", "certificates", "guide")]
        paths += [*admin.seen, f"{root}/step-give-metadata?way=file"]
        for path in paths:
            admin.go(path)
            check_german(admin.page, "okta-saml")
        admin.go(result)
        shown = admin.page.locator("main").inner_text()
        assert "Prüfungen bestanden" in shown
        assert re.search(r"Signatur der (Assertion|Antwort)", shown)


@pytest.mark.parametrize("adapter", ["entra-oidc", "adfs-saml", "saml"])
def test_every_step_of_a_provider_fits_in_german(vendors: Vendors, visit: Visit, adapter: str) -> None:
    """German words are long, and paths through consoles longer: at 320 px nothing scrolls sideways."""
    customer = str(vendors.api.post("/organizations", name=f"Donaudampfschifffahrt {adapter}")["id"])
    with visit(adapter, organization_id=customer, viewport=NARROW) as admin:
        admin.open(admin.link())
        admin.choose()
        admin.page.locator("footer").get_by_role("button", name="Deutsch").click()
        admin.go("tasks")
        check_german(admin.page, adapter)
        links = admin.page.locator("ol.rows a[href*='/step-']")
        for path in [str(links.nth(n).get_attribute("href")) for n in range(links.count())]:
            admin.go(path)
            check_german(admin.page, adapter)


def test_a_german_browser_is_answered_in_german_and_switched_without_javascript(vendors: Vendors, visit: Visit) -> None:
    """Accept-Language decides until somebody chooses; the choice is kept on the pages behind the door."""
    customer = str(vendors.api.post("/organizations", name="Sprachschule")["id"])
    with visit(organization_id=customer, viewport=NARROW, locale="de-DE", java_script_enabled=False) as admin:
        page = admin.page
        page.goto(admin.link("sso", "domains"))
        assert page.locator("html").get_attribute("lang") == "de"
        assert page.locator("h1").inner_text() == "Single Sign-on für Sprachschule einrichten"
        page.get_by_role("button", name="English").click()
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.locator("h1").inner_text() == "Set up single sign-on for Sprachschule"
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url("**/setup/")
        assert page.locator("html").get_attribute("lang") == "en"
        page.get_by_role("button", name="Deutsch").click()
        assert page.locator("html").get_attribute("lang") == "de"
        assert page.get_by_role("button", name="Deutsch").get_attribute("aria-pressed") == "true"
