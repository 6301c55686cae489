"""From a setup link to an active connection to a login, in Chromium, against each vendor's simulator.

Requirements: issue 5, items 1, 2 and 4, and its proof; numbers are those of the interface's acceptance list.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.portal_walk import Admin
from tests.support.vendors import Vendor, Vendors

pytestmark = pytest.mark.browser

WIDE = {"optional_claims": ["email", "given_name", "family_name", "groups", "xms_edov"]}
WIZARDS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("okta-saml", "okta-saml", {}),
    ("entra-saml", "entra-saml", {}),
    ("entra-oidc", "entra-oidc", WIDE),
    ("adfs-saml", "adfs-saml", {}),
    ("google-saml", "google-saml", {}),
    ("generic-saml", "saml", {}),
    ("generic-oidc", "oidc", {}),
)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize(
    ("key", "adapter", "application"), WIZARDS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_from_link_to_login(
    vendors: Vendors, open_chromium: Any, key: str, adapter: str, application: dict[str, Any], scripts: bool
) -> None:
    """Requirements 7, 1, 3, 12, 18, 27, 30: the whole path, with and without JavaScript, and nothing leaves the origins."""
    if not scripts and key not in ("okta-saml", "generic-oidc"):
        pytest.skip("without JavaScript one of each protocol is walked")
    with open_chromium(java_script_enabled=scripts) as watched:
        watched.page.set_default_timeout(7_000)
        admin = Admin(vendors, watched.page, key, adapter, vendors.organization(key), scripts, application)
        admin.open(admin.link())
        admin.choose()
        admin.walk()
        if adapter.endswith("saml"):
            admin.register_saml()
        admin.test()
        assert watched.page.locator("h1").inner_text() == "The test passed"
        admin.activate()
        assert watched.complaints == []
        assert watched.hosts <= {"127.0.0.1", "idp.localhost"}
        connection = vendors.api.get(f"/connections/{admin.connection_id}")
    assert connection["status"] == "active"
    claims = vendors.log_in(Vendor(key, adapter, f"{key}.example", connection)).claims
    assert claims["email"] == f"ada@{key}.example"
    vendors.api.post(f"/connections/{connection['id']}/deactivate")
