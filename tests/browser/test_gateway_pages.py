"""The gateway's own pages in Chromium: nothing from elsewhere, no complaint, readable in both themes and at 320 px."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.command import Portico, serving
from tests.support.management import Management
from tests.support.pages import GatewayPage, list_pages

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[GatewayPage]]]:
    portico = Portico(tmp_path_factory.mktemp("instance"))
    with serving(portico) as server:
        key = portico.json("api-key", "create", "--name", "pages")["api_key"]
        yield server.url, list_pages(Management(server.url, key))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_stands_on_its_own(
    served: tuple[str, list[GatewayPage]], open_chromium: Any, width: int, scheme: str
) -> None:
    """No request leaves the origin, no script or CSP complaint, no sideways scrolling, the theme follows the system."""
    url, pages = served
    for page in pages:
        with open_chromium(viewport={"width": width, "height": 800}, color_scheme=scheme) as watched:
            answer = watched.page.goto(url + page.path)
            assert answer.status == page.status, page.name
            if page.status >= 400:
                watched.expect_status(page.status)
            assert watched.complaints == [], page.name
            assert watched.hosts == {"127.0.0.1"}, page.name
            assert watched.page.evaluate("document.documentElement.scrollWidth") <= width, page.name
            assert watched.page.get_attribute("html", "data-bs-theme") == scheme
            assert watched.page.locator("h1").count() == 1


def test_a_page_weighs_at_most_80_kb(served: tuple[str, list[GatewayPage]], open_chromium: Any) -> None:
    """Cold, as sent: compressed style sheets, and no font, picture or library."""
    url, pages = served
    for page in pages:
        with open_chromium() as watched:
            sizes: list[int] = []
            watched.page.on(
                "requestfinished", lambda request, sizes=sizes: sizes.append(request.sizes()["responseBodySize"])
            )
            watched.page.goto(url + page.path, wait_until="networkidle")
            assert 0 < sum(sizes) < 80_000, (page.name, sizes)
