"""Requirements 23, 24 and 25 of the interface: a domain's record, what DNS says of it, and giving it up."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import dns.rcode
import pytest

from tests.browser.portal_walk import Admin
from tests.support.vendors import Vendors

pytestmark = pytest.mark.browser

Visit = Callable[..., AbstractContextManager[Admin]]


@pytest.fixture
def customer(vendors: Vendors) -> str:
    """An organization without domain and connection."""
    return str(vendors.api.post("/organizations", name="Halden Freight")["id"])


def claim(admin: Admin, domain: str) -> None:
    """Add a domain, which leads to its record."""
    admin.go("/setup/domains")
    admin.page.locator("#domain").fill(domain)
    admin.page.locator("form:has(#domain) button").click()
    admin.page.wait_for_url(f"**/setup/domains/{domain}")


def test_23_the_record_is_shown_for_both_kinds_of_panels(visit: Visit, customer: str) -> None:
    """Requirement 23: relative and full host, and which one to take; written as DNS compares it."""
    with visit(organization_id=customer) as admin:
        admin.open(admin.link())
        admin.go("/setup/domains")
        admin.page.locator("#domain").fill(" Bücher.EXAMPLE. ")
        admin.press("Continue")
        page = admin.page
        assert page.url.endswith("/setup/domains/xn--bcher-kva.example")
        assert page.locator("#host-short").inner_text() == "_portico"
        assert page.locator("#host-short-name").inner_text() == "Host, where your panel adds the domain by itself"
        assert page.locator("#host").inner_text() == "_portico.xn--bcher-kva.example"
        assert "If your panel shows the domain beside the field already, take the short form." in page.inner_text(
            "main"
        )
        assert page.locator("#txt").inner_text().startswith("portico-")


def test_24_check_now_tells_what_dns_said(vendors: Vendors, visit: Visit, customer: str) -> None:
    """Requirement 24: not found, wrong value, doubled zone, SERVFAIL, timeout, found; by which server; when again."""
    names = vendors.dns
    server = f"{names.address[0]}:{names.address[1]}"
    with visit(organization_id=customer) as admin:
        admin.open(admin.link())
        claim(admin, "dns.example")
        page = admin.page
        assert "Not looked for yet" in page.inner_text("#found")
        name, value = page.inner_text("#host"), page.inner_text("#txt")

        def check() -> str:
            vendors.clock.advance(6)
            admin.press("Check now")
            found = page.inner_text("#found")
            assert "Last looked at" in found
            return found

        told = check()
        assert "No such record." in told
        assert server in told
        assert name in told
        assert "We look again by ourselves at" in told
        names.publish(name, "portico-verification=somebody-elses", "v=spf1 -all")
        told = check()
        assert "There is a record, with another value." in told
        assert "portico-verification=somebody-elses" in told
        names.records.clear()
        names.publish(f"{name}.dns.example", value)
        told = check()
        assert "We found the record one level too deep." in told
        assert f"{name}.dns.example" in told
        assert "enter only _portico" in told
        names.records.clear()
        names.rcode = dns.rcode.SERVFAIL
        assert "Your name servers answered with an error." in check()
        names.rcode, names.silent = None, True
        assert "Your name servers did not answer in time." in check()
        names.silent = False
        names.publish(name, "something else", [f" {value[:9]}", f"{value[9:]}  "])  # split, with blanks around it
        told = check()
        assert "verified" in told
        assert page.get_by_text("Leave the record in place").count() == 1
        admin.press("Check now")  # within five seconds
        assert page.get_by_role("alert").inner_text() == "Wait a few seconds between two checks."


def test_25_a_domain_is_given_up_and_claimed_anew(visit: Visit, customer: str) -> None:
    """Requirement 25: removed and added again, with a value of its own."""
    with visit(organization_id=customer) as admin:
        admin.open(admin.link())
        claim(admin, "again.example")
        before = admin.page.inner_text("#txt")
        admin.press("Remove again.example")
        assert admin.page.url.endswith("/setup/domains")
        assert admin.page.get_by_text("again.example").count() == 0
        claim(admin, "again.example")
        assert admin.page.inner_text("#txt") != before


def test_25_a_domain_of_somebody_else_says_nothing_of_them(vendors: Vendors, visit: Visit, customer: str) -> None:
    """Requirement 25: a neutral message, the same at the claim and at the check."""
    other = vendors.api.post("/organizations", name="Northgate Labs")["id"]
    with visit(organization_id=customer) as admin:
        admin.open(admin.link())
        claim(admin, "contested.example")
        vendors.dns.publish(admin.page.inner_text("#host"), admin.page.inner_text("#txt"))
        vendors.api.post(f"/organizations/{other}/domains", domain="contested.example", verified=True)
        vendors.api.post(f"/organizations/{other}/domains", domain="taken.example", verified=True)
        vendors.clock.advance(6)
        admin.press("Check now")
        assert admin.page.get_by_role("alert").inner_text().startswith("We cannot verify this domain here.")
        assert "Northgate" not in admin.page.content()
        admin.go("/setup/domains")
        admin.page.locator("#domain").fill("taken.example")
        admin.page.locator("form:has(#domain) button").click()
        admin.page.locator("#problem").wait_for()
        assert "We cannot verify this domain here. Write to us" in admin.page.inner_text("#problem")
        assert "Northgate" not in admin.page.content()
