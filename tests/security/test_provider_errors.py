"""Errors of the provider (item 8; rows O1, O8, O10, O11, O12, O15): where they go, what they say, and what finds them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from werkzeug.test import TestResponse

from tests.support.provider import CHALLENGE, REDIRECT_URI, Provider

REFERENCE = re.compile(r"Reference ([0-9a-f]{32})$")
MACHINES = ("/oauth2/token", "/oauth2/revoke", "/oauth2/userinfo")


@pytest.fixture
def client(provider: Provider) -> dict[str, Any]:
    return provider.client()


def asked(client: dict[str, Any], **instead: str | None) -> dict[str, str]:
    """A request that is in order, but for what replaces it."""
    good: dict[str, str | None] = {
        "client_id": client["client_id"],
        "redirect_uri": REDIRECT_URI,
        "response_type": "code",
        "scope": "openid",
        "state": "s 1+/=&",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **instead,
    }
    return {name: value for name, value in good.items() if value is not None}


def authorize(provider: Provider, parameters: dict[str, str], method: str = "GET") -> TestResponse:
    if method == "POST":
        return provider.browser.post("/oauth2/authorize", data=parameters)
    return provider.browser.get(f"/oauth2/authorize?{urlencode(parameters)}")


def returned(response: TestResponse) -> dict[str, str]:
    """The parameters of a redirect to the client, each once."""
    assert response.status_code == 303, response.text
    assert response.location.startswith(f"{REDIRECT_URI}?")
    return {name: value for name, (value,) in parse_qs(urlsplit(response.location).query).items()}


FOREIGN = [
    "https://evil.example/login/callback",
    "https://tenant.example.evil.example/login/callback",
    f"{REDIRECT_URI}/extra",
    f"{REDIRECT_URI}/..;/",
    f"{REDIRECT_URI}/%2e%2e",
    f"{REDIRECT_URI}/../callback",
    "https://tenant.example//login/callback",
    f"{REDIRECT_URI}/",
    f"{REDIRECT_URI}?a=b",
    f"{REDIRECT_URI}#a",
    f"{REDIRECT_URI}%00",
    "https://tenant.example@evil.example/login/callback",
    "https://a@tenant.example@evil.example/login/callback",
    "https://tenant.example\\@evil.example/login/callback",
    "https://TENANT.example/login/callback",
    "HTTPS://tenant.example/login/callback",
    "https://tenant.example/Login/callback",
    "https://tenant.example:443/login/callback",
    "https://tenant.example:8443/login/callback",
    "https://*.example/login/callback",
    "https://tenant.example/*",
    "http://tenant.example/login/callback",
    "http://localhost/login/callback",
    "http://localhost.evil.example/login/callback",
    "http://127.0.0.1/login/callback",
    "http://[::1]/login/callback",
    "//tenant.example/login/callback",
    "/login/callback",
    "JaVaScRiPt:alert(1)//tenant.example/login/callback",
    "data:text/html,x",
    f" {REDIRECT_URI}",
    f"{REDIRECT_URI}\r\nX-Injected: 1",
    "https://tenant\u3002example/login/callback",
    "",
]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("uri", FOREIGN)
def test_o1_an_address_that_is_not_exactly_registered_gets_a_page_and_never_a_redirect(
    provider: Provider, client: dict[str, Any], uri: str, method: str
) -> None:
    """RFC 9700 2.1 and 4.11; also when something else is wrong, so that no error redirects before the address is proven."""
    for instead in ({}, {"response_type": "token"}, {"scope": "x"}, {"prompt": "none"}, {"request_uri": uri}):
        response = authorize(provider, asked(client, redirect_uri=uri, **instead), method)
        assert response.status_code == 400
        assert response.content_type.startswith("text/html")
        assert "Location" not in response.headers
        assert "Refresh" not in response.headers
        assert "evil" not in response.text
        assert "X-Injected" not in response.headers


def test_o1_a_repeated_address_gets_a_page(provider: Provider, client: dict[str, Any]) -> None:
    """Two parameters of that name: whichever a parser takes, nobody is redirected."""
    for twice in ((REDIRECT_URI, REDIRECT_URI), (REDIRECT_URI, "https://evil.example/"), ("https://evil.example/", "")):
        query = urlencode(asked(client, redirect_uri=None)) + "".join(f"&redirect_uri={quote(uri)}" for uri in twice)
        response = provider.browser.get(f"/oauth2/authorize?{query}")
        assert (response.status_code, response.location) == (400, None)


def test_an_unknown_client_and_a_disabled_one_get_the_same_page(provider: Provider, client: dict[str, Any]) -> None:
    """RFC 6749 4.1.2.1: not redirected, even to an address that another client registered."""
    provider.api.ok("PATCH", f"/clients/{client['id']}", {"status": "disabled"})
    pages = [authorize(provider, asked({"client_id": name})) for name in (client["client_id"], "cli-" + "a" * 26)]
    assert [(page.status_code, page.location) for page in pages] == [(400, None)] * 2
    texts = {re.sub(r"[0-9a-f]{32}|[0-9-]{10}.[0-9:]+", "", page.text) for page in pages}
    assert len(texts) == 1


REDIRECTED = [
    ({"response_type": None}, "invalid_request"),
    ({"response_type": "token"}, "unsupported_response_type"),
    ({"response_type": "id_token"}, "unsupported_response_type"),
    ({"response_type": "code token"}, "unsupported_response_type"),
    ({"response_mode": "fragment"}, "invalid_request"),
    ({"response_mode": "web_message"}, "invalid_request"),
    ({"scope": "profile"}, "invalid_scope"),
    ({"prompt": "none login"}, "invalid_request"),
    ({"prompt": "nothing"}, "invalid_request"),
    ({"max_age": "-1"}, "invalid_request"),
    ({"max_age": "abc"}, "invalid_request"),
    ({"id_token_hint": "eyJhbGciOiJub25lIn0.e30."}, "invalid_request"),
    ({"request": "eyJhbGciOiJub25lIn0.e30."}, "request_not_supported"),
    ({"request_uri": "http://127.0.0.1:1/never-fetched"}, "request_uri_not_supported"),
    ({"registration": "{}"}, "registration_not_supported"),
    ({"code_challenge_method": "plain"}, "invalid_request"),
    ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
    ({"connection": "con-" + "a" * 26}, "access_denied"),
    ({"acr_values": "urn:portico:tenant:x"}, "invalid_request"),
    ({"prompt": "none"}, "login_required"),
]


@pytest.mark.parametrize(("instead", "error"), REDIRECTED, ids=lambda value: str(value)[:60])
def test_o8_o12_every_other_error_goes_back_with_state_iss_and_a_reference(
    provider: Provider, client: dict[str, Any], instead: dict[str, str | None], error: str
) -> None:
    """OIDC Core 3.1.2.6, RFC 9207: `state` as it was, `iss`, one sentence, and a reference that finds the trace."""
    got = returned(authorize(provider, asked(client, **instead)))
    assert set(got) == {"error", "error_description", "state", "iss"}
    assert got["error"] == error
    assert got["state"] == "s 1+/=&"
    assert got["iss"] == provider.issuer
    sentence, reference = got["error_description"].split(" Reference ")
    assert sentence.endswith(".")
    assert re.fullmatch(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+", got["error_description"]), "RFC 6749 4.1.2.1"
    trace = provider.trace(reference)
    assert trace["outcome"] == "denied"
    assert trace["client_id"] == client["client_id"]


def test_an_error_without_state_has_none(provider: Provider, client: dict[str, Any]) -> None:
    """RFC 6749 4.1.2.1: `state` only where the request had one."""
    assert "state" not in returned(authorize(provider, asked(client, state=None, scope="profile")))


def test_an_error_may_be_posted(provider: Provider, client: dict[str, Any]) -> None:
    """OAuth 2.0 Form Post Response Mode: errors take the mode that was asked for."""
    page = authorize(provider, asked(client, response_mode="form_post", scope="profile"))
    assert page.status_code == 200
    assert f'action="{REDIRECT_URI}"' in page.text
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
    assert fields["error"] == "invalid_scope"
    assert fields["iss"] == provider.issuer
    assert page.headers["Cache-Control"] == "no-store"


def test_what_we_do_not_understand_is_no_reason_for_anything(provider: Provider, client: dict[str, Any]) -> None:
    """OIDC Core 3.1.2.2, 5.5: `claims`, `display`, locales and the unknown: twice, long, malformed, doubly encoded."""
    claims = '{\n  "id_token": {"auth_time": {"essential": true}}\n}'
    odd = {"claims": claims, "display": "wall", "claims_locales": "x" * 5_000, "x": "\u0001"}
    query = urlencode(asked(client, **odd)) + "&resource=a&resource=b&claims=%257B%257D"
    page = provider.browser.get(f"/oauth2/authorize?{query}")
    assert page.status_code == 200
    assert "<form" in page.text  # asks for the work e-mail: nothing named a customer
    assert "resource" not in page.text


def test_the_client_is_told_nothing_about_targets(provider: Provider, client: dict[str, Any]) -> None:
    """Unknown, draft, disabled and forbidden targets: one sentence."""
    other = provider.api.ok("POST", "/organizations", {"name": "Other"})["id"]
    narrow = provider.client(allowed_organizations=[other])
    told = set()
    for who, target in (
        (client, {"connection": "con-" + "a" * 26}),
        (client, {"organization": other}),
        (narrow, {"connection": provider.connection}),
        (client, {"organization": "org-" + "a" * 26}),
    ):
        got = returned(authorize(provider, asked(who, **target)))
        told.add((got["error"], REFERENCE.sub("", got["error_description"])))
    assert len(told) == 1


CALLS: list[tuple[str, str, dict[str, str], dict[str, str], int, str | None]] = [
    ("POST", "/oauth2/token", {}, {}, 400, "unsupported_grant_type"),
    ("POST", "/oauth2/token", {"grant_type": "password"}, {}, 400, "unsupported_grant_type"),
    ("POST", "/oauth2/token", {"grant_type": "authorization_code", "code": "x"}, {}, 401, "invalid_client"),
    ("POST", "/oauth2/revoke", {"token": "x"}, {}, 401, "invalid_client"),
    ("GET", "/oauth2/token", {}, {}, 405, "invalid_request"),
    ("GET", "/oauth2/revoke", {}, {}, 405, "invalid_request"),
    ("GET", "/oauth2/userinfo", {}, {}, 401, None),
    ("GET", "/oauth2/userinfo", {}, {"Authorization": "Bearer nothing"}, 401, "invalid_token"),
    ("GET", "/oauth2/userinfo", {}, {"Authorization": "Bearer "}, 400, "invalid_request"),
    ("GET", "/oauth2/userinfo", {}, {"Authorization": "Basic eDp5"}, 401, None),
    ("GET", "/oauth2/userinfo?access_token=x", {}, {}, 401, None),
    ("POST", "/oauth2/userinfo", {"access_token": "nothing"}, {}, 401, "invalid_token"),
    ("POST", "/oauth2/userinfo", {"access_token": "a"}, {"Authorization": "Bearer a"}, 400, "invalid_request"),
    ("DELETE", "/oauth2/userinfo", {}, {}, 405, "invalid_request"),
    ("POST", "/.well-known/openid-configuration", {}, {}, 405, "invalid_request"),
]


@pytest.mark.parametrize(("method", "path", "form", "headers", "status", "error"), CALLS)
def test_machines_get_json_that_is_not_stored(
    provider: Provider,
    method: str,
    path: str,
    form: dict[str, str],
    headers: dict[str, str],
    status: int,
    error: str | None,
) -> None:
    """RFC 6749 5.2, RFC 7009 2.2.1, RFC 6750 3.1: status, code, one sentence with a reference, `no-store`, no page."""
    sent = {"data": form} if method == "POST" else {}
    response = provider.browser.open(path, method=method, headers=headers, **sent)
    assert response.status_code == status, response.text
    assert response.content_type == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    body = response.get_json()
    assert body.get("error") == error
    assert REFERENCE.search(body["error_description"])
    assert set(body) <= {"error", "error_description"}


def test_a_body_that_is_too_large_is_json_as_well(provider: Provider) -> None:
    response = provider.post("/oauth2/token", {"code": "x" * 3_000_000})
    assert (response.status_code, response.get_json()["error"]) == (413, "invalid_request")


def test_o10_a_bearer_challenge_says_why_but_only_to_who_showed_a_token(provider: Provider) -> None:
    """RFC 6750 3: `error` in the challenge, which is all that some clients read; none where nothing was presented."""
    nothing = provider.browser.get("/oauth2/userinfo").headers["WWW-Authenticate"]
    assert nothing == 'Bearer realm="portico"'
    wrong = provider.userinfo("nothing").headers["WWW-Authenticate"]
    assert wrong.startswith('Bearer realm="portico", error="invalid_token", error_description="The access token')


def test_a_basic_challenge_is_sent_only_to_who_came_with_a_header(provider: Provider, client: dict[str, Any]) -> None:
    """RFC 6749 5.2; a challenge hides the JSON from openid-client 6."""
    form = {"grant_type": "authorization_code", "code": "x"}
    basic = provider.post("/oauth2/token", form, Authorization="Basic eDp5")
    assert basic.headers["WWW-Authenticate"] == 'Basic realm="portico"'
    own = {**form, "client_id": client["client_id"], "client_secret": "wrong"}
    assert "WWW-Authenticate" not in provider.post("/oauth2/token", own).headers


def test_the_reference_of_a_code_is_that_of_its_login(provider: Provider, client: dict[str, Any]) -> None:
    """Item 8: the operator finds the whole journey, and in it why the token endpoint refused."""
    code = provider.code(client)
    refused = provider.redeem(code, code_verifier="b" * 43).get_json()["error_description"]
    assert refused.endswith(f" Reference {code.trace_id}")
    last = provider.trace(code.trace_id)["steps"][-1]
    assert (last["request"], last["name"], last["ok"]) == ("token", "token-refused", False)


def test_a_refused_client_has_a_trace_of_its_own(provider: Provider, client: dict[str, Any]) -> None:
    """Item 8: a wrong secret belongs to no login that we could name; the reference says what came and why not."""
    form = {"grant_type": "authorization_code", "client_id": client["client_id"], "client_secret": "wrong"}
    found = REFERENCE.search(provider.post("/oauth2/token", form).get_json()["error_description"])
    assert found is not None
    trace = provider.trace(found[1])
    assert (trace["purpose"], trace["outcome"], trace["code"]) == ("token", "denied", "invalid-client")
    assert trace["client_id"] is None, "it was claimed, not proven"
    assert trace["steps"][0]["facts"]["claimed_client"] == client["client_id"]
    assert "wrong" not in str(trace)


def test_userinfo_errors_are_found_by_their_reference(provider: Provider, client: dict[str, Any]) -> None:
    """Item 8: an unknown token has a trace of its own, one of a closed connection the trace of its login."""
    stranger = REFERENCE.search(provider.userinfo("nothing").get_json()["error_description"])
    assert stranger is not None
    assert provider.trace(stranger[1])["purpose"] == "userinfo"
    code = provider.code(client)
    token = provider.tokens(code)["access_token"]
    provider.api.ok("POST", f"/connections/{provider.connection}/deactivate")
    assert provider.userinfo(token).get_json()["error_description"].endswith(code.trace_id)


def test_revocation_is_silent_about_what_it_did_not_revoke(provider: Provider, client: dict[str, Any]) -> None:
    """RFC 7009 2.2: 200 for a live token, a dead one, an unknown one and another client's, which stays alive."""
    other = provider.client()
    mine, theirs = (provider.tokens(provider.code(who))["access_token"] for who in (client, other))
    own = {"client_id": client["client_id"], "client_secret": client["client_secret"]}
    for token in (mine, mine, theirs, "unknown", "x" * 5_000):
        response = provider.post("/oauth2/revoke", {"token": token, **own})
        assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
    assert provider.userinfo(mine).status_code == 401
    assert provider.userinfo(theirs).status_code == 200
    assert provider.post("/oauth2/revoke", own).get_json()["error"] == "invalid_request"


