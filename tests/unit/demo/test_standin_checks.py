"""The union of checks that Auth0's engines make (facts about Auth0, section 0), each with its literal message."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from app.demo.loopback import Answer
from app.demo.standin.callback import check_callback
from app.demo.standin.failures import LoginFailed
from app.demo.standin.id_token import Expected, check_session_expiry, verify_id_token
from app.demo.standin.jwks import UpstreamKeys
from app.demo.standin.profile import RESTRICTED, make_user
from app.demo.standin.snapshot import Snapshot, SnapshotError, take_snapshot
from app.demo.standin.tenant.upstream import UpstreamConnection
from app.demo.standin.token_request import check_token_response

NOW = datetime(2026, 11, 23, 14, 2, 9, tzinfo=UTC)
ISSUER = "https://sso.example.com"
KEY = RSAKey.generate_key(2048, private=True)
KEY.ensure_kid()
ACCESS = "access-token"
PLAIN = Snapshot({"issuer": ISSUER})
PROMISING = Snapshot({"issuer": ISSUER, "authorization_response_iss_parameter_supported": True})


def said(failing: Callable[[], object]) -> str:
    with pytest.raises(LoginFailed) as caught:
        failing()
    return caught.value.message


class FakeHttp:
    """Answers with whatever it was given, and counts."""

    def __init__(self, body: object, *, status: int = 200, content_type: str = "application/json") -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answer = Answer(status, {"content-type": content_type}, raw)
        self.calls = 0

    def request(self, method: str, url: str, **_: Any) -> Answer:
        self.calls += 1
        return self.answer


def keys_of(*keys: RSAKey, **more: Any) -> UpstreamKeys:
    published = {"keys": [key.as_dict(private=False) | more for key in keys]}
    return UpstreamKeys(FakeHttp(published), "https://sso.example.com/jwks", lambda: NOW)  # type: ignore[arg-type]


# the callback


def test_a_callback_with_state_and_code_gives_the_code() -> None:
    """State equal, no iss promised, one code."""
    assert check_callback(PLAIN, {"state": ["s"], "code": ["c"]}, "s") == "c"
    assert check_callback(PROMISING, {"state": ["s"], "code": ["c"], "iss": [ISSUER]}, "s") == "c"


@pytest.mark.parametrize(
    ("snapshot", "values", "message"),
    [
        (PLAIN, {"code": ["c"]}, "state missing from the response"),
        (PLAIN, {"code": ["c"], "state": ["x"]}, "state mismatch, expected s, got: x"),
        (PROMISING, {"code": ["c"], "state": ["s"]}, "iss missing from the response"),
        (
            PLAIN,
            {"code": ["c"], "state": ["s"], "iss": [ISSUER + "/"]},
            f"iss mismatch, expected {ISSUER}, got: {ISSUER}/",
        ),
        (PLAIN, {"code": ["c", "d"], "state": ["s"]}, '"code" parameter must be provided only once'),
        (PLAIN, {"code": ["c"], "state": ["s"], "id_token": ["t"]}, "implicit and hybrid flows are not supported"),
        (PLAIN, {"code": ["c"], "state": ["s"], "token": ["t"]}, "implicit and hybrid flows are not supported"),
        (PLAIN, {"state": ["s"]}, "code missing from response"),
    ],
)
def test_callback_refusals(snapshot: Snapshot, values: dict[str, list[str]], message: str) -> None:
    """Each in the engine's words."""
    assert said(lambda: check_callback(snapshot, values, "s")) == message


def test_a_jarm_response_is_refused() -> None:
    """A `response` parameter is not what this connection asked for."""
    assert said(lambda: check_callback(PLAIN, {"response": ["jwt"], "state": ["s"]}, "s")).startswith('"parameters"')


def test_an_error_keeps_its_code_and_description_and_still_needs_state_and_iss() -> None:
    """Errors are checked for state and iss before they are believed."""
    with pytest.raises(LoginFailed) as caught:
        check_callback(PLAIN, {"state": ["s"], "error": ["login_required"], "error_description": ["No."]}, "s")
    assert (caught.value.oauth_error, caught.value.description) == ("login_required", "No.")
    assert (
        said(lambda: check_callback(PROMISING, {"state": ["s"], "error": ["x"]}, "s"))
        == "iss missing from the response"
    )


