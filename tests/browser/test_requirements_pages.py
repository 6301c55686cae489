"""Requirements 4, 5, 6 and 7 of the interface: what every page of the wizard keeps to, and the way without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tests.browser.portal_walk import Admin
from tests.support.vendors import Vendors

pytestmark = pytest.mark.browser

Visit = Callable[..., AbstractContextManager[Admin]]


@pytest.fixture
def customer(vendors: Vendors) -> str:
    """An organization without domain and connection."""
    return str(vendors.api.post("/organizations", name="Halden Freight")["id"])


def steps_of(admin: Admin) -> list[str]:
    """The paths of the provider's own pages, in the order of the list."""
    admin.go("tasks")
    links = admin.page.locator("ol.rows a[href*='/step-']")
    return [str(links.nth(n).get_attribute("href")) for n in range(links.count())]


@pytest.mark.parametrize("adapter", ["okta-saml", "entra-oidc"])
def test_4_one_question_on_a_page(visit: Visit, customer: str, adapter: str) -> None:
    """Requirement 4: one h1, one form, a way back on top, one filled button."""
    with visit(adapter, organization_id=customer) as admin:
        admin.open(admin.link())
        admin.choose()
        for path in [*steps_of(admin), "/setup/provider", "/setup/domains"]:
            admin.go(path)
            page = admin.page
            assert page.locator("h1").count() == 1, path
            assert page.locator("main form[method=post]").count() == 1, path
            assert page.locator("header nav a", has_text="All tasks").count() == 1, path
            filled = page.locator("main .btn-primary")
            assert filled.count() == 1, path
            assert page.title().endswith(" – Portico")


def test_4_back_shows_the_page_before_with_its_values(visit: Visit, customer: str) -> None:
    """Requirement 4: the browser's own Back."""
    with visit("entra-oidc", organization_id=customer) as admin:
        admin.open(admin.link())
        admin.choose()
        admin.go("step-tenant")
        issuer = admin.vendors.describe("entra-oidc")["issuer"]
        admin.page.locator("#issuer").fill(issuer)
        admin.page.locator("#client_id").fill("11111111-2222-3333-4444-555555555555")
        before = admin.page.url
        admin.press("Save and continue")
        admin.page.wait_for_url(re.compile(r"/step-(?!tenant)"))
        admin.page.go_back()
        assert admin.page.url == before
        assert admin.page.locator("#issuer").input_value() == issuer
        assert admin.page.locator("#client_id").input_value() == "11111111-2222-3333-4444-555555555555"


def test_5_steps_are_counted_and_the_provider_can_be_changed(visit: Visit, customer: str) -> None:
    """Requirement 5: "Step n of m" counts that provider's own tasks; domains and mapping survive the change."""
    with visit("okta-saml", organization_id=customer) as admin:
        admin.open(admin.link())
        admin.go("/setup/domains")
        admin.page.locator("#domain").fill("halden.example")
        admin.press("Continue")
        counts = {}
        for adapter in ("okta-saml", "google-saml"):
            admin.adapter = adapter
            admin.choose()
            tasks = admin.page.locator("ol.rows > li").count()
            paths = steps_of(admin)
            for path in paths:
                admin.go(path)
                shown = re.fullmatch(r"Step (\d+) of (\d+)", admin.page.locator("p.step").inner_text())
                assert shown
                assert (int(shown[1]), int(shown[2])) == (3 + paths.index(path), tasks)
            counts[adapter] = tasks
            admin.go("mapping")
            if adapter == "okta-saml":
                admin.page.locator("#given_name").fill("vorname")
                admin.press("Save and continue")
        assert counts["okta-saml"] != counts["google-saml"]
        assert admin.page.locator("#given_name").input_value() == "vorname"
        admin.go("tasks")
        assert admin.page.locator("ol.rows > li", has_text="Verify your e-mail domain").get_by_text("problem").count()
        admin.go("/setup/domains/halden.example")


def test_6_what_is_wrong_is_said_where_it_is_wrong(visit: Visit, customer: str) -> None:
    """Requirement 6: 422, "Error: ", a summary with the focus whose links land on fields, and nothing typed is lost."""
    with visit("okta-saml", organization_id=customer) as admin:
        admin.open(admin.link())
        admin.choose()
        admin.go("step-check-values")
        page = admin.page
        page.locator("#idp_entity_id").fill("http://www.okta.com/exk1a2b3c4d5e6f7G8h9")
        page.locator("#sso_url").fill("not an address")
        page.locator("#certificates").fill("not a certificate")
        with page.expect_response(lambda answer: answer.request.method == "POST") as posted:
            admin.press("Continue")
        assert posted.value.status == 422
        assert page.title().startswith("Error: ")
        page.wait_for_function("document.activeElement.id == 'problem'")
        links = page.locator("#problem a")
        assert links.count() >= 2
        for n in range(links.count()):
            links.nth(n).click()
            field = str(links.nth(n).get_attribute("href")).removeprefix("#")
            assert page.evaluate("document.activeElement.id") == field
            shown = page.locator(f"#{field}")
            assert shown.get_attribute("aria-invalid") == "true"
            told = page.locator(f"#{str(shown.get_attribute('aria-describedby')).split()[-1]}").inner_text()
            assert told.removeprefix("Error:").strip() == links.nth(n).inner_text()
        assert page.locator("#idp_entity_id").input_value() == "http://www.okta.com/exk1a2b3c4d5e6f7G8h9"
        assert page.locator("#idp_entity_id").get_attribute("aria-invalid") is None
        assert page.locator("#sso_url").input_value() == "not an address"


def test_7_all_that_surrounds_the_wizard_works_without_javascript(vendors: Vendors, visit: Visit) -> None:
    """Requirement 7: domains, contacts, mapping with its preview, a colleague's link, the theme, the code by mail.

    The wizards themselves are walked without JavaScript in test_portal_wizard.py.
    """
    customer = vendors.api.post("/organizations", name="Halden Freight")["id"]
    with visit("saml", adapter="saml", organization_id=customer, java_script_enabled=False) as admin:
        page = admin.page
        admin.open(admin.link(contact="mira@halden.example"))
        admin.choose()
        admin.go("/setup/domains")
        page.locator("#domain").fill("halden.example")
        admin.press("Continue")
        assert page.locator("#txt").inner_text()
        admin.press("Check now")
        assert "No such record." in page.locator("#found").inner_text()
        admin.go("/setup/contacts")
        page.locator("#name").fill("Lin")
        page.locator("#email").fill("lin@halden.example")
        admin.press("Add")
        assert page.locator("ul.rows").get_by_text("lin@halden.example").count() == 1
        admin.go("mapping")
        page.locator("summary", has_text="paste").click()
        page.locator("#pasted").fill("mail = Ada@Halden.example\nsn = Lovelace")
        page.locator("#email").fill("mail")
        admin.press("Preview")
        assert "ada@halden.example" in page.locator("#live-email").inner_text()
        admin.press("Save and continue")
        admin.go("/setup/colleague?step=domains")
        admin.press("Make the link")
        assert "/setup/" in page.locator("#url").inner_text()
        page.get_by_role("button", name="Dark").click()
        assert page.locator("html").get_attribute("data-bs-theme") == "dark"
        admin.prove()
        admin.go("/setup/code")
        assert page.get_by_text("You entered the code.").count() == 1
