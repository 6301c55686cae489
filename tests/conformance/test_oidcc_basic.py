"""The modules of the suite's plans `oidcc-basic-certification-test-plan` and `oidcc-formpost-basic-...`.

One test for each of the 38 module entries, with the module's name. Where the suite skips a module for a provider like
this one, the test holds the reason to be true. docs/conformance.md says how to run the official suite.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from typing import Any

import pytest
from joserfc.jws import extract_compact

from tests.support.browser import Browser, Page, Step
from tests.support.clock import SettableClock
from tests.support.conformance import CALLBACK, Suite
from tests.support.management import Refused
from tests.support.provider import Provider

pytestmark = pytest.mark.databases("sqlite")


def test_oidcc_server(suite: Suite, browser: Browser) -> None:
    """The happy path with `client_secret_basic`; `finish` verifies the ID token, `state`, `nonce` and userinfo."""
    done = suite.log_in(browser)
    assert set(done.tokens) == {"access_token", "token_type", "expires_in", "scope", "id_token"}
    assert isinstance(done.claims["auth_time"], int)


def test_oidcc_response_type_missing(suite: Suite, browser: Browser) -> None:
    """OAuth 2.0 3.1.1: an error at the client or on a page; here at the client, which is known."""
    begun = suite.begin(response_type="")
    assert suite.error(begun, suite.silent(browser, begun)) == "invalid_request"


def test_oidcc_idtoken_signature(suite: Suite, browser: Browser) -> None:
    """OIDC Core 2, 10.1: RS256 by default, and `kid` in the header; `verify` takes no other key than the named one."""
    done = suite.log_in(browser)
    header = extract_compact(done.tokens["id_token"].encode()).headers()
    assert header["alg"] == "RS256"
    assert header["kid"]


def test_oidcc_idtoken_unsigned(suite: Suite) -> None:
    """Not for static clients, and `none` is not supported: it is not advertised and cannot be registered."""
    assert suite.discovery["id_token_signing_alg_values_supported"] == ["RS256", "ES256"]
    with pytest.raises(Refused):
        suite.gateway.api.add_client(CALLBACK, id_token_signed_response_alg="none")


def test_oidcc_userinfo_get(suite: Suite, browser: Browser) -> None:
    """OIDC Core 5.3.1 by GET; the claims have the types of 5.1."""
    info = suite.log_in(browser, scope="openid profile email").userinfo
    for name in ("sub", "name", "given_name", "family_name", "preferred_username", "email"):
        assert isinstance(info[name], str), name
        assert info[name], name
    assert isinstance(info["email_verified"], bool)


def test_oidcc_userinfo_post_header(suite: Suite, browser: Browser) -> None:
    """OIDC Core 5.3.1 by POST with a header."""
    done = suite.log_in(browser)
    assert suite.userinfo(done.access_token, "POST header").json() == done.userinfo


def test_oidcc_userinfo_post_body(suite: Suite, browser: Browser) -> None:
    """OIDC Core 5.3.1 by POST with the token in the form."""
    done = suite.log_in(browser)
    assert suite.userinfo(done.access_token, "POST body").json() == done.userinfo


def test_oidcc_ensure_request_without_nonce_succeeds_for_code_flow(suite: Suite, browser: Browser) -> None:
    """OIDC Core 3.1.2.1: `nonce` is optional, and none comes back when none was sent."""
    assert "nonce" not in suite.log_in(browser, nonce="").claims


def test_oidcc_scope_profile(suite: Suite, browser: Browser) -> None:
    """OIDC Core 5.4: what is known of the profile."""
    info = suite.log_in(browser, scope="openid profile").userinfo
    assert {"name", "given_name", "family_name", "preferred_username"} <= info.keys()


def test_oidcc_scope_email(suite: Suite, browser: Browser) -> None:
    """OIDC Core 5.4. The ID token has it as well (a warning of the suite): Auth0 never calls userinfo."""
    done = suite.log_in(browser, scope="openid email")
    assert done.userinfo["email"] == suite.username
    assert isinstance(done.userinfo["email_verified"], bool)


def test_oidcc_scope_address(suite: Suite, browser: Browser) -> None:
    """Skipped by the suite: the scope is not advertised. Asked for all the same, it is ignored (OIDC Core 3.1.2.1)."""
    assert "address" not in suite.discovery["scopes_supported"]
    assert suite.log_in(browser, scope="openid address").tokens["scope"] == "openid"


def test_oidcc_scope_phone(suite: Suite, browser: Browser) -> None:
    """As `address`."""
    assert "phone" not in suite.discovery["scopes_supported"]
    assert suite.log_in(browser, scope="openid phone").tokens["scope"] == "openid"


def test_oidcc_scope_all(suite: Suite, browser: Browser) -> None:
    """Skipped by the suite, since two scopes are not advertised; the request is answered with the scopes that are."""
    done = suite.log_in(browser, scope="openid profile email phone address")
    assert done.tokens["scope"].split() == ["openid", "profile", "email"]


def test_oidcc_alternate_happy_flow(suite: Suite, browser: Browser) -> None:
    """RFC 6749 3.3: the order of scopes does not matter, nor that of parameters (formerly `ensure-other-scope-order`)."""
    begun = suite.begin(scope="email profile openid")
    endpoint, query = begun.url.split("?")
    end = suite.arrive(browser, f"{endpoint}?{'&'.join(reversed(query.split('&')))}")
    assert isinstance(end, Step)
    assert suite.finish(begun, end).userinfo["email"] == suite.username


@pytest.mark.parametrize("display", ["page", "popup", "touch", "wap"])
def test_oidcc_display(suite: Suite, browser: Browser, display: str) -> None:
    """`oidcc-display-page`, `oidcc-display-popup`: both are answered; our pages fit a popup, and nothing else is done."""
    assert suite.log_in(browser, display=display).claims["sub"]


def test_oidcc_prompt_login(suite: Suite, browser: Browser) -> None:
    """OIDC Core 3.1.2.1: the person is asked again, and `auth_time` is that of the second time."""
    first = suite.log_in(browser)
    time.sleep(1.1)
    begun = suite.begin(prompt="login")
    page = suite.asks_for_login(browser, begun)
    second = suite.finish(begun, browser.reach(suite.simulator.sign_in(browser, page, suite.username), CALLBACK))
    assert second.claims["sub"] == first.claims["sub"]
    assert second.claims["auth_time"] > first.claims["auth_time"]


def test_oidcc_prompt_none_not_logged_in(suite: Suite, browser: Browser) -> None:
    """OIDC Core 3.1.2.6: one of the errors that say that somebody would have to act."""
    begun = suite.begin(prompt="none")
    assert suite.error(begun, suite.silent(browser, begun)) == "login_required"


def test_oidcc_prompt_none_logged_in(suite: Suite, browser: Browser) -> None:
    """The session answers: the same `sub` and `auth_time`, and no page."""
    first = suite.log_in(browser)
    begun = suite.begin(prompt="none")
    second = suite.finish(begun, suite.silent(browser, begun))
    assert (second.claims["sub"], second.claims["auth_time"]) == (first.claims["sub"], first.claims["auth_time"])


def test_oidcc_max_age_1(suite: Suite, browser: Browser) -> None:
    """OIDC Core 3.1.2.1: a session of more than a second is too old; `auth_time` is there and fresh."""
    first = suite.log_in(browser)
    time.sleep(1.1)
    begun = suite.begin(max_age="1")
    page = suite.asks_for_login(browser, begun)
    second = suite.finish(begun, browser.reach(suite.simulator.sign_in(browser, page, suite.username), CALLBACK))
    assert second.claims["auth_time"] > first.claims["auth_time"]
    assert abs(second.claims["auth_time"] - time.time()) < 60


def test_oidcc_max_age_10000(suite: Suite, browser: Browser) -> None:
    """A session that is young enough answers, with the time of its own authentication."""
    first = suite.log_in(browser)
    begun = suite.begin(max_age="10000")
    second = suite.finish(begun, suite.silent(browser, begun))
    assert (second.claims["sub"], second.claims["auth_time"]) == (first.claims["sub"], first.claims["auth_time"])


def test_oidcc_ensure_request_with_unknown_parameter_succeeds(suite: Suite, browser: Browser) -> None:
    """OIDC Core 3.1.2.1: parameters that are not understood are ignored."""
    assert suite.log_in(browser, extra="foobar").claims["sub"]


def test_oidcc_id_token_hint(suite: Suite, browser: Browser) -> None:
    """OIDC Core 3.1.2.1: the person of the hint is signed in, so `prompt=none` succeeds with the same `sub`."""
    first = suite.log_in(browser)
    begun = suite.begin(prompt="none", id_token_hint=first.tokens["id_token"])
    assert suite.finish(begun, suite.silent(browser, begun)).claims["sub"] == first.claims["sub"]


def test_oidcc_login_hint(suite: Suite, browser: Browser) -> None:
    """A hint at nobody we know (the suite sends buffy@<issuer's host>) is passed on and keeps nobody out."""
    begun = suite.begin(login_hint="buffy@127.0.0.1")
    page = suite.asks_for_login(browser, begun)
    assert "buffy@127.0.0.1" in page.text
    end = browser.reach(suite.simulator.sign_in(browser, page, suite.username), CALLBACK)
    assert suite.finish(begun, end).claims["sub"]


def test_oidcc_ui_locales(suite: Suite, browser: Browser) -> None:
    """OIDC Core 3.1.2.1: no error when none of the locales is supported."""
    assert suite.log_in(browser, ui_locales="se").claims["sub"]
    assert suite.log_in(Browser(), ui_locales="fr-CA fr en xx-not-a-locale").claims["sub"]


def test_oidcc_claims_locales(suite: Suite, browser: Browser) -> None:
    """OIDC Core 5.2: no error either."""
    assert suite.log_in(browser, claims_locales="se").claims["sub"]


def test_oidcc_ensure_request_with_acr_values_succeeds(suite: Suite, browser: Browser) -> None:
    """OIDC Core 3.1.2.1: `acr_values` is a wish; the suite sends `1 2` where discovery names none."""
    assert suite.log_in(browser, acr_values="1 2").claims["sub"]


def test_oidcc_codereuse(suite: Suite, browser: Browser) -> None:
    """RFC 6749 4.1.2: a code is good once."""
    done = suite.log_in(browser)
    again = suite.redeem(done.begun, done.code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_oidcc_codereuse_30seconds(provider: Provider, clock: SettableClock) -> None:
    """RFC 6749 4.1.2: after 30 seconds as well, and what the first use gave is revoked. The clock is turned by hand."""
    client = provider.client()
    code = provider.code(client)
    access_token = provider.tokens(code)["access_token"]
    assert provider.userinfo(access_token).status_code == 200
    clock.advance(30)
    assert provider.redeem(code).get_json()["error"] == "invalid_grant"
    assert provider.userinfo(access_token).status_code == 401


def test_oidcc_ensure_registered_redirect_uri(suite: Suite, browser: Browser) -> None:
    """OIDC Core 3.1.2.1: an error page, and a redirect to neither address."""
    begun = suite.begin(redirect_uri=f"{CALLBACK}/{secrets.token_hex(4)}")
    page = browser.walk(begun.url, stop="https://suite.example/")
    assert isinstance(page, Page)
    assert page.status == 400


def test_oidcc_ensure_post_request_succeeds(suite: Suite, browser: Browser) -> None:
    """OIDC Core 3.1.2.1: the authorization endpoint takes a form as well."""
    begun = suite.begin()
    end = suite.arrive(
        browser, Step("POST", suite.discovery["authorization_endpoint"], tuple(begun.parameters.items()))
    )
    assert isinstance(end, Step)
    assert suite.finish(begun, end).claims["sub"]


def test_oidcc_server_client_secret_post(suite: Suite, browser: Browser) -> None:
    """The happy path of a client that is registered for `client_secret_post`."""
    assert suite.log_in(browser, suite.clients.client_secret_post).claims["sub"]


def request_object(parameters: Any) -> str:
    """An unsigned request object (OIDC Core 6.1)."""
    part = base64.urlsafe_b64encode(json.dumps(dict(parameters)).encode()).rstrip(b"=").decode()
    return f"eyJhbGciOiJub25lIn0.{part}."


def test_oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(
    suite: Suite, browser: Browser
) -> None:
    """OIDC Core 6.2, 3.1.2.6: refused as not supported. Not for static clients in the suite."""
    assert suite.discovery["request_uri_parameter_supported"] is False
    begun = suite.begin(request_uri="https://suite.example/requests/1")
    assert suite.error(begun, suite.silent(browser, begun)) == "request_uri_not_supported"


def test_oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(
    suite: Suite, browser: Browser
) -> None:
    """OIDC Core 6.1, 3.1.2.6: refused as not supported."""
    assert suite.discovery["request_parameter_supported"] is False
    begun = suite.begin(request=request_object(suite.begin().parameters))
    assert suite.error(begun, suite.silent(browser, begun)) == "request_not_supported"


def test_oidcc_claims_essential(suite: Suite, browser: Browser) -> None:
    """OIDC Core 5.5: not supported, so not an error; `name` is there in any case."""
    assert suite.discovery["claims_parameter_supported"] is False
    claims = json.dumps({"userinfo": {"name": {"essential": True}}})
    assert suite.log_in(browser, claims=claims).userinfo["name"] == "Ada Lovelace"


def test_oidcc_ensure_request_object_with_redirect_uri(suite: Suite, browser: Browser) -> None:
    """A good address in the object and a bad one beside it: the object is not read, so a page and no redirect."""
    good = suite.begin()
    begun = suite.begin(redirect_uri=f"{CALLBACK}/bad", request=request_object(good.parameters))
    page = browser.walk(begun.url, stop="https://suite.example/")
    assert isinstance(page, Page)
    assert page.status == 400


def test_oidcc_refresh_token(suite: Suite, browser: Browser) -> None:
    """Skipped by the suite where no refresh token is given; none is, to either client, also for `offline_access`."""
    for client in (suite.clients.client, suite.clients.client2):
        done = suite.log_in(browser, client, scope="openid offline_access", prompt="consent")
        assert "refresh_token" not in done.tokens
    assert suite.discovery["grant_types_supported"] == ["authorization_code"]


def test_oidcc_ensure_request_with_valid_pkce_succeeds(suite: Suite, browser: Browser) -> None:
    """RFC 7636: S256, advertised and checked."""
    assert suite.discovery["code_challenge_methods_supported"] == ["S256"]
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    begun = suite.begin(code_challenge=challenge, code_challenge_method="S256")
    end = suite.arrive(browser, begun.url)
    assert isinstance(end, Step)
    wrong = suite.redeem(begun, suite.answer(begun, end)["code"], code_verifier="x" * 43)
    assert wrong.json()["error"] == "invalid_grant"
    assert suite.finish(begun, end, code_verifier=verifier).claims["sub"]
