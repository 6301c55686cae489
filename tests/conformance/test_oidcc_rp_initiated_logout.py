"""The modules of `oidcc-rp-initiated-logout-certification-test-plan`, black box, by name.

Each signs a person in, sends the browser to the end_session_endpoint, and asks with `prompt=none` whether the person still
is. Where the suite wants a screenshot, the test reads the page.
"""

from __future__ import annotations

import base64
import json
import secrets
from urllib.parse import urlencode, urljoin

import pytest

from tests.support.browser import Browser, Page, Step
from tests.support.conformance import POST_LOGOUT, Done, Suite

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.parametrize("suite", ["basic"], indirect=True)]

SUITE = "https://suite.example/"


class Logout:
    """One logout of a person who just signed in. `state` is as long as the suite makes it."""

    def __init__(self, suite: Suite, browser: Browser) -> None:
        self.suite, self.browser = suite, browser
        self.done: Done = suite.log_in(browser)
        self.state = secrets.token_hex(64)

    def go(self, **instead: str) -> Step | Page:
        """Send the browser there with the whole request, but for what replaces it; an empty value leaves one out."""
        asked = {
            "id_token_hint": self.done.tokens["id_token"],
            "post_logout_redirect_uri": POST_LOGOUT,
            "state": self.state,
            **instead,
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return self.browser.walk(f"{self.suite.discovery['end_session_endpoint']}?{query}", stop=SUITE)

    def is_signed_in(self) -> bool:
        """Ask without showing anything (OIDC Core 3.1.2.6)."""
        begun = self.suite.begin(prompt="none")
        answer = self.suite.answer(begun, self.suite.silent(self.browser, begun))
        assert answer.get("error") in (None, "login_required"), answer
        return "code" in answer

    def is_question(self, end: Step | Page) -> bool:
        """Whether the person was asked, and nothing else happened."""
        actions = [urljoin(end.url, form.action) for form in end.forms] if isinstance(end, Page) else []
        return actions == [f"{self.suite.discovery['end_session_endpoint']}/confirm"]

    def confirm(self, end: Step | Page) -> Step | Page:
        """Say yes to the question."""
        assert self.is_question(end)
        assert isinstance(end, Page)
        return self.browser.walk(end.submit(end.forms[0]), stop=SUITE)


@pytest.fixture
def logout(suite: Suite, browser: Browser) -> Logout:
    return Logout(suite, browser)


def test_oidcc_rp_initiated_logout_discovery_endpoint_verification(suite: Suite) -> None:
    """RP-Initiated Logout 2.1."""
    assert suite.discovery["end_session_endpoint"] == f"{suite.discovery['issuer']}/oauth2/logout"


def test_oidcc_rp_initiated_logout(logout: Logout) -> None:
    """All three parameters: at once, back to the registered address with `state` as it was."""
    back = logout.go()
    assert isinstance(back, Step)
    assert back.url.split("?")[0] == POST_LOGOUT
    assert back.query == {"state": logout.state}
    assert not logout.is_signed_in()


def test_oidcc_rp_initiated_logout_bad_post_logout_redirect_uri(logout: Logout) -> None:
    """An address that is not registered is not gone to."""
    assert isinstance(logout.go(post_logout_redirect_uri="https://suite.example/not-registered"), Page)


def test_oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri(logout: Logout) -> None:
    """Nor is the registered one with something added."""
    assert isinstance(logout.go(post_logout_redirect_uri=f"{POST_LOGOUT}?foo=bar"), Page)


def test_oidcc_rp_initiated_logout_modified_id_token_hint(logout: Logout) -> None:
    """`alg: none`: a question, no redirect, and the person is still signed in."""
    header, body, _ = str(logout.done.tokens["id_token"]).split(".")
    changed = json.loads(base64.urlsafe_b64decode(header + "==")) | {"alg": "none"}
    unsigned = base64.urlsafe_b64encode(json.dumps(changed).encode()).rstrip(b"=").decode()
    assert logout.is_question(logout.go(id_token_hint=f"{unsigned}.{body}."))
    assert logout.is_signed_in()


def test_oidcc_rp_initiated_logout_bad_id_token_hint(logout: Logout) -> None:
    """The same for a hint that is no token."""
    assert logout.is_question(logout.go(id_token_hint="not-a-token"))
    assert logout.is_signed_in()


def test_oidcc_rp_initiated_logout_no_id_token_hint(logout: Logout) -> None:
    """RP-Initiated Logout 2: without a hint the person is asked, since anybody can send a browser here."""
    asked = logout.go(id_token_hint="")
    assert logout.is_question(asked)
    assert logout.is_signed_in()
    assert isinstance(logout.confirm(asked), Page), "nothing says whose address that is"
    assert not logout.is_signed_in()


def test_oidcc_rp_initiated_logout_no_params(logout: Logout) -> None:
    """Nothing at all: the question, and after it a page that says that the person is signed out."""
    end = logout.confirm(logout.go(id_token_hint="", post_logout_redirect_uri="", state=""))
    assert isinstance(end, Page)
    assert not logout.is_signed_in()


def test_oidcc_rp_initiated_logout_no_post_logout_redirect_uri(logout: Logout) -> None:
    """Signed out at once, and a page that says so."""
    assert isinstance(logout.go(post_logout_redirect_uri="", state=""), Page)
    assert not logout.is_signed_in()


def test_oidcc_rp_initiated_logout_no_state(logout: Logout) -> None:
    """Back without a `state` that was not sent."""
    back = logout.go(state="")
    assert isinstance(back, Step)
    assert back.url == POST_LOGOUT
    assert not logout.is_signed_in()


def test_oidcc_rp_initiated_logout_only_state(logout: Logout) -> None:
    """As without parameters: `state` belongs to an address that is not there."""
    end = logout.confirm(logout.go(id_token_hint="", post_logout_redirect_uri=""))
    assert isinstance(end, Page)
    assert not logout.is_signed_in()
