"""The authorization code flow over plain HTTP against a server on loopback."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests
from flask import Flask

Serve = Callable[[Flask], str]
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
CALLBACK = "https://rp.example/callback"
TESSA = "tessa.brandt@halden.example"


def answer(response: requests.Response) -> dict[str, str]:
    """Return the parameters of a redirect to the callback."""
    assert response.status_code == 303, response.text
    assert response.headers["Location"].startswith(CALLBACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(response.headers["Location"]).query).items()}


def test_generic_code_flow(party: Callable[..., Any]) -> None:
    """Discovery, sign-in, code, ID token with nonce, userinfo with the same sub (OIDC Core 3.1)."""
    rp = party("generic-oidc")
    values = rp.sign_in()
    assert values["state"] == "st"
    assert values["iss"] == rp.issuer
    tokens = rp.redeem(values["code"]).json()
    _, claims = rp.verified(tokens["id_token"])
    assert claims["iss"] == rp.issuer
    assert claims["aud"] == "rp"
    assert claims["nonce"] == "no"
    assert claims["email"] == TESSA
    assert claims["email_verified"] is True
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    userinfo = requests.get(rp.metadata["userinfo_endpoint"], headers=bearer, timeout=5).json()
    assert userinfo["sub"] == claims["sub"]


def test_entra_claims(party: Callable[..., Any]) -> None:
    """Entra: tenant in issuer and tid, ver 2.0, oid, pairwise sub; no email unless registered, no email_verified."""
    rp = party("entra-oidc")
    values = rp.sign_in()
    assert "session_state" in values
    assert "iss" not in values
    header, claims = rp.verified(rp.redeem(values["code"]).json()["id_token"])
    assert claims["iss"] == rp.issuer
    assert claims["iss"].endswith(f"/{claims['tid']}/v2.0")
    assert claims["ver"] == "2.0"
    assert claims["oid"] != claims["sub"]
    assert claims["preferred_username"] == TESSA
    assert {"email", "email_verified", "groups", "auth_time"}.isdisjoint(claims)
    keys = requests.get(rp.metadata["jwks_uri"], timeout=5).json()["keys"]
    assert len(keys) == 3
    assert header["kid"] == keys[1]["kid"]
    assert all("alg" not in key for key in keys)
    assert "code_challenge_methods_supported" not in rp.metadata


def test_entra_optional_claims_and_pairwise_subjects(party: Callable[..., Any]) -> None:
    """What the registration asks for is released to it alone; two applications see two subjects for one oid."""
    wide = {"client_id": "wide", "client_secret": "s3cret", "redirect_uris": [CALLBACK]}
    wide_claims = ["email", "given_name", "groups", "auth_time"]
    plain = {"client_id": "rp", "client_secret": "s3cret", "redirect_uris": [CALLBACK]}
    rp = party("entra-oidc", applications=[plain, wide | {"optional_claims": wide_claims}])
    _, narrow = rp.verified(rp.redeem(rp.sign_in()["code"]).json()["id_token"])
    code = rp.sign_in(client_id="wide")["code"]
    _, claims = rp.verified(rp.redeem(code, client_id="wide").json()["id_token"])
    assert claims["email"] == TESSA
    assert "auth_time" in claims
    assert len(claims["groups"]) == 2
    assert claims["oid"] == narrow["oid"]
    assert claims["sub"] != narrow["sub"]


def test_entra_errors_carry_its_numbers(party: Callable[..., Any]) -> None:
    """AADSTS50058 for prompt=none, 700054 for another response type, 7000215 for a wrong secret."""
    rp = party("entra-oidc")
    silent = answer(rp.authorize(prompt="none"))
    assert silent["error"] == "login_required"
    assert silent["error_description"].startswith("AADSTS50058:")
    assert silent["state"] == "st"
    assert answer(rp.authorize(response_type="id_token"))["error_description"].startswith("AADSTS700054:")
    refused = rp.redeem(rp.sign_in()["code"], client_secret="wrong")
    assert refused.status_code == 401
    assert refused.json()["error_codes"] == [7000215]


def test_nothing_is_redirected_to_an_address_nobody_registered(party: Callable[..., Any]) -> None:
    """Unknown client, foreign, changed or repeated redirect_uri: a page, never a redirect (RFC 9700 2.1)."""
    rp = party("entra-oidc")
    for changes in (
        {"client_id": "other"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": CALLBACK + "/"},
        {"redirect_uri": None},
    ):
        page = rp.authorize(**changes)
        assert page.status_code == 400
        assert "Location" not in page.headers
    assert "AADSTS50011" in rp.authorize(redirect_uri="https://evil.example/").text


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"request_uri": "https://x.example"}, "request_not_supported"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_request_errors_go_back_with_state_and_iss(
    party: Callable[..., Any], changes: dict[str, str | None], error: str
) -> None:
    """Errors after the redirect URI is known are sent there, with `state` and `iss` (RFC 6749 4.1.2.1, RFC 9207)."""
    rp = party("generic-oidc")
    values = answer(rp.authorize(**changes))
    assert values["error"] == error
    assert values["state"] == "st"
    assert values["iss"] == rp.issuer


def test_a_code_is_redeemed_once_by_its_client_address_and_verifier(party: Callable[..., Any], clock: Any) -> None:
    """Reuse, another client, another address, a wrong, missing or unasked verifier, and an old code: invalid_grant."""
    second = {"client_id": "two", "client_secret": "s3cret", "redirect_uris": [CALLBACK]}
    first = {"client_id": "rp", "client_secret": "s3cret", "redirect_uris": [CALLBACK]}
    rp = party("generic-oidc", applications=[first, second])
    code = rp.sign_in()["code"]
    assert rp.redeem(code).status_code == 200
    assert rp.redeem(code).json()["error"] == "invalid_grant"
    wrong: tuple[dict[str, str | None], ...] = (
        {"client_id": "two"},
        {"redirect_uri": "https://rp.example/other"},
        {"code_verifier": "w" * 43},
        {"code_verifier": None},
        {"code_verifier": "short"},
    )
    for changes in wrong:
        refused = rp.redeem(rp.sign_in()["code"], **changes)
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant"), changes
    unasked = rp.sign_in(code_challenge=None, code_challenge_method=None)["code"]
    assert rp.redeem(unasked).json()["error"] == "invalid_grant"
    late = rp.sign_in()["code"]
    clock.forward(seconds=61)
    assert rp.redeem(late).json()["error"] == "invalid_grant"


def test_client_authentication(party: Callable[..., Any]) -> None:
    """Basic and post pass; a wrong secret, none, two methods at once, and an unknown client do not."""
    rp = party("generic-oidc")
    form = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    endpoint = rp.metadata["token_endpoint"]
    code = rp.sign_in()["code"]
    basic = requests.post(endpoint, data=form | {"code": code}, auth=("rp", "s3cret"), timeout=5)
    assert basic.status_code == 200
    for changes in ({"client_secret": "x"}, {"client_secret": ""}, {"client_secret": None}, {"client_id": "who"}):
        refused = rp.redeem("any", **changes)
        assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client"), changes
    both = requests.post(endpoint, data=form | {"client_secret": "s3cret"}, auth=("rp", "s3cret"), timeout=5)
    assert both.json()["error"] == "invalid_request"


def test_prompt_login_and_max_age_make_the_person_sign_in_again(party: Callable[..., Any], clock: Any) -> None:
    """A session is enough until prompt=login or an age beyond max_age; auth_time tells (OIDC Core 3.1.2.1)."""
    rp = party("generic-oidc")
    rp.sign_in()
    assert rp.authorize().headers["Location"].startswith(CALLBACK)
    assert not rp.authorize(prompt="login").headers["Location"].startswith(CALLBACK)
    assert not rp.authorize(max_age="0").headers["Location"].startswith(CALLBACK)
    clock.forward(seconds=100)
    assert rp.authorize(max_age="101").headers["Location"].startswith(CALLBACK)
    assert not rp.authorize(max_age="99").headers["Location"].startswith(CALLBACK)
    assert answer(rp.authorize(max_age="99", prompt="none"))["error"] == "login_required"
    _, claims = rp.verified(rp.redeem(rp.sign_in(max_age="1")["code"]).json()["id_token"])
    assert claims["auth_time"] == int(clock().timestamp())


def test_login_hint_fills_the_field(party: Callable[..., Any]) -> None:
    """`login_hint` stands in the user name field, escaped."""
    rp = party("generic-oidc")
    asked = rp.authorize(login_hint='"><script>')
    page = rp.browser.get(urljoin(asked.url, asked.headers["Location"]), timeout=5)
    assert "&#34;&gt;&lt;script&gt;" in page.text
    assert "<script>" not in page.text


def test_form_post_answers_by_a_page_that_posts(party: Callable[..., Any]) -> None:
    """response_mode=form_post: fields in a form for the callback, with a button (Form Post Response Mode)."""
    rp = party("entra-oidc")
    asked = rp.authorize(response_mode="form_post")
    page = rp.choose(asked, TESSA)
    assert f'action="{CALLBACK}"' in page.text
    assert 'name="code"' in page.text
    assert "<button" in page.text


def test_behaviour_fails_with_an_error(party: Callable[..., Any]) -> None:
    """The option `fail_with` sends an OAuth error instead of a code, worded as the vendor does."""
    rp = party("entra-oidc", behaviour={"fail_with": "access_denied", "fail_message": "Declined."})
    values = rp.sign_in()
    assert values["error"] == "access_denied"
    assert "AADSTS65004: Declined." in values["error_description"]


def test_a_person_who_is_not_assigned_never_reaches_the_application(party: Callable[..., Any]) -> None:
    """AADSTS50105 on the vendor's own page."""
    rp = party("entra-oidc")
    asked = rp.authorize()
    page = rp.choose(asked, "out@halden.example")
    assert page.status_code == 403
    assert "AADSTS50105" in page.text


