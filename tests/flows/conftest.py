"""Fixtures of whole logins beside those with real processes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.auth0_logins import chain, running_chain  # noqa: F401 -- fixtures
from tests.support.auth0_trust import running_trust, trust  # noqa: F401 -- fixtures
from tests.support.databases import Databases
from tests.support.vendors import Vendors, run_vendors


@pytest.fixture(scope="session")
def vendors(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendors]:
    """A gateway and every vendor's simulator, in this process and on one clock."""
    with (
        databases.database("sqlite") as url,
        run_vendors(url, tmp_path_factory.mktemp("vendors")) as running,
    ):
        yield running
