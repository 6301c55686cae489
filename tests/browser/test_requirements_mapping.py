"""Requirements 20, 21 and 22 of the interface: which claim becomes what. More of them in test_portal_features.py."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tests.browser.portal_walk import Admin
from tests.support.vendors import Vendors

pytestmark = pytest.mark.browser

Visit = Callable[..., AbstractContextManager[Admin]]
TARGETS = ["E-mail address", "Full name", "First name", "Last name", "User name", "Groups", "Roles"]


def test_20_the_table_begins_with_the_providers_presets(vendors: Vendors, visit: Visit) -> None:
    """Requirement 20: every target claim with its need in words, filled in; Preview by a plain button, storing nothing."""
    customer = vendors.api.post("/organizations", name="Halden Freight")["id"]
    with visit("okta-saml", organization_id=customer) as admin:
        admin.open(admin.link())
        admin.choose()
        admin.go("mapping")
        page = admin.page
        rows = page.locator("table.map tbody tr")
        names = [row.locator("th label").inner_text() for row in rows.all()]
        assert names[: len(TARGETS)] == TARGETS
        for row in rows.all():
            assert row.locator("th span").inner_text() in ("Required", "Expected", "Optional")
        assert page.locator("#email").input_value().startswith("email")
        assert page.locator("#given_name").input_value().startswith("firstName")
        page.locator("details summary", has_text="paste").click()
        page.locator("#pasted").fill("mail = Ada@Halden.example\nvorname = Ada")
        page.locator("#tried", has_text="Tried on what you pasted.").wait_for()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
        page.locator("#email").fill("mail")
        page.locator("#live-email", has_text="ada@halden.example").wait_for()
        page.wait_for_timeout(700)  # whoever polls would have asked again
        assert asked == [f"POST {admin.root}/mapping"]  # one request, no reload, nothing besides
        admin.press("Preview")
        assert "ada@halden.example" in page.locator("#live-email").inner_text()
        assert page.locator("#email").input_value() == "mail"
        assert vendors.api.get(f"/connections/{admin.connection_id}")["claim_rules"] == {}


def test_21_raw_becomes_result_in_each_row_and_what_is_missing_is_named(vendors: Vendors, visit: Visit) -> None:
    """Requirement 21: received, changed, result; a missing claim beside those that arrived, with "use this"."""
    customer = vendors.api.post("/organizations", name="Halden Freight")["id"]
    with visit("okta-saml", organization_id=customer) as admin:
        admin.open(admin.link())
        admin.choose()
        admin.go("mapping")
        page = admin.page
        page.locator("details summary", has_text="paste").click()
        page.locator("#pasted").fill("firstName =  Ada\nworkmail = ADA@halden.example")
        admin.press("Preview")
        told = page.locator("#overall").inner_text()
        assert "E-mail address: this did not arrive." in told
        assert "firstName" in told
        assert "workmail" in told
        use = page.locator("#live-email").get_by_role("button", name="Use “workmail”")
        use.click()
        page.locator("#live-email .chain").wait_for()
        shown = page.locator("#live-email").inner_text()
        assert shown.index("ADA@halden.example") < shown.index("ada@halden.example")
        assert "from workmail" in shown


def test_22_entras_groups_are_ids_and_too_many_are_unknown(vendors: Vendors, visit: Visit) -> None:
    """Requirement 22: object IDs are marked as such; 201 groups come as a link, which is told and never as none."""
    with visit("entra-saml") as admin:
        admin.adopt()
        admin.test()
        admin.go("mapping")
        assert admin.page.locator("#live-groups").get_by_text("Object ID").count() >= 1
        assert admin.page.get_by_text("The groups of this person are unknown.").count() == 0
        vendors.clock.advance(1)
        admin.test("joan")
        admin.go("mapping")
        assert "The groups of this person are unknown." in admin.page.locator("#overall").inner_text()
        assert "too many" in admin.page.locator("#overall").inner_text()
        assert "None" not in admin.page.locator("#live-groups").inner_text()
