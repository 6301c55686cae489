"""R3: the token endpoint's answer, and how the client proves itself (RFC 6749 2.3.1, 4.1.3, 5.1; RFC 7636)."""

from __future__ import annotations

import logging
from base64 import b64decode
from typing import Any
from urllib.parse import parse_qs

import pytest

from portico_oidc.testing import CALLBACK, FakeHttp, FakeProvider, World, json_answer
from portico_sdk import HttpResponse, ProviderRefused, ProviderUnreachable

TOKEN = "https://idp.test/token"


@pytest.mark.parametrize(
    "answer",
    [
        HttpResponse(200, {"content-type": "text/html"}, b"<html>sorry</html>"),
        HttpResponse(200, {"content-type": "application/x-www-form-urlencoded"}, b"access_token=a&id_token=b"),
        HttpResponse(200, {}, b'{"access_token": "a"}'),
        HttpResponse(200, {"content-type": "application/json"}, b""),
        HttpResponse(200, {"content-type": "application/json"}, b"[]"),
        HttpResponse(200, {"content-type": "application/json"}, b"null"),
        HttpResponse(200, {"content-type": "application/json"}, b"[" * 100_000),
        HttpResponse(200, {"content-type": "application/json"}, b"access_token=a&id_token=b"),
        HttpResponse(200, {"content-type": "application/json"}, b"\xff\xfe"),
        HttpResponse(302, {"location": "https://evil.test/"}, b""),
        HttpResponse(302, {"location": "https://evil.test/", "content-type": "application/json"}, b"{}"),
        HttpResponse(500, {"content-type": "application/json"}, b'{"access_token": "a", "id_token": "b"}'),
        json_answer({"access_token": 1, "token_type": "Bearer", "id_token": "x"}),
        json_answer({"access_token": "a", "token_type": "mac", "id_token": "x"}),
        json_answer({"access_token": "a", "token_type": "Bearer", "expires_in": "soon", "id_token": "x"}),
        json_answer({"access_token": "a", "token_type": "Bearer", "expires_in": [1], "id_token": "x"}),
        json_answer({"access_token": "a", "token_type": ["Bearer"], "id_token": "x"}),
    ],
)
def test_answers_that_are_no_token_response(world: World, answer: HttpResponse) -> None:
    """R3: HTML, redirects, forms and broken JSON carry no token, and are not followed."""
    world.provider.answers[TOKEN] = answer
    callback = world.provider.sign_in(world.begin())
    with pytest.raises((ProviderUnreachable, ProviderRefused)):
        world.complete(callback)
    assert not [request for request in world.http.sent if "evil" in request.url]


@pytest.mark.parametrize("id_token", [None, 1, {"a": 1}, ["x"]])
def test_an_answer_without_an_id_token(world: World, id_token: Any) -> None:
    """Core 3.1.3.3: an access token alone proves nobody."""
    world.provider.tokens = {"id_token": id_token}
    assert world.refusal() == "id-token-missing"


@pytest.mark.parametrize("status", [200, 400, 401])
def test_an_error_is_quoted(world: World, status: int) -> None:
    """RFC 6749 5.2: the operator reads the provider's words."""
    error = {"error": "invalid_client", "error_description": "AADSTS7000222: expired secret"}
    world.provider.answers[TOKEN] = json_answer(error, status)
    with pytest.raises(ProviderRefused, match="AADSTS7000222") as refused:
        world.login()
    assert refused.value.code == "token-refused"


@pytest.mark.parametrize(
    "extra",
    [
        {"token_type": "bearer"},
        {"token_type": None},
        {"expires_in": "3600"},
        {"expires_in": 3600.5},
        {"scope": "something else entirely"},
        {"refresh_token": "r", "unknown": {"a": 1}},
    ],
)
def test_answers_that_differ_harmlessly(world: World, extra: dict[str, Any]) -> None:
    """Granting other scopes, or writing a number as text, locks nobody out."""
    world.provider.tokens = extra
    assert world.login().subject == "alice"


@pytest.mark.parametrize(
    ("configured", "offered", "basic"),
    [
        (None, None, True),
        (None, ["client_secret_post", "client_secret_basic"], True),
        (None, ["client_secret_post"], False),
        ("client_secret_post", ["client_secret_basic"], False),
        ("client_secret_basic", ["client_secret_post"], True),
    ],
)
def test_client_authentication(world: World, configured: str | None, offered: list[str] | None, basic: bool) -> None:
    """As configured, else what is offered, basic first (Discovery 3); the secret is sent once, in one place."""
    world.changes["token_endpoint_auth_method"] = configured
    world.provider.discovery["token_endpoint_auth_methods_supported"] = offered
    assert world.login().subject == "alice"
    [request] = world.http.sent_to(TOKEN)
    form = parse_qs(request.body.decode())
    assert ("authorization" in request.headers) is basic
    assert ("client_secret" in form) is not basic
    assert ("client_id" in form) is not basic


def test_basic_credentials_are_form_encoded(world: World) -> None:
    """RFC 6749 2.3.1: a secret with special characters arrives whole."""
    world.login()
    [request] = world.http.sent_to(TOKEN)
    assert b64decode(request.headers["authorization"][6:]) == b"client-1:s3cret%2B%2F+%25"


def test_the_request_proves_possession_of_the_verifier(world: World) -> None:
    """RFC 7636 4.5: code, verifier and redirect URI of this very request, in the body of a POST."""
    begun = world.begin()
    callback = world.provider.sign_in(begun)
    world.complete(callback)
    [request] = world.http.sent_to(TOKEN)
    form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
    assert request.method == "POST"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert form == {
        "grant_type": "authorization_code",
        "code": callback.single("code"),
        "code_verifier": begun.state["code_verifier"],
        "redirect_uri": CALLBACK,
    }


def test_plain_http_of_an_allowed_local_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Development: what the guard allows works, without a variable that would allow it everywhere."""
    monkeypatch.delenv("OAUTHLIB_INSECURE_TRANSPORT", raising=False)
    provider = FakeProvider("http://idp.localhost:9000")
    world = World(provider)
    world.http = FakeHttp(provider.answer, allow=frozenset({"http://idp.localhost:9000"}))
    assert world.begin().action.url.startswith("http://idp.localhost:9000/authorize?")
    assert world.login().subject == "alice"
    world.http = FakeHttp(provider.answer)
    assert world.refusal() == "outbound-url-refused"


def test_nothing_secret_is_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """O15: even at DEBUG the libraries below write neither code nor secret nor token."""
    with caplog.at_level(logging.DEBUG):
        begun = world.begin()
        callback = world.provider.sign_in(begun)
        world.complete(callback)
    for secret in (callback.single("code"), "s3cret", "access-1", begun.state["code_verifier"], begun.state["nonce"]):
        assert str(secret) not in caplog.text
