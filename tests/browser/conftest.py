"""Fixtures of the tests in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial

import pytest

from tests.browser.portal_walk import Admin, visiting
from tests.support.axe import AXE, PICTURES, Looker
from tests.support.chromium import Chromiums, chromiums
from tests.support.databases import Databases
from tests.support.vendors import Vendors, run_vendors


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make screenshots` asks for pictures."""
    parser.addoption("--keep-pictures", action="store_true", help="keep a picture of each page that is looked at")


@pytest.fixture
def looker(request: pytest.FixtureRequest) -> Looker:
    """Looks at pages; `make screenshots` keeps what it sees."""
    if not request.config.getoption("--keep-pictures", default=False):
        if not AXE.exists():
            pytest.skip("needs axe-core: make peers")
        return Looker()
    PICTURES.mkdir(parents=True, exist_ok=True)
    return Looker(PICTURES)


@pytest.fixture(scope="module")
def open_chromium() -> Iterator[Chromiums]:
    """Opens a watched page in a new profile of one Chromium."""
    with chromiums() as opening:
        yield opening


@pytest.fixture(scope="module")
def vendors(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendors]:
    """A gateway and every vendor's simulator, in this process and on one clock."""
    with databases.database("sqlite") as url, run_vendors(url, tmp_path_factory.mktemp("vendors")) as running:
        yield running


@pytest.fixture
def visit(vendors: Vendors, open_chromium: Chromiums) -> Callable[..., AbstractContextManager[Admin]]:
    """Opens an administrator's browser: `with visit("okta-saml") as admin`. Its pages are watched to the end."""
    return partial(visiting, vendors, open_chromium)
