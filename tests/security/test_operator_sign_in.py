"""Row M8 and ASVS 6 and 7: how operators sign in, what a stranger learns and can do, and how sessions end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.access.operators import Invitations, disable_operator, list_operator_addresses
from app.audit import EventFilter, list_events
from app.database import db
from app.gateway import Gateway
from tests.support.clock import SettableClock
from tests.support.operators import PASSWORD, Person
from tests.support.whole_app import OPERATOR, whole_app

pytestmark = pytest.mark.databases("sqlite", "postgresql")


@pytest.fixture
def whole(database_url: str, clock: SettableClock, tmp_path: Path) -> Iterator[Flask]:
    with whole_app(database_url, clock, tmp_path) as app:
        yield app


@pytest.fixture
def person(whole: Flask, clock: SettableClock) -> Person:
    """Enrolled, not signed in."""
    made = Person(whole, clock)
    assert made.enrol().status_code == 200
    return made


def events(app: Flask) -> list[Any]:
    with app.app_context():
        page = list_events(EventFilter(), limit=100)
        return [event.as_dict() for event in page.items]


def names(app: Flask) -> list[str]:
    return [event["name"] for event in events(app)]


def first_link(app: Flask, clock: SettableClock) -> str | None:
    gateway: Gateway = app.extensions["portico"]
    with app.app_context():
        invitations = Invitations(gateway.cipher, gateway.settings.base_url)
        url = invitations.invite_first(actor=OPERATOR, now=clock())
    return url and url.removeprefix(gateway.settings.base_url)


# Enrolment


def test_a_link_makes_an_operator_who_signs_in_by_password_and_code(person: Person, whole: Flask) -> None:
    page = person.sign_in()
    assert page.status_code == 200
    assert "Overview" in page.text
    assert {"operator.invited", "operator.enrolled", "operator.signed_in"} <= set(names(whole))
    with whole.app_context():
        assert list(list_operator_addresses()) == [person.email]


def test_looking_at_a_link_changes_nothing_and_using_it_ends_it(whole: Flask, clock: SettableClock) -> None:
    """Mail scanners open links."""
    person = Person(whole, clock)
    path = person.invite()
    assert [person.get(path).status_code for _ in range(3)] == [200, 200, 200]
    assert person.enrol(path).status_code == 200
    assert person.get(path).status_code == 404
    assert person.post(path, name="M", password="another good phrase", code=person.code()).status_code == 404


def test_a_link_ends_after_a_day_and_when_another_one_is_made(whole: Flask, clock: SettableClock) -> None:
    person = Person(whole, clock)
    first, second = person.invite(), person.invite()
    assert person.get(first).status_code == 404
    assert person.get(second).status_code == 200
    clock.advance(hours=24, seconds=1)
    assert person.get(second).status_code == 404


def test_the_first_operators_link_works_only_while_there_is_none(whole: Flask, clock: SettableClock) -> None:
    path = first_link(whole, clock)
    assert path is not None
    person = Person(whole, clock)
    assert "You are the first" in person.get(path).text
    assert Person(whole, clock, email="other@yourcompany.example").enrol().status_code == 200
    assert person.get(path).status_code == 404
    assert first_link(whole, clock) is None


def test_the_first_operator_says_the_address_on_the_page(whole: Flask, clock: SettableClock) -> None:
    path = first_link(whole, clock)
    assert path is not None
    person = Person(whole, clock)
    assert person.enrol(path, email="not an address").status_code == 422
    assert person.enrol(path, email=person.email.upper()).status_code == 200
    assert person.sign_in().status_code == 200


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "password1234",
        "Password123!",
        "qwertyuiop123",
        "123456789012",
        "aaaaaaaaaaaaaaa",
        "vera20262026",
        "x" * 201,
    ],
)
def test_a_password_that_is_short_or_tried_first_is_refused(whole: Flask, clock: SettableClock, password: str) -> None:
    """ASVS 6.2.1, 6.2.4; NIST SP 800-63B 3.1.1.2."""
    person = Person(whole, clock)
    response = person.enrol(password=password)
    assert response.status_code == 422
    assert 'id="password-problem"' in response.text
    assert password not in response.text


def test_no_operator_exists_without_a_second_factor(whole: Flask, clock: SettableClock) -> None:
    person = Person(whole, clock)
    assert person.enrol(code="000000").status_code == 422
    with whole.app_context():
        assert list(list_operator_addresses()) == []


def test_a_second_link_replaces_both_factors_and_ends_every_session(person: Person, clock: SettableClock) -> None:
    """A lost phone: what was known before is worth nothing afterwards."""
    person.sign_in()
    again = Person(person.app, clock)
    assert again.enrol(password="four other calm words").status_code == 200
    assert person.get("/console/").status_code == 303
    assert person.post("/console/sign-in", email=person.email, password=PASSWORD).status_code == 422


def test_m11_the_database_holds_no_password_code_token_or_authenticator_secret(person: Person, whole: Flask) -> None:
    person.sign_in()
    token = person.browser.get_cookie("portico-console")
    assert token is not None
    with whole.app_context():
        dump = " ".join(
            repr(tuple(row))
            for table in ("operators", "operator_invitations", "operator_sessions", "operator_sign_in_tries")
            for row in db.session.execute(text(f"SELECT * FROM {table}"))
        )
    assert "$argon2id$" in dump
    for secret in (PASSWORD, person.secret, token.value, *person.codes):
        assert secret not in dump


# What a stranger learns and can do


def test_m12_an_unknown_account_a_wrong_password_and_a_disabled_operator_look_the_same(
    person: Person, whole: Flask, clock: SettableClock
) -> None:
    """ASVS 6.3.8: the same status and page; each costs one argon2."""
    stranger = Person(whole, clock, address="198.51.100.1")
    Person(whole, clock, email="odd@yourcompany.example").enrol()  # the last one is not disabled

    def body(email: str, password: str) -> tuple[int, str]:
        response = stranger.post("/console/sign-in", email=email, password=password)
        return response.status_code, response.text.replace(email, "EMAIL")

    unknown = body("nobody@yourcompany.example", PASSWORD)
    wrong = body(person.email, "wrong wrong wrong")
    with whole.app_context():
        disable_operator(person.email, actor=OPERATOR, now=clock())
    assert unknown == wrong == body(person.email, PASSWORD)
    assert unknown[0] == 422


def test_a_password_is_hashed_for_an_unknown_account_too(whole: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Constant time without a clock: the same work is asked for, on a hash of nobody's."""
    from app.access.operators import passwords

    seen: list[str] = []
    real = passwords._HASHER.verify

    class Watched:
        hash = staticmethod(passwords._HASHER.hash)

        @staticmethod
        def verify(stored: str, password: str) -> bool:
            seen.append(stored)
            return real(stored, password)

    monkeypatch.setattr(passwords, "_HASHER", Watched)
    passwords._nobodys.cache_clear()
    assert passwords.verify_password(None, "nobody has this password") is False
    assert len(seen) == 1
    passwords._nobodys.cache_clear()


