"""Item 4: a test sign-in is a real one on the working configuration, shows every check, and signs nobody in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.audit import Actor, EventFilter, list_events
from app.database import db
from app.errors import Conflict, NotFound, TooManyRequests
from app.gateway import Gateway
from app.signin.findings import explain_waiting
from app.signin.models import PorticoSession, TestSignIn
from app.signin.testing import delete_old_tests, get_test, latest_test, start_test
from app.signin.trace import get_trace
from app.signin.trying import begin_test
from app.web.cookies import browser_cookie
from portico_sdk import Redirect
from tests.support.certificates import Certified, make_certified
from tests.support.clock import SettableClock
from tests.support.signing_idp import SigningIdp, Subject, parse_redirect, post_fields
from tests.support.whole_app import Api, whole_app

ENTITY, SSO = "https://idp.halden.example/", "https://idp.halden.example/sso"
ACTOR = Actor("setup_link", "lnk-1")
_KEYS: list[Certified] = []


def keys() -> list[Certified]:
    if not _KEYS:
        _KEYS.extend(make_certified(f"idp {number}") for number in range(2))
    return _KEYS


@dataclass
class Trial:
    """One customer with a draft connection, its identity provider, and a browser."""

    app: Flask
    gateway: Gateway
    api: Api
    clock: SettableClock
    organization: str
    connection: str
    browser: FlaskClient
    idp: SigningIdp
    email: str = "mira@halden.example"

    def start(self) -> TestSignIn:
        return start_test(
            self.gateway.journey,
            self.connection,
            organization_id=self.organization,
            return_path=f"/setup/connections/{self.connection}/tests/{{test}}",
            actor=ACTOR,
            now=self.clock(),
        )

    def begin(self, test: TestSignIn) -> str:
        """Leave for the identity provider; return where the browser goes."""
        begun = begin_test(self.gateway.journey, test.id, self.connection, browser=None, now=self.clock())
        self.browser.set_cookie(browser_cookie(secure=False).name, begun.browser, domain="127.0.0.1")
        assert isinstance(begun.action, Redirect)
        return begun.action.url

    def answer(self, url: str, **attributes: list[str]) -> TestResponse:
        """Let the identity provider answer the request in `url`, and bring the answer to the ACS."""
        asked = parse_redirect(url)
        said = {"email": [self.email], "firstName": ["Mira"], "lastName": ["Solberg"], **attributes}
        xml = self.idp.respond(asked, ENTITY, Subject(self.email, said), self.clock())
        return self.browser.post(
            urlsplit(asked.acs_url).path, data=post_fields(xml, asked.relay_state), base_url="http://127.0.0.1:8000"
        )

    def run(self, **attributes: list[str]) -> TestSignIn:
        """One whole test; the browser must come back to its page."""
        test = self.start()
        response = self.answer(self.begin(test), **attributes)
        assert response.status_code in (302, 303), response.text
        assert response.location == f"http://127.0.0.1:8000/setup/connections/{self.connection}/tests/{test.id}"
        return get_test(test.id, self.connection)

    def checks(self, test: TestSignIn) -> dict[str, bool]:
        return {check["name"]: check["ok"] for check in test.checks}


@pytest.fixture
def trial(database_url: str, clock: SettableClock, tmp_path: Path) -> Iterator[Trial]:
    with whole_app(database_url, clock, tmp_path) as app, app.app_context():
        api = Api(app, clock)
        organization = api.ok("POST", "/organizations", {"name": "Halden"})["id"]
        api.ok("POST", f"/organizations/{organization}/domains", {"domain": "halden.example", "verified": True})
        settings = {"idp_entity_id": ENTITY, "sso_url": SSO, "certificates": [keys()[0].certificate_pem]}
        path = f"/organizations/{organization}/connections"
        connection = api.ok("POST", path, {"adapter": "saml", "settings": settings})["id"]
        gateway: Gateway = app.extensions["portico"]
        idp = SigningIdp(keys()[0].key_pem, keys()[0].certificate_pem)
        yield Trial(app, gateway, api, clock, organization, connection, app.test_client(), idp)


def test_a_test_passes_before_activation_and_opens_the_way_to_it(trial: Trial) -> None:
    """Interface, requirements 26 to 29."""
    refused = trial.api.refused("POST", f"/connections/{trial.connection}/activate", {})
    assert refused[1]["code"] == "connection-untested"
    test = trial.run(groups=["eng"])
    assert (test.outcome, test.code, test.revision) == ("passed", None, "version-1")
    assert all(trial.checks(test).values())
    assert {"document", "assertion-signature", "claims", "profile"} <= set(trial.checks(test))
    assert (test.attributes or {})["email"] == ["mira@halden.example"]
    claims = test.claims or {}
    assert claims["email"] == "mira@halden.example"
    assert claims["email_verified"] is True
    assert claims["portico_connection"] == trial.connection
    assert claims.keys().isdisjoint({"iss", "aud", "exp", "iat", "nonce"})
    assert any(one["field"] == "email" and one["source"] == "email" for one in test.claims_from)
    shown = trial.api.ok("GET", f"/connections/{trial.connection}")
    assert shown["tested"] is True
    assert trial.api.ok("POST", f"/connections/{trial.connection}/activate", {})["status"] == "active"


def test_a_test_signs_nobody_in(trial: Trial) -> None:
    """Requirement 30: no session, no subject source, no sign-in in the audit log; a trace and an event of its own."""
    test = trial.run()
    assert db.session.query(PorticoSession).count() == 0
    assert trial.gateway.connections.get(trial.connection).subject_source is None
    named = [event.name for event in list_events(EventFilter(target=trial.connection), limit=20, after=None).items]
    assert "connection.tested" in named
    assert "sign_in.allowed" not in named
    trace, _ = get_trace(test.id)
    assert (trace.purpose, trace.outcome) == ("test", "allowed")


def test_signatures_are_left_out_of_the_raw_response(trial: Trial) -> None:
    """Requirement 29: raw, secrets redacted."""
    test = trial.run()
    assert "<saml:NameID" in test.raw
    assert "SignatureValue>…</" in test.raw


def test_the_first_check_that_fails_is_shown_with_what_was_expected_and_why(trial: Trial) -> None:
    """Requirements 27 and 28."""
    trial.idp = SigningIdp(keys()[1].key_pem, keys()[1].certificate_pem)
    test = trial.run()
    assert (test.outcome, test.code) == ("failed", "saml-signature")
    assert [name for name, ok in trial.checks(test).items() if not ok] == ["assertion-signature"]
    failed = next(check for check in test.checks if not check["ok"])
    assert failed["expected"]
    assert failed["received"]
    assert (test.explanation or {})["title"]
    assert test.claims is None
    assert not trial.api.ok("GET", f"/connections/{trial.connection}")["tested"]
    assert get_trace(test.id)[0].code == "saml-signature"


def test_an_address_of_another_customer_fails_the_test_too(trial: Trial) -> None:
    """Every check of a sign-in counts, also those after the adapter's; what arrived is shown."""
    other = trial.api.ok("POST", "/organizations", {"name": "Globex"})["id"]
    trial.api.ok("POST", f"/organizations/{other}/domains", {"domain": "globex.example", "verified": True})
    trial.email = "mira@globex.example"
    test = trial.run()
    assert (test.outcome, test.code) == ("failed", "email-domain-foreign")
    assert test.checks[-1]["ok"] is False
    assert (test.attributes or {})["email"] == ["mira@globex.example"]
    assert any(one["field"] == "email" and one["result"] == "mira@globex.example" for one in test.claims_from)


