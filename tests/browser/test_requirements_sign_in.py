"""Requirements 26 to 32 of the interface: the test sign-in, what it shows, and turning single sign-on on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from tests.browser.portal_walk import Admin
from tests.support.vendors import Vendors

pytestmark = pytest.mark.browser

Visit = Callable[..., AbstractContextManager[Admin]]


@pytest.fixture(autouse=True)
def _only_mine(vendors: Vendors) -> Iterator[None]:
    """Each test finds the simulators' owners without a connection."""
    yield
    for connection in vendors.api.get("/connections")["items"]:
        if connection["status"] == "active":
            vendors.api.post(f"/connections/{connection['id']}/deactivate")
        vendors.api.delete(f"/connections/{connection['id']}")


def open_checks(admin: Admin) -> list[tuple[str, bool, bool]]:
    """Name, whether it passed, and whether it is open, of every check in its order."""
    found = []
    for check in admin.page.locator("details.check").all():
        said = check.locator("summary").inner_text()
        found.append((said.split(":")[0].strip(), "passed" in said, check.get_attribute("open") is not None))
    return found


def test_26_nothing_is_turned_on_before_a_test_passed_on_these_values(vendors: Vendors, visit: Visit) -> None:
    """Requirement 26: no button but the reason in words; a change afterwards voids the test."""
    with visit("okta-saml") as admin:
        admin.adopt()
        admin.go("activate")
        button = admin.page.get_by_role("button", name="Turn on single sign-on")
        assert button.count() == 0
        assert "Cannot start yet. No test has passed on the present values." in admin.page.inner_text("main")
        admin.test()
        admin.go("activate")
        assert button.count() == 1
        admin.go("mapping")
        admin.page.locator("#given_name").fill("somethingElse")
        admin.press("Save and continue")
        admin.go("activate")
        assert button.count() == 0
        admin.go("tasks")
        row = admin.page.locator("ol.rows > li", has_text="Turn on single sign-on")
        assert "Cannot start yet" in row.inner_text()
        assert row.get_by_role("link").count() == 0
        admin.test()
        admin.go("activate")
        assert button.count() == 1


CHECKS = ["Response received", "Status", "Signature", "Issuer", "Audience", "Times", "Subject", "Required claims"]


def test_27_a_passed_test_shows_every_check_in_order(vendors: Vendors, visit: Visit) -> None:
    """Requirement 27: received, signature, issuer, audience, times, subject, claims; with what was expected."""
    with visit("okta-saml") as admin:
        admin.adopt()
        admin.test()
        checks = open_checks(admin)
        names = [name for name, _, _ in checks]
        assert all(passed and not is_open for _, passed, is_open in checks)
        for wanted in CHECKS:
            assert any(name.startswith(wanted) for name in names), (wanted, names)
        assert names.index("Response received") < 2  # behind the question whether anybody asked for it
        admin.page.locator("details.check", has_text="Audience").locator("summary").click()
        shown = admin.page.locator("details.check", has_text="Audience")
        ours = vendors.api.get(f"/connections/{admin.connection_id}")["service_provider"]
        assert ours["entity_id"] in shown.inner_text()
        assert names[-1] == "E-mail domain"
        assert "verified" in admin.page.locator("dl.facts.narrow").inner_text()  # the e-mail's domain


def test_28_a_failed_test_says_what_why_and_where(vendors: Vendors, visit: Visit) -> None:
    """Requirements 27 and 28: the first failure open, expected and received, the fix in this console, code, trace id."""
    with visit("okta-saml", permissions=["clipboard-read", "clipboard-write"]) as admin:
        admin.adopt()
        with vendors.behaving("okta-saml", audience="https://somewhere.example/metadata"):
            admin.test()
        page = admin.page
        assert page.locator("h1").inner_text() == "One thing to fix at Okta"
        checks = open_checks(admin)
        (failed,) = [n for n, (_, passed, _) in enumerate(checks) if not passed]
        assert [n for n, (_, _, is_open) in enumerate(checks) if is_open] == [failed]
        shown = page.locator("details.check[open]").inner_text()
        ours = vendors.api.get(f"/connections/{admin.connection_id}")["service_provider"]
        for said in ("Expected", ours["entity_id"], "Received", "https://somewhere.example/metadata", "What to do", "Where",
                     "Audience URI", "Code"):  # fmt: skip
            assert said in shown, said
        trace = page.inner_text("#trace")
        page.locator("[data-copy=trace]").click()
        page.locator("#copied", has_text="Copied: Trace ID").wait_for(state="attached")
        assert page.evaluate("navigator.clipboard.readText()") == trace
        assert vendors.api.trace(trace)["code"] in shown
        assert page.get_by_role("button", name="Test again").count() == 1


@pytest.mark.parametrize(
    ("key", "name", "behaviour", "words"),
    [
        ("okta-saml", "ada", {"signs_with": "unpublished"}, "certificate"),
        ("okta-saml", "ada", {"clock_offset_s": -900}, "clock"),
        ("entra-oidc", "ada", {"audience": "https://somewhere.example"}, "Application (client) ID"),
    ],
    ids=["signature", "times", "audience"],
)
def test_28_usual_failures_are_explained(
    vendors: Vendors, visit: Visit, key: str, name: str, behaviour: dict[str, Any], words: str
) -> None:
    """Requirement 28: a plain sentence with what to do, for what goes wrong most often."""
    with visit(key) as admin:
        admin.adopt()
        with vendors.behaving(key, **behaviour):
            admin.test(name)
        assert "fix at" in admin.page.locator("h1").inner_text()
        told = admin.page.locator("details.check[open] .note")
        assert words.lower() in told.inner_text().lower()
        assert "What to do" in told.inner_text()