def test_o10_userinfo_takes_access_tokens_only_and_never_from_the_query(
    provider: Provider, client: dict[str, Any]
) -> None:
    """ID tokens, codes and secrets open nothing; a good token in the query does not either (RFC 9700 4.3.2)."""
    code = provider.code(client)
    tokens = provider.tokens(code)
    for wrong in (tokens["id_token"], code.code, client["client_secret"], tokens["access_token"].swapcase()):
        assert provider.userinfo(wrong).status_code == 401
    query = f"/oauth2/userinfo?access_token={tokens['access_token']}"
    assert provider.browser.get(query).status_code == 401
    assert provider.post(query, {}).status_code == 401
    assert provider.post("/oauth2/userinfo", {"access_token": tokens["access_token"]}).status_code == 200


def test_o11_issuer_and_endpoints_are_configured_and_never_taken_from_a_request(provider: Provider) -> None:
    """Host, X-Forwarded-* and Forwarded change nothing in the discovery document."""
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example;proto=https"}
    plain = provider.browser.get("/.well-known/openid-configuration").get_json()
    assert provider.browser.get("/.well-known/openid-configuration", headers=forged).get_json() == plain
    assert plain["issuer"] == provider.issuer


def test_o15_no_code_token_or_secret_is_in_the_log(
    provider: Provider, client: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """RFC 9700 4.2: neither of a success nor of any refusal."""
    code = provider.code(client)
    tokens = provider.tokens(code)
    provider.redeem(code)
    provider.userinfo(tokens["access_token"])
    wrong = {"grant_type": "authorization_code", "client_id": client["client_id"], "client_secret": "sEcReT-in-clear"}
    provider.post("/oauth2/token", {**wrong, "code": code.code})
    authorize(provider, asked(client, scope="profile", state="sTaTe-in-clear", nonce="nOnCe-in-clear"))
    logged = "".join(capsys.readouterr())
    assert "refused" in logged
    for secret in (code.code, *tokens.values(), client["client_secret"], *re.findall(r"\w+-in-clear", str(wrong))):
        if isinstance(secret, str) and secret not in ("Bearer", "openid"):
            assert secret not in logged
    assert "in-clear" not in logged
