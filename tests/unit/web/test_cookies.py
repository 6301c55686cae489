"""Cookies: `__Host-` on https, and what of ours is read back (O14; RFC 6265bis 4.1.3.2)."""

from __future__ import annotations

import pytest
from flask import Flask, Response
from flask import request as current

from app.web.cookies import Cookie, browser_cookie

VALUE = "v" * 43


def header(cookie: Cookie) -> str:
    response = Response()
    cookie.write(response, VALUE)
    return response.headers["Set-Cookie"]


def test_on_https_the_browser_cookie_comes_with_the_post_of_another_site() -> None:
    set_cookie = header(browser_cookie(secure=True))
    assert set_cookie.startswith(f"__Host-portico-browser={VALUE};")
    for attribute in ("Secure", "HttpOnly", "SameSite=None", "Path=/"):
        assert attribute in set_cookie
    assert "Domain" not in set_cookie


def test_on_http_it_is_lax_and_has_no_prefix() -> None:
    set_cookie = header(browser_cookie(secure=False))
    assert set_cookie.startswith(f"portico-browser={VALUE};")
    assert "SameSite=Lax" in set_cookie
    assert "Secure" not in set_cookie


def test_any_other_cookie_stays_in_its_site() -> None:
    assert "SameSite=Lax" in header(Cookie("session", secure=True))


@pytest.mark.parametrize("value", ["", "short", "a" * 129, "spaces in it, and more of them", "ü" * 30])
def test_a_value_that_is_not_one_of_ours_is_none(app: Flask, value: str) -> None:
    with app.test_request_context(headers={"Cookie": f"portico-browser={value}"}):
        assert browser_cookie(secure=False).read(current) is None
    with pytest.raises(ValueError, match="not a value"):
        browser_cookie(secure=False).write(Response(), value)


def test_what_was_written_is_read(app: Flask) -> None:
    with app.test_request_context(headers={"Cookie": f"portico-browser={VALUE}"}):
        assert browser_cookie(secure=False).read(current) == VALUE
        assert browser_cookie(secure=True).read(current) is None