# the token response


def token_answer(status: int = 200, headers: dict[str, str] | None = None, **body: Any) -> Answer:
    full = {"access_token": "a", "token_type": "Bearer", "id_token": "i", "expires_in": 60} | body
    sent = {name: value for name, value in full.items() if value is not None}
    given = {"content-type": "application/json"} if headers is None else headers
    return Answer(status, given, json.dumps(sent).encode())


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (
            token_answer(
                401, {"www-authenticate": "Basic", "content-type": "application/json"}, error="invalid_client"
            ),
            "server responded with a challenge in the WWW-Authenticate HTTP Header",
        ),
        (token_answer(400, error="invalid_grant", error_description="Used."), "invalid_grant (Used.)"),
        (
            token_answer(201),
            '"response" is not a conform Token Endpoint response (unexpected HTTP status code)',
        ),
        (token_answer(200, {"content-type": "text/html"}), '"response" content-type must be application/json'),
        (Answer(200, {"content-type": "application/json"}, b"{"), 'failed to parse "response" body as JSON'),
        (Answer(200, {"content-type": "application/json"}, b"[]"), '"response" body must be a top level object'),
        (token_answer(access_token=None), '"response" body "access_token" property must be a string'),
        (token_answer(access_token=""), '"response" body "access_token" property must not be empty'),
        (token_answer(token_type=None), '"response" body "token_type" property must be a string'),
        (token_answer(token_type="mac"), "unsupported `token_type` value"),
        (token_answer(expires_in=0), '"response" body "expires_in" property must be a positive number'),
        (token_answer(expires_in="soon"), '"response" body "expires_in" property must be a number'),
        (token_answer(scope=["openid"]), '"response" body "scope" property must be a string'),
        (token_answer(refresh_token=1), '"response" body "refresh_token" property must be a string'),
        (token_answer(id_token=None), "id_token not present in TokenSet"),
    ],
)
def test_token_response_refusals(answer: Answer, message: str) -> None:
    """Status, content type, members and their types."""
    assert said(lambda: check_token_response(answer)) == message


def test_a_challenge_hides_the_json_error() -> None:
    """Section 0: with WWW-Authenticate the application gets `unauthorized`, whatever the body says."""
    answer = token_answer(
        401, {"www-authenticate": "Basic", "content-type": "application/json"}, error="invalid_client"
    )
    with pytest.raises(LoginFailed) as caught:
        check_token_response(answer)
    assert caught.value.oauth_error == "unauthorized"


def test_a_conforming_token_response_passes() -> None:
    """Any case of `bearer`; a numeric text in expires_in; a charset in the content type."""
    for answer in (token_answer(token_type="bearer"), token_answer(expires_in="60"), token_answer(expires_in=None)):
        assert check_token_response(answer).access_token == "a"
    assert check_token_response(token_answer(200, {"content-type": "application/json; charset=utf-8"}))


# the ID token


def expected(**changes: Any) -> Expected:
    values: dict[str, Any] = {
        "issuer": ISSUER,
        "client_id": "auth0",
        "algorithms": ("RS256",),
        "nonce": "n",
        "now": NOW,
        "access_token": ACCESS,
    }
    return Expected(**(values | changes))


def token(header: dict[str, Any] | None = None, **changes: Any) -> str:
    now = int(NOW.timestamp())
    claims: dict[str, Any] = {"iss": ISSUER, "sub": "s", "aud": "auth0", "iat": now, "exp": now + 300, "nonce": "n"}
    sent = {name: value for name, value in (claims | changes).items() if value is not None}
    return jwt.encode({"alg": "RS256", "kid": KEY.kid} | (header or {}), sent, KEY, ["RS256", "PS256"])