def test_28_a_required_claim_that_did_not_arrive_is_named_beside_those_that_did(vendors: Vendors, visit: Visit) -> None:
    """Requirements 27 and 28: which one, and the names of what the provider sent."""
    wanted = vendors.api.post("/profile-attributes", name="cost_center", type="string", required=True)
    with visit("okta-saml") as admin:
        admin.adopt()
        admin.test()
        vendors.api.delete(f"/profile-attributes/{wanted['id']}")
        told = admin.page.locator("details.check[open]").inner_text()
        assert "cost_center" in told
        assert "firstName" in told
        assert "What to do" in told


@pytest.mark.parametrize("key", ["okta-saml", "entra-oidc"])
def test_29_raw_and_normalized_stand_side_by_side(vendors: Vendors, visit: Visit, key: str) -> None:
    """Requirement 29: without secrets, to copy; seen by nobody but who holds a link of this organization."""
    with visit(key, permissions=["clipboard-read", "clipboard-write"]) as admin:
        admin.adopt()
        admin.test()
        page = admin.page
        raw, normalized = page.locator("#raw"), page.locator("section[aria-labelledby=norm-h]")
        assert f"ada@{key}.example" in raw.inner_text()
        assert f"ada@{key}.example" in normalized.inner_text()
        left, right = raw.bounding_box(), normalized.bounding_box()
        assert left["x"] + left["width"] <= right["x"]
        assert abs(page.locator("#raw-h").bounding_box()["y"] - page.locator("#norm-h").bounding_box()["y"]) < 2
        if key == "okta-saml":
            assert "SignatureValue" in raw.inner_text()
            assert re.search(r"SignatureValue[^>]*>…<", raw.inner_text())
        secret = admin.credentials.get("client_secret", "no secret in SAML")
        assert secret not in page.content()
        page.locator("[data-copy=raw]").click()
        page.locator("#copied", has_text="Copied").wait_for(state="attached")
        assert page.evaluate("navigator.clipboard.readText()") == raw.text_content()
        own = page.url.removeprefix(admin.base)
        customer = vendors.api.post("/organizations", name="Northgate Labs")["id"]
        with visit(key, organization_id=customer) as other:
            other.open(other.link())
            other.go(own, status=404)
        with visit(key) as colleague:
            colleague.open(colleague.link("domains"))
            colleague.go(own, status=404)


@pytest.mark.parametrize("binding", ["redirect", "post"])
def test_30_a_test_signs_nobody_in_and_no_policy_stops_it(vendors: Vendors, visit: Visit, binding: str) -> None:
    """Requirement 30: form to page to provider, by redirect or by a posted form; no session, no code, no complaint."""
    with visit("adfs-saml") as admin:
        admin.adopt()
        vendors.api.patch(f"/connections/{admin.connection_id}", settings={"sso_binding": binding})
        before = {cookie["name"] for cookie in admin.page.context.cookies()}
        admin.test()
        assert admin.page.locator("h1").inner_text() == "The test passed"
        new = {cookie["name"] for cookie in admin.page.context.cookies(admin.base)} - before
        assert not [name for name in new if "session" in name]
        traces = vendors.api.get("/sign-ins", connection_id=admin.connection_id)["items"]
        assert {trace["purpose"] for trace in traces} == {"test"}
        assert vendors.api.get(f"/connections/{admin.connection_id}")["subject_source"] is None


def test_31_a_test_that_nobody_returns_from_says_so(vendors: Vendors, visit: Visit) -> None:
    """Requirement 31: waiting, by name; after two minutes the three usual causes; it looks again by itself."""
    with visit("okta-saml") as admin:
        admin.adopt()
        page = admin.page
        admin.go("test")
        admin.page.get_by_role("button", name="Start the test").click()
        page.wait_for_url("**/sign-in/**")
        trace = vendors.api.get("/sign-ins", connection_id=admin.last_connection)["items"][0]["id"]
        answer = page.goto(f"{admin.base}/setup/{admin.last_connection}/test/{trace}")
        assert page.locator("h1").inner_text() == "Waiting for Okta…"
        assert answer.headers["refresh"] == "10"
        assert page.locator(".note").count() == 0
        vendors.clock.advance(seconds=119)
        admin.go(f"test/{trace}")
        assert page.locator(".note").count() == 0
        vendors.clock.advance(seconds=2)
        admin.go(f"test/{trace}")
        causes = page.locator(".note li").all_inner_texts()
        for words in ("assigned", "Single sign-on URL", "closed"):
            assert any(words in cause for cause in causes), words
        assert page.get_by_role("button", name="Test again").count() == 1


def test_32_the_last_page_says_what_changes_and_how_to_go_back(vendors: Vendors, visit: Visit) -> None:
    """Requirement 32: what changes for people, emergency access, who was told, how to edit."""
    with visit("okta-saml") as admin:
        admin.adopt()
        admin.test()
        admin.activate()
        shown = admin.page.inner_text("main")
        for words in ("What changes for your people", "Nobody is signed out now", "In an emergency", "Told by e-mail",
                      "mira@halden.example", "okta-saml.example"):  # fmt: skip
            assert words in shown, words
        assert admin.page.get_by_role("link", name="Edit contacts").get_attribute("href") == "/setup/contacts"
        assert admin.page.get_by_role("link", name=re.compile("^Change")).count() == 1
