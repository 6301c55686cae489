"""From a setup link to an active connection to a login, in Chromium, against each vendor's simulator.

Requirements: issue 5, items 1, 2 and 4, and its proof; numbers are those of the interface's acceptance list.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.portal_walk import Admin
from tests.support.axe import FIRST, Looker
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
#: Pages that every wizard has after its own steps.
AFTERWARDS = ["mapping", "test", "result", "activate", "done", "overview"]


@pytest.mark.parametrize(
    ("key", "adapter", "application"), WIZARDS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_from_link_to_login(
    vendors: Vendors, open_chromium: Any, looker: Looker, key: str, adapter: str, application: dict[str, Any]
) -> None:
    """Requirements 1, 3, 12, 18, 27, 30, 40: the whole path; nothing leaves the origins; every step passes axe-core.

    One theme and width for each page: templates are looked at in all of them in test_portal_pages.py.
    """
    with open_chromium(**FIRST) as watched:
        looker.begin(watched.page)
        admin = Admin(vendors, watched.page, key, adapter, vendors.organization(key), True, application)
        shown = _look_at_all(admin, looker)
        _walk(admin)
        watched.check({"127.0.0.1", "idp.localhost"})
    assert looker.wrong == {}
    spec = vendors.gateway.extensions["portico"].registry.find(adapter).spec
    steps = [step.id for step in spec.setup_steps]
    assert [name for name in shown if name in steps] == steps, "a step of the adapter was not looked at"
    assert shown[-len(AFTERWARDS) :] == AFTERWARDS
    _log_in(vendors, admin)


@pytest.mark.parametrize(("key", "adapter"), [("okta-saml", "okta-saml"), ("generic-oidc", "oidc")])
def test_from_link_to_login_without_scripts(vendors: Vendors, open_chromium: Any, key: str, adapter: str) -> None:
    """Requirement 7: the whole path with JavaScript disabled, one of each protocol."""
    with open_chromium(java_script_enabled=False) as watched:
        admin = Admin(vendors, watched.page, key, adapter, vendors.organization(key), scripts=False)
        _walk(admin)
        watched.check({"127.0.0.1", "idp.localhost"})
    _log_in(vendors, admin)


def _look_at_all(admin: Admin, looker: Looker) -> list[str]:
    """Have every page of the wizard looked at; return their names, which grow as it is walked.

    Pictures are numbered, so that a listing of the folder reads as the walk.
    """
    shown: list[str] = []

    def look(name: str) -> None:
        looker.once(admin.page, f"{admin.key}-{len(shown):02}-{name}")
        shown.append(name)

    admin.look = look
    return shown


def _walk(admin: Admin) -> None:
    """From the link to a connection that is on."""
    admin.page.set_default_timeout(7_000)
    admin.open(admin.link())
    admin.choose()
    admin.look("tasks")
    admin.walk()
    for page, button in (("mapping", "Save and continue"), ("test", "")):
        admin.go(page)
        admin.look(page)
        if button:
            admin.press(button)
    if admin.adapter.endswith("saml"):
        admin.register_saml()
    admin.test()
    assert admin.page.locator("h1").inner_text() == "The test passed"
    admin.look("result")
    admin.go("activate")
    admin.look("activate")
    admin.activate()
    admin.look("done")
    admin.go("overview")
    admin.look("overview")


def _log_in(vendors: Vendors, admin: Admin) -> None:
    """What the wizard made works; then it is off again, for whoever comes next."""
    connection = vendors.api.get(f"/connections/{admin.connection_id}")
    assert connection["status"] == "active"
    claims = vendors.log_in(Vendor(admin.key, admin.adapter, f"{admin.key}.example", connection)).claims
    assert claims["email"] == f"ada@{admin.key}.example"
    vendors.api.post(f"/connections/{connection['id']}/deactivate")