def test_a_good_id_token_gives_its_claims() -> None:
    """Every check passes; at_hash where present is right."""
    digest = hashlib.sha256(ACCESS.encode()).digest()[:16]
    at_hash = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert verify_id_token(token(at_hash=at_hash), keys_of(KEY), expected())["sub"] == "s"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"iss": ISSUER + "/"}, f"unexpected iss value, expected {ISSUER}, got: {ISSUER}/"),
        ({"sub": None}, "missing required JWT property sub"),
        ({"iat": None}, "missing required JWT property iat"),
        ({"iat": "1"}, "JWT iat claim must be a JSON numeric value"),
        ({"exp": int(NOW.timestamp())}, f"JWT expired, now {int(NOW.timestamp())}, exp {int(NOW.timestamp())}"),
        (
            {"nbf": int(NOW.timestamp()) + 1},
            f"JWT not active yet, now {int(NOW.timestamp())}, nbf {int(NOW.timestamp()) + 1}",
        ),
        ({"aud": "other"}, "aud mismatch, expected auth0, got: other"),
        ({"aud": ["auth0", "other"]}, "missing required JWT property azp"),
        ({"aud": ["other"]}, 'aud is missing the client_id, expected auth0 to be included in ["other"]'),
        ({"azp": "other"}, "azp mismatch, got: other"),
        ({"nonce": "x"}, "nonce mismatch, expected n, got: x"),
        ({"nonce": None}, "nonce mismatch, expected n, got: undefined"),
        ({"auth_time": "yesterday"}, "JWT auth_time claim must be a JSON numeric value"),
    ],
)
def test_id_token_refusals(changes: dict[str, Any], message: str) -> None:
    """Each claim, in the engine's words."""
    assert said(lambda: verify_id_token(token(**changes), keys_of(KEY), expected())) == message


def test_a_nonce_that_nobody_sent_fails_the_login() -> None:
    """The bug of a well-known provider, as a tenant's log shows it."""
    found = said(lambda: verify_id_token(token(), keys_of(KEY), expected(nonce=None)))
    assert found == "nonce mismatch, expected undefined, got: n"


def test_a_wrong_at_hash_fails() -> None:
    """at_hash need not be there, but must be right."""
    assert said(lambda: verify_id_token(token(at_hash="x"), keys_of(KEY), expected())).startswith("at_hash mismatch")


def test_algorithms_are_a_list_of_the_connection() -> None:
    """none, HS256 with the public key, and an algorithm not chosen are refused before any key is looked for (R1)."""
    head = base64.urlsafe_b64encode(b'{"alg":"HS256"}').rstrip(b"=").decode()
    signed = f"{head}.{token().split('.')[1]}"
    mac = hmac.digest(KEY.as_pem(private=False), signed.encode(), "sha256")
    forged = f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
    assert said(lambda: verify_id_token(forged, keys_of(KEY), expected())).startswith("unexpected JWT alg received")
    other = token(header={"alg": "PS256"})
    assert said(lambda: verify_id_token(other, keys_of(KEY), expected())).startswith("unexpected JWT alg received")
    body = token().split(".")[1]
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    assert said(lambda: verify_id_token(f"{none}.{body}.", keys_of(KEY), expected())).startswith("unexpected JWT alg")


@pytest.mark.parametrize("raw", ["", "a.b", "a.b.c", "!.!.!", "W10.W10.x"])
def test_what_is_not_a_jwt_is_refused(raw: str) -> None:
    """No exception but the refusal."""
    assert said(lambda: verify_id_token(raw, keys_of(KEY), expected())).startswith("failed to decode JWT")


def test_a_changed_token_does_not_verify() -> None:
    """The signature is checked against the one key that the header means."""
    header, body, signature = token().split(".")
    flipped = ("A" if signature[0] != "A" else "B") + signature[1:]
    changed = f"{header}.{body}.{flipped}"
    assert said(lambda: verify_id_token(changed, keys_of(KEY), expected())) == "failed to validate JWT signature"


def test_two_keys_without_a_kid_are_ambiguous() -> None:
    """A token without `kid` and several keys: refused, not tried."""
    second = RSAKey.generate_key(2048, private=True)
    header = base64.urlsafe_b64encode(b'{"alg":"RS256"}').rstrip(b"=").decode()
    anonymous = ".".join([header, *token().split(".")[1:]])
    found = said(lambda: verify_id_token(anonymous, keys_of(KEY, second), expected()))
    assert "multiple applicable keys found" in found