def test_m8_ten_tries_for_an_account_from_an_address_then_a_pause(person: Person, clock: SettableClock) -> None:
    """ASVS 6.3.1: even the right password is not looked at; a quarter of an hour later it is."""
    stranger = Person(person.app, clock, address="198.51.100.1")
    tried = [stranger.post("/console/sign-in", email=person.email, password="wrong").status_code for _ in range(11)]
    assert tried == [422] * 10 + [429]
    assert stranger.post("/console/sign-in", email=person.email, password=PASSWORD).status_code == 429
    clock.advance(minutes=15)
    assert stranger.post("/console/sign-in", email=person.email, password=PASSWORD).status_code == 303


def test_m8_a_stranger_who_tries_does_not_keep_the_operator_out(person: Person, clock: SettableClock) -> None:
    stranger = Person(person.app, clock, address="198.51.100.1")
    for _ in range(10):
        stranger.post("/console/sign-in", email=person.email, password="wrong")
    assert person.sign_in().status_code == 200


def test_m8_many_addresses_together_are_slowed_down_for_an_account(person: Person, clock: SettableClock) -> None:
    def one_try(number: int) -> int:
        stranger = Person(person.app, clock, address=f"198.51.100.{number}")
        return stranger.post("/console/sign-in", email=person.email, password="wrong").status_code

    assert [one_try(number) for number in range(21)][-1] == 429


def test_m8_codes_are_counted_as_passwords_are(person: Person, clock: SettableClock) -> None:
    clock.advance(seconds=31)
    assert person.post("/console/sign-in", email=person.email, password=PASSWORD).status_code == 303
    path = "/console/sign-in/code"
    tried = [person.post(path, page=path, code="000000").status_code for _ in range(10)]
    assert tried == [422] * 9 + [429]
    assert person.post(path, page=path, code=person.code()).status_code == 429


def test_a_code_works_once(person: Person, clock: SettableClock) -> None:
    """RFC 6238 5.2; ASVS 6.5.1."""
    person.sign_in()
    other = Person(person.app, clock, secret=person.secret)
    other.post("/console/sign-in", email=person.email, password=PASSWORD)
    path = "/console/sign-in/code"
    assert other.post(path, page=path, code=person.code()).status_code == 422


def test_a_recovery_code_works_once_instead_of_the_phone(person: Person, clock: SettableClock) -> None:
    assert len(person.codes) == 10
    path = "/console/sign-in/code"
    for expected in (303, 422):
        browser = Person(person.app, clock)
        browser.post("/console/sign-in", email=person.email, password=PASSWORD)
        assert browser.post(path, page=path, code=person.codes[0].upper()).status_code == expected


