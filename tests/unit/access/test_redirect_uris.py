"""Addresses of clients: what may be registered at all (row O1). Comparison later is byte for byte."""

from __future__ import annotations

import pytest

from app.access.redirect_uris import origin_of, origins_problems, uri_problems, uris_problems


@pytest.mark.parametrize(
    "uri",
    [
        "https://tenant.eu.auth0.com/login/callback",
        "https://login.acme.example:8443/cb?fixed=1",
        "http://127.0.0.1:3000/callback",
        "http://[::1]:3000/callback",
        "http://localhost/callback",
        "http://auth0.localhost:8080/login/callback",
        "https://example.com",
    ],
)
def test_an_absolute_https_address_may_be_registered(uri: str) -> None:
    """OIDC Registration 2; http only where the host can only be this machine (RFC 8252 8.3)."""
    assert list(uri_problems("redirect_uris", uri)) == []


@pytest.mark.parametrize(
    "uri",
    [
        "",
        None,
        5,
        "/callback",
        "//evil.example/cb",
        "callback",
        "http://example.com/cb",
        "http://127.0.0.1.evil.example/cb",
        "http://localhost.evil.example/cb",
        "http://2130706433/cb",
        "ftp://example.com/cb",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//https://example.com",
        "data:text/html,x",
        "com.acme.app:/callback",
        "https:///cb",
        "https://",
        "https://example.com/cb#fragment",
        "https://example.com/cb#",
        "https://*.example.com/cb",
        "https://example.com/*",
        "https://user@example.com/cb",
        "https://example.com@evil.example/cb",
        "https://example.com\\@evil.example/cb",
        "https://example.com/a/../b",
        "https://example.com/a/%2e%2e/b",
        "https://example.com/a%2f..%2fb",
        "https://example.com/./b",
        "https://example.com:99999/cb",
        "https://example.com:port/cb",
        "https://exa mple.com/cb",
        "https://example.com/cb\r\nX: y",
        "https://example.com/\x00",
        "https://bücher.example/cb",
        "https://[::1/cb",
        "https://example.com/" + "a" * 2000,
    ],
    ids=str,
)
def test_what_a_browser_could_read_otherwise_may_not_be_registered(uri: object) -> None:
    """O1, RFC 9700 2.1: no fragment, user, wildcard, dot segment, foreign scheme or character outside of RFC 3986."""
    assert list(uri_problems("redirect_uris", uri))


def test_each_bad_address_of_a_list_is_named() -> None:
    """Problems carry the position."""
    problems = list(uris_problems("redirect_uris", ["https://a.example/", "nothing", "http://b.example/"]))
    assert [problem.field for problem in problems] == ["redirect_uris[1]", "redirect_uris[2]"]


@pytest.mark.parametrize("value", [None, "https://a.example/", ["https://a.example/"] * 2, ["https://a.example/"] * 51])
def test_a_list_is_a_list_of_different_addresses(value: object) -> None:
    """A text is no list, and a list names an address once."""
    assert list(uris_problems("redirect_uris", value))


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Tenant.Example/v2/logout?x=1", "https://tenant.example"),
        ("https://tenant.example:443/", "https://tenant.example"),
        ("https://tenant.example:8443", "https://tenant.example:8443"),
        ("http://[::1]:3000/x", "http://[::1]:3000"),
        ("http://tenant.example/", None),
        ("https://user@tenant.example/", None),
        ("https://tenant.example/\\evil.example", None),
        ("//tenant.example/", None),
        ("javascript:alert(1)", None),
        (None, None),
    ],
)
def test_an_address_has_one_origin_or_none(address: str | None, origin: str | None) -> None:
    """Only of what could be registered; host in lower case, no default port (RFC 6454 4)."""
    assert origin_of(address) == origin


@pytest.mark.parametrize("origin", ["https://tenant.example/", "https://Tenant.example", "https://*.example", "x", 7])
def test_an_origin_has_one_spelling(origin: object) -> None:
    """Compared as text later."""
    assert list(origins_problems("post_logout_redirect_origins", [origin]))
    assert list(origins_problems("post_logout_redirect_origins", ["https://tenant.example"])) == []
    assert list(origins_problems("post_logout_redirect_origins", ["https://a.example", "https://a.example"]))