def test_userinfo_refuses_what_is_not_an_access_token(party: Callable[..., Any]) -> None:
    """No token, a wrong one, an ID token: 401 with a challenge (RFC 6750 3)."""
    rp = party("generic-oidc")
    id_token = rp.redeem(rp.sign_in()["code"]).json()["id_token"]
    for header in ("", "Bearer nope", f"Bearer {id_token}", "Basic x"):
        refused = requests.get(rp.metadata["userinfo_endpoint"], headers={"Authorization": header}, timeout=5)
        assert refused.status_code == 401


def test_logout_ends_the_session_and_returns_only_to_a_registered_address(party: Callable[..., Any]) -> None:
    """RP-initiated logout: registered addresses get the browser back, others a page."""
    application = {"client_id": "rp", "client_secret": "s3cret", "redirect_uris": [CALLBACK]}
    rp = party("generic-oidc", applications=[application | {"post_logout_redirect_uris": ["https://rp.example/bye"]}])
    rp.sign_in()
    endpoint = rp.metadata["end_session_endpoint"]
    values = {"client_id": "rp", "post_logout_redirect_uri": "https://rp.example/bye", "state": "z"}
    back = rp.browser.get(endpoint, params=values, allow_redirects=False, timeout=5)
    assert back.headers["Location"] == "https://rp.example/bye?state=z"
    assert answer(rp.authorize(prompt="none"))["error"] == "login_required"
    foreign = values | {"post_logout_redirect_uri": "https://evil.example"}
    assert rp.browser.get(endpoint, params=foreign, allow_redirects=False, timeout=5).status_code == 200