def test_the_password_alone_opens_nothing_and_is_good_for_ten_minutes(person: Person, clock: SettableClock) -> None:
    person.post("/console/sign-in", email=person.email, password=PASSWORD)
    assert person.get("/console/").status_code == 303
    assert person.get("/console/account").status_code == 303
    clock.advance(minutes=10)
    response = person.post("/console/sign-in/code", code=person.code())
    assert (response.status_code, response.headers["Location"]) == (303, "/console/sign-in")


def test_failures_are_audited_with_their_step_and_the_address_can_be_erased(person: Person, whole: Flask) -> None:
    person.post("/console/sign-in", email=person.email, password="wrong")
    refused = next(event for event in events(whole) if event["name"] == "operator.refused")
    assert refused["details"] == {"step": "password"}
    assert refused["personal"]["address"] == person.address
    assert "wrong" not in str(refused)


# Forms


def test_m8_every_route_that_changes_something_refuses_a_form_of_another_site(person: Person, whole: Flask) -> None:
    """CSRF: made from the route table, so that no later route is forgotten."""
    person.sign_in()
    routes = [rule for rule in whole.url_map.iter_rules() if rule.rule.startswith("/console/")]
    posts = [rule for rule in routes if "POST" in (rule.methods or ())]
    assert len(posts) >= 6
    for rule in posts:
        path = rule.rule
        for argument in rule.arguments:
            path = path.replace(f"<{argument}>", "x")
        assert person.post(path, token="").status_code == 403, path
        assert person.post(path, token="f" * 64).status_code == 403, path
    assert person.get("/console/").status_code == 200  # nor was the session ended by one of them


@pytest.mark.parametrize("header", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_m8_a_form_that_the_browser_says_comes_from_elsewhere_is_refused(
    person: Person, header: dict[str, str]
) -> None:
    person.browser.environ_base.update(
        {f"HTTP_{name.upper().replace('-', '_')}": text for name, text in header.items()}
    )
    assert person.post("/console/sign-in", email=person.email, password=PASSWORD).status_code == 403


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example", "/\\evil.example", "/console/../api", "javascript:1", "/oauth2"]
)
def test_a_sign_in_leads_to_the_console_and_nowhere_else(person: Person, path: str) -> None:
    """CWE-601."""
    page = person.sign_in(path)
    assert page.request.path == "/console/"


def test_after_signing_in_the_page_that_was_asked_for_comes(person: Person) -> None:
    asked = person.get("/console/account")
    assert asked.headers["Location"] == "/console/sign-in?next=%2Fconsole%2Faccount"
    assert "Where you are signed in" in person.sign_in("/console/account").text


# Sessions


def token_of(person: Person) -> str:
    cookie = person.browser.get_cookie("portico-console")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    return cookie.value


def test_m8_each_step_gives_the_browser_another_token(person: Person, clock: SettableClock) -> None:
    """Session fixation (ASVS 7.2.4): a token from before is worth nothing after."""
    clock.advance(seconds=31)
    person.browser.set_cookie("portico-console", "planted-by-somebody-else-000000000000000000")
    person.post("/console/sign-in", email=person.email, password=PASSWORD)
    half = token_of(person)
    assert not half.startswith("planted")
    person.post("/console/sign-in/code", page="/console/sign-in/code", code=person.code())
    assert token_of(person) != half
    thief = Person(person.app, clock)
    thief.browser.set_cookie("portico-console", half)
    assert thief.get("/console/").status_code == 303


def test_m8_a_token_in_another_browser_opens_nothing(person: Person, clock: SettableClock) -> None:
    """Session protection `strong`; X-Forwarded-For is nobody's word."""
    person.sign_in()
    thief = Person(person.app, clock, address="198.51.100.1")
    thief.browser.set_cookie("portico-console", token_of(person))
    thief.browser.environ_base["HTTP_X_FORWARDED_FOR"] = person.address
    assert thief.get("/console/").status_code == 303


def test_a_made_up_remember_me_cookie_opens_nothing(person: Person) -> None:
    person.browser.set_cookie("remember_token", "opr-1|" + "0" * 128)
    assert person.get("/console/").status_code == 303


def test_a_session_ends_after_half_an_hour_without_use(person: Person, clock: SettableClock) -> None:
    """ASVS 7.3.1."""
    person.sign_in()
    clock.advance(minutes=29)
    assert person.get("/console/").status_code == 200
    clock.advance(minutes=30)
    assert person.get("/console/").status_code == 303


