"""Row M8: forms that change something come from our own pages, in this browser, or are refused."""

from __future__ import annotations

import re

import pytest
from flask import Blueprint, Flask, render_template_string
from flask.testing import FlaskClient

from app.web.cookies import Cookie
from app.web.csrf import NotOurForm, check_form, init_csrf, protect, token_for

ORIGIN = "https://sso.example.com"
PAGE = '<input name="csrf_token" value="{{ csrf_token() }}">'


@pytest.fixture
def client() -> FlaskClient:
    app = Flask(__name__)
    init_csrf(app, secure=False)
    pages = Blueprint("pages", __name__)
    protect(pages, origin=ORIGIN)
    pages.add_url_rule("/form", "form", lambda: render_template_string(PAGE))
    pages.add_url_rule("/form", "send", lambda: "done", methods=["POST"])
    visit = Cookie("visit", secure=False)

    def of_a_visit() -> str:
        from flask import request

        check_form(visit.read(request), origin=ORIGIN)
        return "done"

    app.register_blueprint(pages)
    app.add_url_rule("/visit", "visit", of_a_visit, methods=["POST"])
    app.register_error_handler(NotOurForm, lambda error: (error.public, 403))
    return app.test_client()


def token_on(client: FlaskClient) -> str:
    found = re.search(r'value="([0-9a-f]{64})"', client.get("/form").text)
    assert found
    return found[1]


def test_a_form_of_this_browser_is_accepted_before_any_session(client: FlaskClient) -> None:
    assert client.post("/form", data={"csrf_token": token_on(client)}).status_code == 200


def test_the_page_does_not_show_what_the_cookie_holds(client: FlaskClient) -> None:
    shown = token_on(client)
    cookie = client.get_cookie("portico-csrf")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.value not in shown
    assert token_for(cookie.value) == shown


@pytest.mark.parametrize("token", ["", "0" * 64, "ä", "\ud800"])
def test_another_token_is_refused(client: FlaskClient, token: str) -> None:
    token_on(client)
    body = b"csrf_token=" + token.encode(errors="surrogatepass")
    sent = client.post("/form", data=body, content_type="application/x-www-form-urlencoded")
    assert sent.status_code == 403


def test_a_token_of_another_browser_is_refused(client: FlaskClient) -> None:
    stolen = token_on(client.application.test_client())
    token_on(client)
    assert client.post("/form", data={"csrf_token": stolen}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": f"{ORIGIN}.evil.example"},
        {"Origin": "http://sso.example.com"},
    ],
)
def test_another_origin_is_refused_although_the_token_is_right(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.post("/form", data={"csrf_token": token_on(client)}, headers=headers).status_code == 403


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}, {"Origin": "null"}])
def test_our_own_pages_are_accepted(client: FlaskClient, headers: dict[str, str]) -> None:
    """Our Referrer-Policy makes browsers send `Origin: null`."""
    assert client.post("/form", data={"csrf_token": token_on(client)}, headers=headers).status_code == 200


def test_a_visit_takes_only_forms_made_for_its_own_cookie(client: FlaskClient) -> None:
    """Not those of another visit, nor of this browser without a visit, nor of no visit at all."""
    mine, other = "a" * 43, "b" * 43
    assert client.post("/visit", data={"csrf_token": token_for("")}).status_code == 403
    client.set_cookie("portico-visit", mine)
    for wrong in (token_for(other), token_on(client), ""):
        assert client.post("/visit", data={"csrf_token": wrong}).status_code == 403
    assert client.post("/visit", data={"csrf_token": token_for(mine)}).status_code == 200