def test_a_draft_is_tested_at_the_same_acs_while_people_sign_in_by_the_old_one(trial: Trial) -> None:
    """Requirement 34: test against the new certificate; the active configuration does not know it."""
    trial.api.ok("POST", f"/connections/{trial.connection}/activate", {"skip_test": True})
    path = f"/connections/{trial.connection}/certificates"
    trial.api.ok("POST", path, {"certificates": [keys()[1].certificate_pem]})
    trial.idp = SigningIdp(keys()[1].key_pem, keys()[1].certificate_pem)
    test = trial.run()
    assert test.outcome == "passed"
    assert test.revision.startswith("rev-")
    draft = trial.api.ok("GET", f"/connections/{trial.connection}/draft")
    assert (draft["draft"], draft["tested"]) == (True, True)
    assert len(trial.gateway.connections.open(trial.connection).configuration.settings["certificates"]) == 1
    trial.api.ok("POST", f"/connections/{trial.connection}/draft/activate", {})
    listed = trial.api.ok("GET", path)["items"]
    assert [one["stands"] for one in listed] == ["active", "active"]
    used = {one["sha256"]: one["first_used_at"] is not None for one in listed}
    assert sorted(used.values()) == [False, True], "the one that the test was proven by"
    unused = next(sha256 for sha256, yes in used.items() if not yes)
    trial.api.ok("DELETE", f"{path}/{unused}")


