"""Attacks on the authorization request: rows O1, O4, O8 and O12 of the security catalogue, at the ordered checks."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from app.provider.checks import CHECKS, CHECKS_BEFORE_REDIRECT, verify_authorization_request
from app.provider.errors import NotRedirectable, Redirectable
from app.provider.requests import AuthorizationRequest, UnverifiedRequest
from app.provider.responses import respond, respond_error
from app.provider.selectors import parse_selectors

REDIRECT_URI = "https://tenant.example/login/callback"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"  # RFC 7636 appendix B
GOOD = {
    "client_id": "cli-a",
    "redirect_uri": REDIRECT_URI,
    "response_type": "code",
    "scope": "openid profile email",
    "state": "s 1+/=",
}


def verify(
    parameters: dict[str, Any] | None = None, *, require_pkce: bool = False, **changed: Any
) -> AuthorizationRequest:
    client = SimpleNamespace(
        id="cli-a",
        status="active",
        redirect_uris=[REDIRECT_URI],
        require_pkce=require_pkce,
        allowed_organizations=None,
    )
    request = make(parameters, **changed)
    return verify_authorization_request(request, lambda id_: client if id_ == "cli-a" else None)  # type: ignore[arg-type,return-value]


def make(parameters: dict[str, Any] | None = None, **changed: Any) -> UnverifiedRequest:
    wanted = {**GOOD, **(parameters or {}), **changed}
    lists = {k: v if isinstance(v, list) else [v] for k, v in wanted.items() if v is not None}
    return UnverifiedRequest(lists)


def test_a_good_request_passes_and_keeps_its_state_byte_for_byte() -> None:
    verified = verify(nonce="n", code_challenge=CHALLENGE, code_challenge_method="S256", max_age="0", prompt="login")
    assert (verified.state, verified.nonce, verified.max_age_s) == ("s 1+/=", "n", 0)
    assert verified.prompt == {"login"}
    assert verified.response_mode == "query"


def test_client_and_redirect_uri_are_proven_before_anything_may_redirect() -> None:
    names = [check.__name__ for check in (*CHECKS_BEFORE_REDIRECT, *CHECKS)]
    assert names[:3] == ["check_client_known", "check_redirect_uri", "check_response_mode"]


@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example/login/callback",
        f"{REDIRECT_URI}/extra",
        f"{REDIRECT_URI}/..;/",
        f"{REDIRECT_URI}/%2e%2e",
        f"{REDIRECT_URI}/",
        f"{REDIRECT_URI}?x=1",
        f"{REDIRECT_URI}#f",
        "https://tenant.example@evil.example/login/callback",
        "https://evil@tenant.example@tenant.example/login/callback",
        "https://TENANT.example/login/callback",
        "https://tenant.example/Login/callback",
        "https://tenant.example:443/login/callback",
        "https://*.example/login/callback",
        "https://tenant.example/*",
        "http://tenant.example/login/callback",
        "http://localhost/login/callback",
        "http://127.0.0.1/login/callback",
        "JavaScript:alert(1)",
        "//tenant.example/login/callback",
        " " + REDIRECT_URI,
        REDIRECT_URI + "\n",
        "",
        None,
    ],
)
def test_o1_a_redirect_uri_that_is_not_exactly_registered_is_never_redirected_to(uri: str | None) -> None:
    with pytest.raises(NotRedirectable):
        verify(redirect_uri=uri)


def test_o1_a_redirect_uri_that_is_sent_twice_is_refused_even_if_both_are_registered() -> None:
    with pytest.raises(NotRedirectable):
        verify(redirect_uri=[REDIRECT_URI, REDIRECT_URI])


def test_o1_an_unsupported_response_type_with_a_foreign_redirect_uri_is_no_open_redirect() -> None:
    with pytest.raises(NotRedirectable):
        verify(response_type="token", redirect_uri="https://evil.example/")


@pytest.mark.parametrize("client_id", ["cli-b", "", None, ["cli-a", "cli-a"], "cli-a\0", "x" * 5000])
def test_an_unproven_client_is_told_nothing_by_redirect(client_id: Any) -> None:
    with pytest.raises(NotRedirectable):
        verify(client_id=client_id)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "id_token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"response_mode": "web_message"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "create"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "abc"}, "invalid_request"),
        ({"max_age": "\u0661"}, "invalid_request"),
        ({"request": "eyJhbGciOiJub25lIn0.e30."}, "request_not_supported"),
        ({"request_uri": "http://169.254.169.254/"}, "request_uri_not_supported"),
        ({"registration": "{}"}, "registration_not_supported"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"state": ["a", "b"]}, "invalid_request"),
        ({"nonce": "a\0b"}, "invalid_request"),
        ({"state": "x" * 5000}, "invalid_request"),
        ({"acr_values": "\N{REPLACEMENT CHARACTER}"}, "invalid_request"),
    ],
)
def test_o8_unsupported_values_are_errors_of_the_specification(changed: dict[str, Any], error: str) -> None:
    with pytest.raises(Redirectable) as refused:
        verify(changed)
    assert refused.value.error == error


@pytest.mark.parametrize(
    ("changed", "required"),
    [
        ({"code_challenge": CHALLENGE, "code_challenge_method": "plain"}, False),
        ({"code_challenge": CHALLENGE}, False),
        ({"code_challenge": CHALLENGE[:42], "code_challenge_method": "S256"}, False),
        ({"code_challenge": "\u00e9" * 43, "code_challenge_method": "S256"}, False),
        ({"code_challenge_method": "S256"}, False),
        ({}, True),
    ],
)
def test_o4_pkce_is_s256_or_nothing_and_nothing_only_where_the_client_may(
    changed: dict[str, Any], required: bool
) -> None:
    with pytest.raises(Redirectable) as refused:
        verify(changed, require_pkce=required)
    assert refused.value.error == "invalid_request"


def test_unknown_parameters_and_the_claims_parameter_are_ignored() -> None:
    assert (
        verify(claims='{"id_token":{}}', foo="bar", display="popup", claims_locales="de").scope
        == "openid profile email"
    )


def test_unknown_scopes_are_ignored() -> None:
    assert verify(scope="openid offline_access address").scope == "openid"


def test_o12_success_and_error_carry_iss_and_state() -> None:
    sent = respond(REDIRECT_URI, "query", {"code": "c", "state": "s 1+/=", "iss": "https://sso.example"})
    assert sent.url == f"{REDIRECT_URI}?code=c&state=s+1%2B%2F%3D&iss=https%3A%2F%2Fsso.example"
    error = Redirectable("invalid_scope", "The scope must contain openid.")
    answer = respond_error(make(response_mode="form_post"), error, issuer="https://sso.example", reference="r")
    assert answer.fields == {
        "error": "invalid_scope",
        "error_description": "The scope must contain openid. Reference r",
        "state": "s 1+/=",
        "iss": "https://sso.example",
    }


def test_the_query_of_a_registered_redirect_uri_is_kept() -> None:
    assert respond("https://a.example/cb?x=1", "query", {"code": "c"}).url == "https://a.example/cb?x=1&code=c"


@pytest.mark.parametrize(
    "acr_values",
    [
        "urn:portico:connection:con-1 urn:portico:connection:con-1",
        "urn:portico:connection:",
        "urn:portico:tenant:acme",
        "urn:portico:",
    ],
)
def test_selectors_of_ours_that_are_doubled_or_malformed_are_an_error(acr_values: str) -> None:
    with pytest.raises(Redirectable):
        parse_selectors(make(acr_values=acr_values))


def test_acr_values_of_others_are_ignored() -> None:
    assert parse_selectors(make(acr_values="urn:mace:incommon:iap:silver phr")).connections == ()


def test_an_external_id_may_hold_any_character() -> None:
    selectors = parse_selectors(make(acr_values="urn:portico:external:a%20b%3A%C3%A9"))
    assert [(s.kind, s.value) for s in selectors.organizations] == [("external_id", "a b:\u00e9")]