def test_unknown_keys_cause_one_refetch_a_minute() -> None:
    """Nothing more than one fetch within a minute, whatever `kid` arrives (section 0)."""
    http = FakeHttp({"keys": [KEY.as_dict(private=False)]})
    moment = [NOW]
    keys = UpstreamKeys(http, "https://sso.example.com/jwks", lambda: moment[0])  # type: ignore[arg-type]
    unknown = {"alg": "RS256", "kid": "unknown"}
    for seconds, calls in ((0, 1), (30, 1), (61, 2), (70, 2)):
        moment[0] = NOW + timedelta(seconds=seconds)
        assert "no applicable keys" in said(lambda: keys.find(unknown))
        assert http.calls == calls


def test_session_expiry_is_required_once_it_is_supported() -> None:
    """`id_token_session_expiry_supported` makes the claim mandatory (section 2)."""
    message = "The upstream Identity Provider did not return a session_expiry claim"
    assert said(lambda: check_session_expiry({}, True)) == message
    assert check_session_expiry({}, False) is None
    assert check_session_expiry({"session_expiry": 5}, True) == 5
    assert said(lambda: check_session_expiry({"session_expiry": "5"}, True))


# the user

CONNECTION = UpstreamConnection("portico", "c")


def test_restricted_names_never_reach_the_profile() -> None:
    """`groups`, `roles`, `org_id` and the like are dropped; `portico_groups` stays (section 2)."""
    claims = {"sub": "s", "groups": ["a"], "roles": ["b"], "org_id": "o", "portico_groups": ["a", "b"], "name": "N"}
    user = make_user(CONNECTION, claims, NOW, None)
    assert user.id == "oidc|portico|s"
    assert user.attributes == {"portico_groups": ["a", "b"], "name": "N"}
    assert user.dropped == ("groups", "org_id", "roles")
    assert {"groups", "roles", "permissions", "sid", "azp", "auth_time", "entitlements"} <= RESTRICTED


def test_use_map_turns_lists_into_text() -> None:
    """Only `bind_all` keeps lists (section 2)."""
    mapped = UpstreamConnection("portico", "c", mapping_mode="use_map")
    user = make_user(mapped, {"sub": "s", "portico_groups": ["a", "b"]}, NOW, None)
    assert user.attributes == {"portico_groups": "a,b"}


@pytest.mark.parametrize("sub", ["a b", "a\tb", "x" * 120])
def test_a_subject_that_cannot_be_a_user_id_is_refused(sub: str) -> None:
    """White space and too much length (section 2)."""
    assert said(lambda: make_user(CONNECTION, {"sub": sub}, NOW, None)).startswith("Payload validation error")


# discovery

GOOD = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/a",
    "token_endpoint": f"{ISSUER}/t",
    "jwks_uri": f"{ISSUER}/j",
    "id_token_signing_alg_values_supported": ["RS256"],
}


def test_a_snapshot_is_taken_from_issuer_or_full_address() -> None:
    """Both forms that a dashboard accepts (section 7)."""
    for url in (ISSUER, ISSUER + "/", ISSUER + "/.well-known/openid-configuration"):
        assert take_snapshot(FakeHttp(GOOD), url).issuer == ISSUER  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "http",
    [
        FakeHttp(GOOD | {"issuer": ISSUER + "/"}, status=404),
        FakeHttp(b"<html>"),
        FakeHttp([]),
        FakeHttp({name: value for name, value in GOOD.items() if name != "token_endpoint"}),
        FakeHttp(GOOD | {"issuer": "https://evil.example"}),
        FakeHttp(GOOD | {"id_token_signing_alg_values_supported": ["ES256"]}),
        FakeHttp(GOOD | {"padding": "x" * 140_000}),
    ],
)
def test_a_discovery_document_that_no_connection_could_be_made_from(http: FakeHttp) -> None:
    """Status, JSON, members, the issuer itself, RS256, 128 KB (section 7)."""
    with pytest.raises(SnapshotError):
        take_snapshot(http, ISSUER)  # type: ignore[arg-type]