def test_a_change_while_the_person_was_at_the_provider_voids_the_test(trial: Trial) -> None:
    """Requirement 26: editing afterwards voids it; the answer to the old configuration proves nothing of the new one."""
    test = trial.start()
    url = trial.begin(test)
    trial.api.ok("PATCH", f"/connections/{trial.connection}", {"settings": {"force_authn": True}})
    assert trial.answer(url).status_code in (302, 303)
    stored = get_test(test.id, trial.connection)
    assert (stored.outcome, stored.code) == ("failed", "test-outdated")
    assert not trial.api.ok("GET", f"/connections/{trial.connection}")["tested"]


def test_a_test_answers_once(trial: Trial) -> None:
    test = trial.start()
    url = trial.begin(test)
    with pytest.raises(Conflict) as told:
        trial.begin(test)
    assert told.value.code == "test-begun"
    assert trial.answer(url).status_code in (302, 303)
    assert trial.answer(url).status_code == 400
    assert get_test(test.id, trial.connection).outcome == "passed"


def test_a_response_to_a_test_is_no_sign_in_elsewhere(trial: Trial) -> None:
    """O5, T8: another browser consumes nothing; a draft accepts nothing that no test began."""
    test = trial.start()
    url = trial.begin(test)
    trial.browser = trial.app.test_client()
    trial.browser.set_cookie(browser_cookie(secure=False).name, "a" * 43, domain="127.0.0.1")
    assert trial.answer(url).status_code == 400
    assert get_test(test.id, trial.connection).outcome == "waiting"


def test_a_test_that_cannot_leave_has_failed_by_that(trial: Trial) -> None:
    """Missing settings: the browser goes to the page that says so."""
    path = f"/organizations/{trial.organization}/connections"
    trial.connection = trial.api.ok("POST", path, {"adapter": "saml", "settings": {}})["id"]
    test = trial.start()
    assert trial.begin(test).endswith(f"/tests/{test.id}")
    assert get_test(test.id, trial.connection).outcome == "failed"


def test_a_test_from_which_nobody_returns_is_explained_after_two_minutes(trial: Trial) -> None:
    """Requirement 31."""
    test = trial.start()
    trial.begin(test)
    spec = trial.gateway.connections.open(trial.connection).spec
    stored = get_test(test.id, trial.connection)
    assert explain_waiting(spec, stored, trial.clock.advance(seconds=119)) is None
    found = explain_waiting(spec, stored, trial.clock.advance(seconds=1))
    assert found is not None
    assert len(found.causes) >= 2


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/",
        "//evil.example",
        "/setup/../x",
        "/setup/x?y",
        "/login",
        "/setup/x#y",
        "/setup/\\evil",
        "",
    ],
)
def test_a_test_returns_to_our_own_pages_only(trial: Trial, path: str) -> None:
    """T11."""
    with pytest.raises(ValueError, match="path"):
        start_test(
            trial.gateway.journey,
            trial.connection,
            organization_id=trial.organization,
            return_path=path,
            actor=ACTOR,
            now=trial.clock(),
        )


def test_another_organizations_connection_and_test_are_not_there(trial: Trial) -> None:
    """T9."""
    test, other = trial.run(), trial.api.ok("POST", "/organizations", {"name": "Globex"})["id"]
    with pytest.raises(NotFound):
        get_test(test.id, "con-" + "a" * 26)
    with pytest.raises(NotFound):
        start_test(
            trial.gateway.journey,
            trial.connection,
            organization_id=other,
            return_path="/setup/x",
            actor=ACTOR,
            now=trial.clock(),
        )
    trial.api.ok("PATCH", f"/organizations/{trial.organization}", {"status": "disabled"})
    trial.clock.advance(minutes=1)
    again = trial.start()
    assert trial.begin(again).endswith(f"/tests/{again.id}")
    failed = latest_test(trial.connection, passed=False)
    assert failed is not None
    assert failed.code == "target-unavailable"


def test_tests_are_bounded_and_forgotten_with_their_people(trial: Trial) -> None:
    for _ in range(60):
        trial.start()
    with pytest.raises(TooManyRequests):
        trial.start()
    delete_old_tests(trial.clock() + timedelta(days=31), keep_days=30)
    assert latest_test(trial.connection) is None


def test_what_a_sign_in_was_proven_by_is_noted(trial: Trial) -> None:
    """The kept identity of a session says it, too."""
    test = trial.run()
    used: dict[str, Any] = {
        one["sha256"]: one for one in trial.api.ok("GET", f"/connections/{trial.connection}/certificates")["items"]
    }
    assert [one["last_used_at"] is not None for one in used.values()] == [True]
    assert test.outcome == "passed"
