"""Brand, mapping with a pasted response, roles, guide and test result in Chromium: items 2, 3, 4 and 9 of the portal.

Entra's simulator signs Ada in, so that groups have arrived; the organization has a brand of its own.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from tests.browser.portal_walk import Admin
from tests.support.axe import FIRST, Looker
from tests.support.databases import Databases
from tests.support.vendors import Vendors, run_vendors

pytestmark = pytest.mark.browser


def draw_logo() -> str:
    """A wordmark, in base64."""
    picture = Image.new("RGBA", (440, 110), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((4, 15, 84, 95), 20, fill="#6b2a7a")
    pen.rectangle((34, 45, 54, 95), fill="white")
    for at in range(5):
        pen.rounded_rectangle((110 + 66 * at, 40, 110 + 66 * at + 50, 70), 10, fill="#33203a")
    written = BytesIO()
    picture.save(written, "PNG")
    return base64.b64encode(written.getvalue()).decode()


@dataclass
class Stage:
    """One setup at Entra, tested once well and once badly."""

    vendors: Vendors
    base: str
    cookies: list[dict[str, Any]]
    root: str
    organization_id: str
    paths: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def vendors(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendors]:
    """The installation of a product called Ledgerline."""
    brand: dict[str, Any] = {
        "brand_name": "Ledgerline",
        "brand_color": "#0b5c66",
        "brand_support_email": "identity@ledgerline.example",
    }
    folder = tmp_path_factory.mktemp("vendors")
    with databases.database("sqlite") as url, run_vendors(url, folder, **brand) as running:
        yield running


@pytest.fixture(scope="module")
def stage(vendors: Vendors, open_chromium: Any) -> Stage:
    with open_chromium() as watched:
        page = watched.page
        organization = vendors.organization("entra-saml")
        vendors.api.call("PUT", f"/organizations/{organization}/role-choices", {"roles": ["viewer", "approver"]})
        introduction = "Welcome to Halden Hub.\n\nWe set this up together in a quarter of an hour."
        brand = {"product_name": "Halden Hub", "color": "#6b2a7a", "logo": draw_logo(), "introduction": introduction}
        admin = Admin(vendors, page, "entra-saml", "entra-saml", organization)
        door = admin.link()
        admin.open(door)
        admin.choose()
        root = f"/setup/{admin.connection_id}"
        paths = {}
        admin.walk()
        admin.register_saml()
        with vendors.behaving("entra-saml", audience=f"{admin.base}/sso/saml/{admin.connection_id}/acs"):
            admin.test()
        paths["result-failed"] = page.url.removeprefix(admin.base)
        page.context.clear_cookies(domain="idp.localhost")
        admin.test()
        paths["result-passed"] = page.url.removeprefix(admin.base)
        page.goto(f"{admin.base}{root}/roles")
        arrived = page.locator("#arrived option").first.get_attribute("value")
        for group, role in (("Board", "viewer"), (arrived, "approver")):
            page.locator("#group").fill(group)
            page.locator("#role").select_option(role)
            page.get_by_role("button", name="Add the rule").click()
        vendors.api.call("PUT", f"/organizations/{organization}/branding", brand)
        vendors.api.post(f"/organizations/{organization}/domains", domain="halden.example")
        paths |= {"door": door.removeprefix(admin.base), "tasks": f"{root}/tasks"}
        paths |= {"roles": f"{root}/roles", "mapping": f"{root}/mapping", "guide": f"{root}/guide"}
        paths |= {"test": f"{root}/test", "certificates": f"{root}/certificates"}
        paths |= {f"step-{path.rpartition('step-')[2]}": path for path in admin.seen}
        return Stage(vendors, admin.base, page.context.cookies(), root, organization, paths)


def test_40_every_page_can_be_read_in_a_customers_own_colours(stage: Stage, open_chromium: Any, looker: Looker) -> None:
    """Requirement 40 with a brand: in both themes and widths; no request elsewhere; 80 kB, logo and theme included."""
    with open_chromium(**FIRST) as watched:
        watched.weigh()
        looker.begin(watched.page)
        watched.page.context.add_cookies(stage.cookies)
        for name, path in stage.paths.items():
            watched.page.goto(stage.base + path)
            looker.everywhere(watched.page, f"brand-{name}")
        assert len(watched.weights) >= len(stage.paths)
        watched.check({"127.0.0.1"})
    assert looker.wrong == {}


PASTED = '{"sub": "1", "email": "ADA@halden.example", "upn": "mira@halden.example", "groups": ["a"]}'


def test_20_the_preview_follows_what_is_typed(stage: Stage, open_chromium: Any) -> None:
    """Requirement 20: changing a name or the way it is changed updates the row without a click, at once."""
    with open_chromium() as watched:
        page = watched.page
        page.context.add_cookies(stage.cookies)
        page.goto(stage.base + stage.paths["mapping"])
        page.evaluate(
            """() => { window.took = null; let began;
              document.getElementById("given_name").addEventListener("input", () => { began = performance.now(); });
              new MutationObserver(() => { window.took = performance.now() - began; })
                .observe(document.getElementById("live-given_name"), {childList: true}); }"""
        )
        page.locator("#given_name").fill("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname")
        page.locator("#live-given_name", has_text="Lovelace").wait_for(timeout=5000)
        took = page.evaluate("window.took")
        print(f"preview after {took:.0f} ms")
        assert took < 5000, "a hang; 500 ms is the aim, of which 200 wait for the next key"
        page.locator("#how-given_name").select_option("lower")
        page.locator("#live-given_name", has_text="→ becomes lovelace").wait_for(timeout=5000)
        assert watched.complaints == []


def test_21_one_click_puts_a_near_match_in_its_field(stage: Stage, open_chromium: Any) -> None:
    """Requirement 21: the row is marked, what arrived is named, and "use" repairs it; the row is no longer marked."""
    with open_chromium() as watched:
        page = watched.page
        page.context.add_cookies(stage.cookies)
        page.goto(stage.base + stage.paths["mapping"])
        page.locator("#email").fill("no-such-claim")
        page.locator("#row-email.miss").wait_for()
        assert "this did not arrive" in page.locator("#overall").inner_text()
        page.locator("#live-email button", has_text="name").first.click()
        page.locator("#row-email:not(.miss)").wait_for()
        assert page.locator("#email").input_value().endswith(", no-such-claim")
        assert page.locator("#overall").inner_text().strip() == ""
        assert watched.complaints == []


def test_21_the_same_works_without_scripts(stage: Stage, open_chromium: Any) -> None:
    """Requirement 7: by plain buttons, and what was pasted stays on the page."""
    with open_chromium(java_script_enabled=False) as watched:
        page = watched.page
        page.context.add_cookies(stage.cookies)
        page.goto(stage.base + stage.paths["mapping"])
        page.locator("summary").click()
        page.locator("#pasted").fill("mail_address=ada@halden.example\nname=Ada")
        page.get_by_role("button", name="Preview").click()
        assert page.locator("#row-email.miss").count() == 1
        page.locator("#live-email button").first.click()
        assert page.locator("#email").input_value().startswith("mail_address, ")
        assert "ada@halden.example" in page.locator("#live-email").inner_text()
        assert page.locator("#pasted").input_value().startswith("mail_address=")


def test_a_response_is_pasted_and_previewed(stage: Stage, open_chromium: Any) -> None:
    """The raw response of a test, as anybody would copy it; and what is none is said beside the field."""
    with open_chromium() as watched:
        page = watched.page
        page.context.add_cookies(stage.cookies)
        page.goto(stage.base + stage.paths["result-passed"])
        raw = page.locator("#raw").inner_text()
        page.goto(stage.base + stage.paths["mapping"])
        page.locator("summary").click()
        page.locator("#pasted").fill(raw)
        page.get_by_role("button", name="Preview").click()
        assert "ada@entra-saml.example" in page.locator("#live-email").inner_text()
        page.locator("#pasted").fill(PASTED)
        page.get_by_role("button", name="Preview").click()
        watched.expect_status(422)
        assert "This connection speaks SAML." in page.locator("#pasted-oops").inner_text()
        assert page.evaluate("document.activeElement.id") == "problem"


def test_roles_are_given_and_the_rule_that_decides_is_marked(stage: Stage, open_chromium: Any) -> None:
    """Item 3: the preview names role and rule for whoever tested; also without scripts."""
    with open_chromium(java_script_enabled=False) as watched:
        page = watched.page
        page.context.add_cookies(stage.cookies)
        page.goto(stage.base + stage.paths["roles"])
        assert "approver" in page.locator("li.fits").inner_text()
        assert "approver" in page.locator("dl.facts").inner_text()
        offered = page.get_by_role("link", name="Give it a role")
        assert offered.count() == 1, "the other group has one"
        offered.click()
        assert page.locator("#group").input_value()
        page.get_by_text("Everybody else").first.click()
        page.locator("#role").select_option("viewer")
        page.get_by_role("button", name="Add the rule").click()
        page.get_by_role("button", name="Remove Everybody else").click()
        assert page.locator("ol.rows > li").count() == 2


def test_28_only_the_difference_is_marked(stage: Stage, open_chromium: Any) -> None:
    """Requirements 27 and 28: the first failure open, expected against received, our values swapped."""
    with open_chromium() as watched:
        page = watched.page
        page.context.add_cookies(stage.cookies)
        page.goto(stage.base + stage.paths["result-failed"])
        shown = page.locator("details.check[open]")
        assert shown.count() == 1
        assert shown.locator("mark").all_inner_texts() == ["metadata", "acs"]
        page.get_by_role("button", name="See what would come of it").click()
        assert "ada@entra-saml.example" in page.locator("#live-email").inner_text()
        assert page.locator("#tried").inner_text() == "Tried on what you pasted."


def test_29_evidence_is_downloaded(stage: Stage, open_chromium: Any) -> None:
    """Requirement 29: raw and normalized, each as a file, exactly as it is shown but for line breaks."""
    with open_chromium() as watched:
        page = watched.page
        page.context.add_cookies(stage.cookies)
        page.goto(stage.base + stage.paths["result-passed"])
        shown = page.locator("#raw").text_content()
        for what, name in (("raw", "response-"), ("claims", "claims-")):
            with page.expect_download() as started:
                page.locator(f"a[href$='/{what}']").click()
            assert started.value.suggested_filename.startswith(name)
            text = Path(started.value.path()).read_text()
            assert "ada@entra-saml.example" in text
            if what == "raw":
                assert "".join(text.split()) == "".join(shown.split())


def test_the_guide_is_downloaded(stage: Stage, open_chromium: Any) -> None:
    """Item 2: one click from the page to print."""
    with open_chromium() as watched:
        page = watched.page
        page.context.add_cookies(stage.cookies)
        page.goto(stage.base + stage.paths["guide"])
        with page.expect_download() as started:
            page.get_by_role("link", name="Download as PDF").click()
        assert started.value.suggested_filename == "sso-setup-entra-saml.pdf"
        assert Path(started.value.path()).read_bytes().startswith(b"%PDF-")


def test_what_a_test_brought_is_nobody_elses(stage: Stage, open_chromium: Any) -> None:
    """Row T9: the files of evidence and of the guide, for a visitor of another organization and for nobody."""
    paths = [f"{stage.paths['result-passed']}/raw", f"{stage.paths['result-passed']}/claims", f"{stage.root}/guide.pdf"]
    other = stage.vendors.api.post("/organizations", name="Northgate Labs")["id"]
    url = stage.vendors.api.post(f"/organizations/{other}/setup-links", features=["sso"])["url"]
    with open_chromium() as watched:
        page = watched.page
        assert [page.request.get(stage.base + path).status for path in paths] == [401, 401, 401]
        page.goto(url)
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url("**/setup/")
        assert [page.request.get(stage.base + path).status for path in paths] == [404, 404, 404]
