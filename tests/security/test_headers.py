"""Rows O11 and O14: headers on every route, and nothing taken from Host or X-Forwarded-*."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask, Response, request

from app.settings import Settings
from app.web import TEMPLATES, init_web
from app.web.actions import render_action
from app.web.metrics import Metrics
from portico_sdk import FormPost
from tests.support.clock import SettableClock
from tests.support.whole_app import whole_app

PATHS = ["/healthz", "/readyz", "/metrics", "/nothing", "/crash", "/static/x/y", "/sso/saml/con-1/acs", "/oauth2/x"]


def make(base_url: str, hops: int = 0) -> Flask:
    secure = base_url.startswith("https")
    settings = Settings(
        base_url=base_url,
        env="production" if secure else "development",
        encryption_keys=("x",),
        trusted_proxy_hops=hops,
    )
    app = Flask("app", static_folder=None, template_folder=str(TEMPLATES))
    init_web(app, settings, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC), metrics=Metrics())

    def post_form() -> Response:
        return render_action(FormPost("https://idp.example/", {}))

    def crash() -> str:
        raise RuntimeError

    app.add_url_rule("/crash", "crash", crash)
    app.add_url_rule("/form", "form", post_form)
    app.add_url_rule("/who", "who", lambda: f"{request.remote_addr} {request.scheme} {request.host}")
    return app


@pytest.mark.parametrize("path", [*PATHS, "/form"])
def test_every_answer_carries_the_headers(path: str) -> None:
    """O14: no framing, no sniffing, no referrer, no inline script, HSTS, on success and on every error."""
    headers = make("https://sso.example.com").test_client().get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Strict-Transport-Security"].startswith("max-age=63072000")
    assert headers["Cache-Control"] == "no-store"
    for name in headers:
        assert len(headers.getlist(name[0])) == 1, name


def test_http_sends_no_hsts() -> None:
    assert "Strict-Transport-Security" not in make("http://127.0.0.1:8000").test_client().get("/healthz").headers


@pytest.mark.parametrize("path", PATHS)
def test_only_pages_that_post_elsewhere_may_post_elsewhere(path: str) -> None:
    """`form-action` is 'self' everywhere but on SAML-POST and form_post pages."""
    policy = make("https://sso.example.com").test_client().get(path).headers["Content-Security-Policy"]
    assert "form-action 'self';" in policy


def test_a_form_post_page_may_post_to_https_and_in_development_to_http() -> None:
    production = make("https://sso.example.com").test_client().get("/form").headers["Content-Security-Policy"]
    development = make("http://127.0.0.1:8000").test_client().get("/form").headers["Content-Security-Policy"]
    assert "form-action 'self' https:;" in production
    assert "form-action 'self' https: http:;" in development


def test_pages_of_a_sign_in_keep_a_popup_and_its_opener_together() -> None:
    """Auth0's `loginWithPopup` waits for a message from its popup; an opener policy on our pages would end it."""
    client = make("https://sso.example.com").test_client()
    for path in ("/oauth2/authorize", "/sso/saml/con-1/acs", "/login/callback"):
        assert "Cross-Origin-Opener-Policy" not in client.get(path).headers
    assert client.get("/console/").headers["Cross-Origin-Opener-Policy"] == "same-origin"


FORGED = {
    "Host": "evil.example",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Port": "443",
    "X-Forwarded-Prefix": "/evil",
    "Forwarded": "for=9.9.9.9;host=evil.example;proto=https",
    "X-Forwarded-For": "9.9.9.9, 8.8.8.8",
}


def test_no_forwarded_header_is_believed_by_default() -> None:
    """O11: without configured hops the caller's address is the socket's."""
    answer = make("http://127.0.0.1:8000").test_client().get("/who", headers=FORGED)
    assert answer.text.startswith("127.0.0.1 http ")


def test_exactly_the_configured_hops_are_believed_and_only_for_the_address() -> None:
    """O11: one hop takes the last entry, never the one a caller put before it, and neither scheme nor prefix."""
    answer = make("http://127.0.0.1:8000", hops=1).test_client().get("/who", headers=FORGED)
    assert answer.text == "8.8.8.8 http evil.example"


@pytest.mark.parametrize("path", ["/", "//healthz", "/healthz/", "/healthz//", "/nothing", "/crash", "/form"])
def test_a_forged_host_is_never_quoted(path: str) -> None:
    """O11: no redirect, link or error page repeats the Host header."""
    answer = make("http://127.0.0.1:8000").test_client().get(path, headers=FORGED)
    assert "evil.example" not in answer.text
    assert "evil.example" not in str(answer.headers)


@pytest.fixture
def whole(database_url: str, clock: SettableClock, tmp_path: Path) -> Iterator[Flask]:
    with whole_app(database_url, clock, tmp_path, base_url="https://sso.example.com", env="production") as app:
        yield app


def test_every_route_and_method_of_the_gateway_carries_the_headers(whole: Flask) -> None:
    """O14: the matrix is the application's own map of routes, so that a route added later is in it."""
    client = whole.test_client()
    seen = 0
    for rule in whole.url_map.iter_rules():
        path = re.sub(r"<[^>]+>", "x", rule.rule)
        for method in sorted(rule.methods or ()):
            headers = client.open(path, method=method).headers
            seen += 1
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], (method, path)
            assert "unsafe" not in headers["Content-Security-Policy"], (method, path)
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "no-referrer"
            assert "includeSubDomains" in headers["Strict-Transport-Security"]
            assert headers["Cache-Control"]
            for cookie in headers.getlist("Set-Cookie"):
                assert cookie.startswith("__Host-portico-")
                assert "Secure" in cookie
                assert "HttpOnly" in cookie
                assert "SameSite=" in cookie
    assert seen > 60


def test_no_route_of_the_gateway_quotes_a_forged_host(whole: Flask) -> None:
    """O11: issuer, metadata, redirects and pages come from the configured base URL alone."""
    client = whole.test_client()
    for rule in whole.url_map.iter_rules():
        path = re.sub(r"<[^>]+>", "x", rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD"}):
            answer = client.open(path, method=method, headers=FORGED)
            assert "evil.example" not in answer.text, (method, path)
            assert "evil.example" not in str(answer.headers), (method, path)
    discovery = client.get("/.well-known/openid-configuration", headers=FORGED).json
    assert discovery is not None
    assert discovery["issuer"] == "https://sso.example.com"