def test_a_session_ends_after_twelve_hours_whatever_was_used(person: Person, clock: SettableClock) -> None:
    """ASVS 7.3.2."""
    person.sign_in()
    for _ in range(35):
        clock.advance(minutes=20)
        assert person.get("/console/").status_code == 200
    clock.advance(minutes=21)
    assert person.get("/console/").status_code == 303


def test_signing_out_ends_the_session_on_the_server(person: Person, clock: SettableClock, whole: Flask) -> None:
    """ASVS 7.4.1: the token opens nothing even if somebody kept it."""
    person.sign_in()
    kept = token_of(person)
    assert person.post("/console/sign-out", page="/console/").status_code == 303
    person.browser.set_cookie("portico-console", kept)
    assert person.get("/console/").status_code == 303
    assert "operator.signed_out" in names(whole)


def test_an_operator_ends_another_session_of_theirs_and_of_nobody_else(person: Person, clock: SettableClock) -> None:
    """ASVS 7.4.3 and 7.5.2; row T9 for an id of somebody else's."""
    person.sign_in()
    second = Person(person.app, clock, agent="Chrome", secret=person.secret)
    second.sign_in()
    colleague = Person(person.app, clock, email="odd@yourcompany.example")
    colleague.enrol()
    colleague.sign_in()
    page = second.get("/console/account").text
    assert "Firefox" in page
    path = page.split("<main")[1].split('action="')[1].split('"')[0]
    assert path.endswith("/end")
    assert colleague.post(path, page="/console/account").status_code == 404
    assert person.get("/console/").status_code == 200
    assert second.post(path, page="/console/account").status_code == 303
    assert person.get("/console/").status_code == 303
    assert second.get("/console/").status_code == 200


def test_another_password_ends_the_other_sessions(person: Person, clock: SettableClock) -> None:
    """ASVS 6.2.3 and 7.4.3: the present one is asked for."""
    person.sign_in()
    second = Person(person.app, clock, secret=person.secret)
    second.sign_in()
    path, page = "/console/account/password", "/console/account"
    new = "nine tall pine trees"
    assert second.post(path, page=page, old_password="wrong", password=new).status_code == 422
    assert second.post(path, page=page, old_password=PASSWORD, password="short").status_code == 422
    assert second.post(path, page=page, old_password=PASSWORD, password=new).status_code == 200
    assert person.get("/console/").status_code == 303
    assert second.get("/console/").status_code == 200


def test_after_half_an_hour_an_act_on_the_account_asks_for_a_new_sign_in(person: Person, clock: SettableClock) -> None:
    """ASVS 7.5.1: fresh sign-in."""
    person.sign_in()
    for _ in range(2):
        clock.advance(minutes=16)
        assert person.get("/console/account").status_code == 200
    response = person.post("/console/account/sessions/end-others", page="/console/account")
    assert response.headers["Location"].startswith("/console/sign-in")
    assert "E-mail" in person.get("/console/sign-in").text
    assert person.sign_in().status_code == 200


def test_a_disabled_operator_is_out_at_the_next_request(person: Person, whole: Flask, clock: SettableClock) -> None:
    """ASVS 7.4.2."""
    person.sign_in()
    Person(whole, clock, email="odd@yourcompany.example").enrol()  # the last one is not disabled
    with whole.app_context():
        disable_operator(person.email, actor=OPERATOR, now=clock())
    assert person.get("/console/").status_code == 303
    assert "operator.disabled" in names(whole)


def test_o14_on_https_the_cookies_carry_the_host_prefix(
    database_url: str, clock: SettableClock, tmp_path: Path
) -> None:
    settings: dict[str, Any] = {"env": "production", "base_url": "https://sso.example.com"}
    settings["mail_url"] = "smtps://mail.example.com:465"
    with whole_app(database_url, clock, tmp_path, **settings) as app:
        cookies = app.test_client().get("/console/sign-in").headers.getlist("Set-Cookie")
    assert [cookie.split("=")[0] for cookie in cookies] == ["__Host-portico-csrf"]
    assert all("Secure" in cookie and "HttpOnly" in cookie for cookie in cookies)


def test_every_page_needs_a_sign_in_but_those_that_make_one(whole: Flask, clock: SettableClock) -> None:
    """Made from the route table, so that no later page is forgotten."""
    open_paths = {"/console/language", "/console/sign-in", "/console/sign-in/code", "/console/enrol/<token>"}
    stranger = Person(whole, clock)
    for rule in whole.url_map.iter_rules():
        if not rule.rule.startswith("/console/") or rule.rule in open_paths:
            continue
        path = rule.rule
        for argument in rule.arguments:
            path = path.replace(f"<{argument}>", "x")
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        response = stranger.get(path) if method == "GET" else stranger.post(path)
        assert response.status_code == 303, path
        assert response.headers["Location"].startswith("/console/sign-in"), path
