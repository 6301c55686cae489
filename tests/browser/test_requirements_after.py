"""Requirements 33 and 34 of the interface, and what an active connection asks of whoever changes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from tests.browser.portal_walk import Admin
from tests.support.certificates import make_certified
from tests.support.operators import Person
from tests.support.vendors import Vendor, Vendors

pytestmark = pytest.mark.browser

Visit = Callable[..., AbstractContextManager[Admin]]
MIRA = "mira@halden.example"


@pytest.fixture(autouse=True)
def _only_mine(vendors: Vendors) -> Iterator[None]:
    """Each test finds the simulators' owners without a connection."""
    yield
    for connection in vendors.api.get("/connections")["items"]:
        if connection["status"] == "active":
            vendors.api.post(f"/connections/{connection['id']}/deactivate")
        vendors.api.delete(f"/connections/{connection['id']}")


def warn(vendors: Vendors) -> None:
    """Run the daily job."""
    with vendors.gateway.app_context():
        vendors.gateway.extensions["portico"].expiry_warnings.run(vendors.clock())


def visit_again(admin: Admin, *features: str) -> None:
    """Come back by a new link: days have passed."""
    admin.open(admin.link(*features, contact=MIRA))


def test_33_before_a_certificate_ends_everybody_is_told_once(vendors: Vendors, visit: Visit) -> None:
    """Requirement 33: banner and mail at 60, 30, 14, 7 and 1 days and at the end; the mail opens just the renewal."""
    customer = vendors.api.post("/organizations", name="Halden Freight")["id"]
    vendors.api.post(f"/organizations/{customer}/contacts", name="Mira", email=MIRA, notify=["certificates"])
    vendors.api.post(
        f"/organizations/{customer}/contacts", name="Per", email="per@halden.example", notify=["certificates"]
    )
    operator = Person(vendors.gateway, vendors.clock, email="vera@saas.example")
    operator.enrol()
    certificate = make_certified("idp.halden.example", days=70).certificate_pem
    settings = {"idp_entity_id": "https://idp.halden.example", "sso_url": "https://idp.halden.example/sso"}
    connection = vendors.api.add_connection(customer, "saml", {**settings, "certificates": [certificate]})
    ends = vendors.clock() + timedelta(days=70)
    with visit(organization_id=customer) as admin:
        admin.last_connection = connection["id"]
        for left, words in (
            (61, ""), (59, "ends in 59 days"), (29, "ends in 29 days"), (13, "ends in 13 days"), (6, "ends in 6 days"),
            (0, "ends within a day"), (-1, "has ended on"),
        ):  # fmt: skip
            vendors.clock.set(ends - timedelta(days=left, hours=2))
            before = len(admin.mails())
            warn(vendors)
            warn(vendors)
            fresh = admin.mails()[: len(admin.mails()) - before]
            told = sorted(mail.to for mail in fresh)
            assert told == (["mira@halden.example", "per@halden.example", "vera@saas.example"] if words else []), left
            visit_again(admin)
            admin.go("overview")
            shown = admin.page.locator(".note.warn").all_inner_texts()
            assert [words in text and "idp.halden.example" in text for text in shown] == ([True] if words else []), (
                shown
            )
        renewal = next(mail for mail in fresh if mail.to == MIRA)
        assert "CN=idp.halden.example" in renewal.text
        link = re.search(r"http://\S+/setup/[A-Za-z0-9_-]{43}", renewal.text)
        assert link
        admin.page.context.clear_cookies()
        admin.open(link[0])
        assert admin.page.url.endswith(f"/setup/{connection['id']}/certificates")
        for other in ("tasks", "mapping", "step-check-values"):
            admin.go(f"/setup/{connection['id']}/{other}", status=404)


def test_33_before_a_secret_ends_the_page_that_takes_another_is_offered(vendors: Vendors, visit: Visit) -> None:
    """Requirements 17 and 33: the mail's link opens the connection, whose overview leads to the field."""
    vendor = vendors.connect("okta-oidc")
    customer = vendors.organization("okta-oidc")
    vendors.api.post(f"/organizations/{customer}/contacts", name="Mira", email=MIRA, notify=["certificates"])
    last_day = (vendors.clock() + timedelta(days=10)).date().isoformat()
    vendors.api.post(f"/connections/{vendor.id}/secret-expiry", secret="client_secret", last_day=last_day)
    warn(vendors)
    with visit("okta-oidc") as admin:
        mail = next(mail for mail in admin.mails() if mail.to == MIRA and "secret" in mail.subject)
        link = re.search(r"http://\S+/setup/[A-Za-z0-9_-]{43}", mail.text)
        assert link
        admin.open(link[0])
        assert admin.page.url.endswith(f"/setup/{vendor.id}/overview")
        banner = admin.page.locator(".note.warn", has_text="Client secret ends in")
        banner.get_by_role("link", name="Renew it").click()
        admin.page.wait_for_url("**/step-credentials")
        assert admin.page.locator("#client_secret").count() == 1


