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
from tests.browser.test_portal_pages import AXE, FOLDER, violations
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
    brand = {"brand_name": "Ledgerline", "brand_color": "#0b5c66", "brand_support_email": "identity@ledgerline.example"}
    folder = tmp_path_factory.mktemp("vendors")
    with databases.database("sqlite") as url, run_vendors(url, folder, **brand) as running:
        yield running


@pytest.fixture(scope="module")
def stage(vendors: Vendors, open_chromium: Any) -> Iterator[Stage]:
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
        paths = {"roles-empty": f"{root}/roles", "mapping-empty": f"{root}/mapping"}
        admin.walk()
        admin.register_saml()
        admin.test("nomail")
        paths["result-failed"] = page.url.removeprefix(admin.base)
        page.context.clear_cookies(domain="idp.localhost")
        admin.test()
        paths["result-passed"] = page.url.removeprefix(admin.base)
        page.goto(f"{admin.base}{root}/roles")
        for group, role in (("Engineering", "approver"), ("6babcaad-604b-40ac-a9d7-9fd97c0b779f", "viewer")):
            page.locator("#group").fill(group)
            page.locator("#role").select_option(role)
            page.get_by_role("button", name="Add the rule").click()
        vendors.api.call("PUT", f"/organizations/{organization}/branding", brand)
        vendors.api.post(f"/organizations/{organization}/domains", domain="halden.example")
        paths |= {"brand-door": door.removeprefix(admin.base), "brand-tasks": f"{root}/tasks"}
        paths |= {"roles": f"{root}/roles", "mapping": f"{root}/mapping", "guide": f"{root}/guide"}
        paths |= {"test": f"{root}/test", "certificates": f"{root}/certificates"}
        steps = [path for path in admin.seen]
        paths |= {f"step-{path.rpartition('step-')[2]}": path for path in steps}
        made = Stage(vendors, admin.base, page.context.cookies(), root, organization, paths)
    yield made


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_can_be_read_by_everybody(stage: Stage, open_chromium: Any, width: int, scheme: str) -> None:
    """axe-core finds nothing, with a customer's own brand; nothing scrolls sideways; no request elsewhere."""
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
            if found:
                wrong[name] = found
        assert watched.hosts == {"127.0.0.1"}
        assert watched.complaints == []
    assert wrong == {}
