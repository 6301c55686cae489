"""Requirements 1, 2, 3 and 8 of the interface: links, what they open, and what they leave behind."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tests.browser.portal_walk import Admin
from tests.support.vendors import Vendors

pytestmark = pytest.mark.browser

Visit = Callable[..., AbstractContextManager[Admin]]
STATES = {"Completed", "Incomplete", "Cannot start yet", "There is a problem"}


def new_customer(vendors: Vendors, name: str = "Halden Freight") -> str:
    """An organization without domain and connection."""
    return str(vendors.api.post("/organizations", name=name)["id"])


def test_1_a_link_opens_the_task_list_and_goes_on_where_it_was_left(vendors: Vendors, visit: Visit) -> None:
    """Requirement 1: no account; every task has one status in words; opened again, the first open task is next."""
    customer = new_customer(vendors)
    with visit("okta-saml", organization_id=customer) as admin:
        link = admin.link()
        admin.open(link)
        assert admin.page.locator("h1").inner_text() == "Set up single sign-on"
        admin.choose()
        admin.go("step-create-app")
        admin.press("I have done this")
        admin.go("step-check-values")
        admin.page.locator("#idp_entity_id").fill("http://www.okta.com/exk1a2b3c4d5e6f7G8h9")
        admin.page.locator("#sso_url").fill("https://halden.okta.com/app/x/sso/saml")
        admin.page.locator("#certificates").fill(vendors.certificate_of("okta-saml"))
        admin.press("Continue")
        admin.press("Save and continue")
        root = admin.root
    with visit("okta-saml", organization_id=customer) as admin:
        admin.open(link)
        assert admin.page.url == f"{root}/tasks"
        rows = admin.page.locator("ol.rows > li")
        shown = [rows.nth(n).locator(".tag").inner_text().strip() for n in range(rows.count())]
        assert set(shown) <= STATES
        assert len(shown) == rows.count()
        first = admin.page.locator("ol.rows > li", has=admin.page.locator(".tag", has_text=re.compile("^Incomplete$")))
        onward = admin.page.get_by_role("link", name="Continue with the next task").get_attribute("href")
        assert onward == first.first.locator("a").get_attribute("href")
        admin.go("step-check-values")
        assert admin.page.locator("#sso_url").input_value() == "https://halden.okta.com/app/x/sso/saml"
        admin.go("/setup/provider")
        assert admin.page.locator("#p-okta-saml").is_checked()


@pytest.mark.parametrize("state", ["expired", "used", "revoked"])
def test_2_a_link_that_is_over_is_no_dead_end(vendors: Vendors, visit: Visit, state: str) -> None:
    """Requirement 2: 410 which of the three, who sent it, a button that tells the operators, nothing of the customer."""
    customer = new_customer(vendors, "Northgate Labs")
    links = f"/organizations/{customer}/setup-links"
    made = vendors.api.post(links, features=["sso"], expires_in_s=300, single_use=state == "used")
    if state == "revoked":
        vendors.api.post(f"{links}/{made['id']}/revoke")
    if state == "expired":
        vendors.clock.advance(minutes=6)
    if state == "used":
        with visit(organization_id=customer) as first:
            first.open(made["url"])
    with visit(organization_id=customer) as admin:
        answer = admin.page.goto(made["url"])
        assert answer.status == 410
        assert "Northgate" not in answer.text()
        words = {"expired": "has expired", "used": "was used", "revoked": "was taken back"}
        assert words[state] in admin.page.locator("h1").inner_text()
        assert "It was sent by" in admin.page.locator("main").inner_text()
        admin.press("Ask for a new link")
        assert admin.page.locator("h1").inner_text() == "We passed it on"
        assert "Northgate" not in admin.page.content()
    asked = vendors.api.get("/notices", organization_id=customer)["items"]
    assert [(one["kind"], one["target"]) for one in asked] == [("link-requested", made["id"])]


def test_3_the_token_leaves_the_address_with_continue(vendors: Vendors, visit: Visit) -> None:
    """Requirement 3: 303 to a clean address and a cookie; no referrer; a second browser is refused a link for once."""
    with visit(organization_id=new_customer(vendors)) as admin:
        link = admin.link(single_use=True)
        answers = []
        admin.page.on("response", lambda answer: answers.append(answer))
        looked = admin.page.goto(link)
        assert looked.headers["referrer-policy"] == "no-referrer"
        assert admin.page.context.cookies() == []
        admin.press("Continue")
        admin.page.wait_for_url("**/setup/")
        posted = next(answer for answer in answers if answer.request.method == "POST")
        assert (posted.status, posted.headers["location"]) == (303, "/setup/")
        (cookie,) = admin.page.context.cookies()
        assert cookie["httpOnly"]
        token = link.rpartition("/")[2]
        assert token not in admin.page.url + admin.page.content() + cookie["value"]
        assert admin.page.evaluate("document.referrer") == ""
    with visit(organization_id=admin.organization_id) as second:
        second.page.goto(link)
        assert second.page.get_by_role("heading", name="This setup link was used").count() == 1


@pytest.mark.parametrize("mailed", [False, True], ids=["passed on by hand", "mailed"])
def test_8_one_task_goes_to_a_colleague(vendors: Vendors, visit: Visit, mailed: bool) -> None:
    """Requirement 8: their link opens that task alone; doing it is seen in the list of whoever sent it."""
    customer = new_customer(vendors)
    with visit("okta-saml", organization_id=customer) as admin:
        admin.open(admin.link())
        admin.choose()
        admin.go("step-assign-people")
        admin.page.get_by_role("link", name="Send this step to a colleague").click()
        assert admin.page.locator("#step").input_value() == "step-assign-people"
        if mailed:
            admin.page.locator("#email").fill("lin@halden.example")
        admin.press("Make the link")
        url = admin.page.locator("#url").inner_text()
        if mailed:
            mail = next(one for one in admin.mails() if one.to == "lin@halden.example")
            assert url in mail.text
        with visit("okta-saml", organization_id=customer) as colleague:
            colleague.open(url)
            assert colleague.page.url == f"{admin.root}/step-assign-people"
            for path in ("/setup/provider", "/setup/domains", "/setup/contacts"):
                colleague.go(path, status=404)
            for page in ("tasks", "step-create-app", "test", "activate", "mapping", "certificates"):
                colleague.go(f"{admin.root.removeprefix(admin.base)}/{page}", status=404)
            colleague.go(f"{admin.root.removeprefix(admin.base)}/step-assign-people")
            colleague.press("I have done this")
            assert colleague.page.locator("h1").inner_text() == "This step is done"
        admin.go("tasks")
        row = admin.page.locator("ol.rows > li", has_text="Assign people")
        assert row.locator(".tag").inner_text().strip() == "Completed"


def test_8_a_colleague_who_only_tests_sees_what_came_of_it_and_whom_to_tell(vendors: Vendors, visit: Visit) -> None:
    """Requirement 8: after a failed test and one that passed, the page says what is next, and offers nothing closed."""
    with visit("okta-saml") as admin:
        admin.adopt()
        admin.go("/setup/colleague?step=test")
        admin.press("Make the link")
        url = admin.page.locator("#url").inner_text()
        with visit("okta-saml") as colleague:
            colleague.last_connection = admin.last_connection
            colleague.open(url)
            assert colleague.page.url == f"{admin.root}/test"
            with vendors.behaving("okta-saml", audience="https://somewhere.example"):
                colleague.test()
            ending = colleague.page.locator("#ending")
            assert "then test again. If that is not yours to change, send mira the trace ID." in ending.inner_text()
            vendors.clock.advance(1)
            colleague.test()
            assert colleague.page.locator("h1").inner_text() == "The test passed"
            assert "Tell mira that the test passed: turning it on is for them to do." in ending.inner_text()
            write = ending.get_by_role("link", name="Write to mira")
            assert str(write.get_attribute("href")).startswith("mailto:mira@halden.example?subject=")
            ways = colleague.page.locator("main a[href^='/setup/']").evaluate_all("all => all.map(a => a.pathname)")
            assert all("/test/" in way for way in ways), ways
    vendors.api.delete(f"/connections/{admin.last_connection}")