def test_34_a_certificate_is_renewed_and_nobody_is_locked_out(vendors: Vendors, visit: Visit) -> None:
    """Requirement 34: the second beside the first, tested, in place, used, the first retired; everybody gets in always."""
    vendor = vendors.connect("adfs-saml")

    def works() -> None:
        assert vendors.log_in(vendor).claims["email"] == "ada@adfs-saml.example"

    works()
    with visit("adfs-saml") as admin:
        page = admin.page
        admin.last_connection = vendor.id
        visit_again(admin, "certificates")
        assert page.url.endswith(f"/{vendor.id}/certificates")
        assert page.locator("ul.rows > li").count() == 1
        vendors.roll("adfs-saml", "publish")  # the provider shows the next one, and signs with the old one still
        new = newest_of(vendors, vendor)
        page.locator("#certificate").fill(new)
        with page.expect_navigation():
            page.get_by_role("button", name="Add it beside the old one").click()
        assert page.url.endswith("/setup/code")  # people sign in through it: a code comes first
        admin.prove()
        admin.go("certificates")
        page.locator("#certificate").fill(new)
        admin.press("Add it beside the old one")
        states = [row.locator(".tag").last.inner_text().strip() for row in page.locator("ul.rows > li").all()]
        assert sorted(states) == ["being added", "in use"]
        assert (
            page.locator("ul.rows > li", has_text="in use").get_by_role("button").count() == 0
        )  # nothing else is proven
        works()
        admin.test()
        page.get_by_role("link", name="Go on to turning it on").click()
        admin.press("Put the changes in place")
        works()
        vendors.roll("adfs-saml", "switch")
        vendors.clock.advance(minutes=1)
        works()
        admin.go("certificates")
        rows = page.locator("ul.rows > li")
        assert rows.filter(has_text="in use").count() == 2
        assert rows.filter(has_text="Last used").count() == 2
        vendors.roll("adfs-saml", "retire")
        works()
        with page.expect_navigation():
            page.get_by_role("button", name="Retire it").first.click()
        assert rows.count() == 1
        works()
    listed = vendors.api.get(f"/connections/{vendor.id}/certificates")["items"]
    assert len(listed) == 1
    told = [mail for mail in admin.mails() if mail.to == MIRA and "settings were changed" in mail.subject]
    assert len(told) == 2  # the new one, and the old one that went
    assert all("ertificate" in mail.text for mail in told)


def newest_of(vendors: Vendors, vendor: Vendor) -> str:
    """The certificate that the provider published beside the one that it signs with."""
    known = {one["sha256"] for one in vendors.api.get(f"/connections/{vendor.id}/certificates")["items"]}
    parsed = vendors.api.post("/metadata/parse", url=vendors.describe(vendor.key)["metadata_url"])["entities"][0]
    (fresh,) = [one["pem"] for one in parsed["certificates"] if one["sha256"] not in known]
    return str(fresh)


def test_a_change_of_what_is_active_waits_beside_it_and_can_be_taken_back(vendors: Vendors, visit: Visit) -> None:
    """Issue 5, item 4: draft, tested, active; one click back to the version before. People notice only the result."""
    vendor = vendors.connect("okta-saml")

    def given_name() -> object:
        return vendors.log_in(vendor).claims["given_name"]

    assert given_name() == "Ada"
    with visit("okta-saml") as admin:
        admin.last_connection = vendor.id
        visit_again(admin)
        assert admin.page.url.endswith("/overview")
        admin.prove()
        admin.go("mapping")
        admin.page.locator("#given_name").fill("lastName")
        admin.press("Save and continue")
        admin.go("overview")
        assert "There are changes that are not in place yet." in admin.page.inner_text("main")
        admin.go("activate")
        assert "No test has passed on the present values." in admin.page.inner_text("main")
        assert admin.page.locator("main ul li").all_inner_texts() == ["What we read from a sign-in"]  # that changes
        assert given_name() == "Ada"
        admin.test()
        assert given_name() == "Ada"
        admin.go("activate")
        admin.press("Put the changes in place")
        assert given_name() == "Lovelace"
        admin.go("overview")
        admin.press("Go back to the version before")
        assert given_name() == "Ada"
        admin.go("mapping")
        admin.page.locator("#given_name").fill("lastName")
        admin.press("Save and continue")
        admin.go("overview")
        admin.press("Throw them away")
        assert admin.page.get_by_text("There are changes").count() == 0
        assert given_name() == "Ada"


def test_what_people_sign_in_through_is_changed_only_with_a_code_by_mail(vendors: Vendors, visit: Visit) -> None:
    """Issue 5, item 1: six digits to the link's contact, who is named half; a wrong one changes nothing."""
    vendor: Vendor = vendors.connect("google-saml")
    with visit("google-saml") as admin:
        page = admin.page
        admin.last_connection = vendor.id
        visit_again(admin)
        admin.go("mapping")
        assert "we mail a code to the contact of this link" in page.inner_text("main")
        page.locator("#given_name").fill("other")
        with page.expect_navigation():
            page.get_by_role("button", name="Save and continue").click()
        assert page.url.endswith("/setup/code")
        assert "m…@halden.example" in page.inner_text("main")
        assert MIRA not in page.content()
        admin.press("Mail me a code")
        mail = admin.code_mail()
        code = re.search(r"\b\d{6}\b", mail.subject + mail.text)
        assert code
        assert mail.to == MIRA
        page.locator("#code").fill(str((int(code[0]) + 1) % 1_000_000).zfill(6))
        admin.press("Continue")
        assert page.locator("#problem").count() == 1
        assert vendors.api.get(f"/connections/{vendor.id}/draft")["draft"] is False
        page.locator("#code").fill(code[0])
        admin.press("Continue")
        admin.go("mapping")
        page.locator("#given_name").fill("other")
        admin.press("Save and continue")
        assert vendors.api.get(f"/connections/{vendor.id}/draft")["draft"] is True
