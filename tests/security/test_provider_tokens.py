"""The token endpoint under attack: rows O2, O3, O4, O7 and O9, and what each client's settings change (items 4, 5)."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from joserfc.jws import extract_compact

from app.signin.trace import TraceFilter, list_traces
from tests.support.clock import SettableClock
from tests.support.provider import CHALLENGE, VERIFIER, Provider


@pytest.fixture
def client(provider: Provider) -> dict[str, Any]:
    return provider.client()


def test_o9_the_id_token_is_for_one_client_short_lived_and_bound_to_its_access_token(
    provider: Provider, client: dict[str, Any], clock: SettableClock
) -> None:
    """`iss` exact, `aud` a string, `nonce` echoed, `exp` within 10 minutes, `at_hash` right, `kid` of a published key."""
    tokens = provider.tokens(provider.code(client))
    claims = provider.verify(tokens["id_token"], client)
    assert claims["aud"] == client["client_id"]
    assert claims["nonce"] == "n-1"
    assert 0 < claims["exp"] - clock().timestamp() <= 600
    half = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]
    assert claims["at_hash"] == base64.urlsafe_b64encode(half).rstrip(b"=").decode()
    assert {"typ", "alg", "kid"} == set(extract_compact(tokens["id_token"].encode()).headers())
    assert "azp" not in claims


@pytest.mark.parametrize("alg", ["RS256", "ES256"])
def test_a_client_gets_the_algorithm_that_it_is_registered_for(provider: Provider, alg: str) -> None:
    """Item 4, O9: several algorithms in one key set, and `kid` names the one that signed."""
    client = provider.client(id_token_signed_response_alg=alg)
    tokens = provider.tokens(provider.code(client))
    header = extract_compact(tokens["id_token"].encode()).headers()
    assert header["alg"] == alg
    published = {jwk["kid"]: jwk for jwk in provider.browser.get("/oauth2/jwks").get_json()["keys"]}
    assert published[header["kid"]]["alg"] == alg
    assert provider.verify(tokens["id_token"], client)["sub"] == "usr-ada"


def test_token_lifetimes_are_the_clients(provider: Provider, clock: SettableClock) -> None:
    """Item 5: both lifetimes, to the second; `expires_in` says the truth."""
    client = provider.client(access_token_lifetime_s=120, id_token_lifetime_s=90)
    tokens = provider.tokens(provider.code(client))
    assert tokens["expires_in"] == 120
    assert provider.verify(tokens["id_token"], client)["exp"] == int(clock().timestamp()) + 90
    clock.advance(119)
    assert provider.userinfo(tokens["access_token"]).status_code == 200
    clock.advance(1)
    assert provider.userinfo(tokens["access_token"]).status_code == 401


def test_a_changed_lifetime_counts_from_the_next_token(provider: Provider, client: dict[str, Any]) -> None:
    """Item 5: no restart, no new client."""
    assert provider.tokens(provider.code(client))["expires_in"] == 300
    provider.api.ok("PATCH", f"/clients/{client['id']}", {"access_token_lifetime_s": 60})
    assert provider.tokens(provider.code(client))["expires_in"] == 60


def test_there_is_no_refresh_token_whatever_is_asked(provider: Provider, client: dict[str, Any]) -> None:
    """Item 5: none is given, and the grant is unknown."""
    tokens = provider.tokens(provider.code(client, scope="openid offline_access"))
    assert set(tokens) == {"access_token", "token_type", "expires_in", "scope", "id_token"}
    form = {"grant_type": "refresh_token", "refresh_token": "x"}
    refused = provider.post("/oauth2/token", {**form, **credentials(client)})
    assert (refused.status_code, refused.get_json()["error"]) == (400, "unsupported_grant_type")


def test_an_access_token_is_opaque_and_good_for_userinfo_only(provider: Provider, client: dict[str, Any]) -> None:
    """Item 5: 256 random bits; it opens neither the management API nor the token endpoint."""
    token = provider.tokens(provider.code(client))["access_token"]
    assert len(token) == 43
    assert "." not in token
    assert provider.userinfo(token).get_json()["sub"] == "usr-ada"
    assert provider.browser.get("/api/v1/clients", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_o2_a_second_use_revokes_what_the_first_gave(
    provider: Provider, client: dict[str, Any], clock: SettableClock
) -> None:
    """RFC 6749 4.1.2: at once, after 30 seconds, and after the code's own end."""
    for later in (0, 30, 90):
        code = provider.code(client)
        token = provider.tokens(code)["access_token"]
        clock.advance(later)
        assert provider.userinfo(token).status_code == 200
        again = provider.redeem(code)
        assert (again.status_code, again.get_json()["error"]) == (400, "invalid_grant")
        assert provider.userinfo(token).status_code == 401


def test_o2_another_client_cannot_revoke_by_showing_the_code(provider: Provider, client: dict[str, Any]) -> None:
    """Whoever saw the code in a log cannot end the login with a client of its own."""
    code = provider.code(client)
    token = provider.tokens(code)["access_token"]
    other = provider.client()
    refused = provider.redeem(code, **credentials(other))
    assert refused.get_json()["error"] == "invalid_grant"
    assert provider.userinfo(token).status_code == 200


def test_o2_a_wrong_secret_neither_uses_up_nor_revokes(provider: Provider, client: dict[str, Any]) -> None:
    """Without the client's proof nothing happens to its code."""
    code = provider.code(client)
    assert provider.redeem(code, client_secret="wrong").status_code == 401
    token = provider.tokens(code)["access_token"]
    assert provider.redeem(code, client_secret="wrong").status_code == 401
    assert provider.userinfo(token).status_code == 200


@pytest.mark.parametrize(
    "instead",
    [
        {"redirect_uri": "https://tenant.example/other"},
        {"redirect_uri": None},
        {"code": "not-a-code"},
        {"code": "x" * 5_000},
        {"code_verifier": None},
        {"code_verifier": ""},
        {"code_verifier": VERIFIER[:-1]},
        {"code_verifier": VERIFIER[:-1] + "X"},
        {"code_verifier": CHALLENGE},
        {"code_verifier": "\u00e9" * 43},
        {"code_verifier": "a" * 129},
    ],
    ids=lambda instead: " ".join(f"{name}={str(value)[:12]}" for name, value in instead.items()),
)
def test_o3_o4_a_code_needs_its_redirect_uri_and_verifier(
    provider: Provider, client: dict[str, Any], instead: dict[str, str | None]
) -> None:
    """`invalid_grant` (or `invalid_request` where a parameter is missing), and the code is still good for its owner."""
    code = provider.code(client)
    refused = provider.redeem(code, **instead)
    assert refused.status_code == 400
    assert refused.get_json()["error"] in ("invalid_grant", "invalid_request")
    assert provider.redeem(code).status_code == 200


def test_o4_a_verifier_without_a_challenge_is_a_downgrade(provider: Provider) -> None:
    """RFC 9700 2.1.1: an attacker who stripped the challenge is noticed."""
    client = provider.client(require_pkce=False)
    refused = provider.redeem(provider.code(client, code_challenge=None))
    assert refused.get_json()["error"] == "invalid_grant"
    assert provider.redeem(provider.code(client, code_challenge=None), code_verifier=None).status_code == 200


def test_o3_a_code_ends_after_sixty_seconds(provider: Provider, client: dict[str, Any], clock: SettableClock) -> None:
    code = provider.code(client)
    clock.advance(60)
    assert provider.redeem(code).get_json()["error"] == "invalid_grant"


@pytest.mark.parametrize("closed", ["client", "connection", "organization"])
def test_t8_what_is_closed_redeems_nothing(provider: Provider, client: dict[str, Any], closed: str) -> None:
    """A login that was under way ends at the token endpoint, and a token that was given at userinfo."""
    token, code = provider.tokens(provider.code(client))["access_token"], provider.code(client)
    if closed == "client":
        provider.api.ok("PATCH", f"/clients/{client['id']}", {"status": "disabled"})
    elif closed == "connection":
        provider.api.ok("POST", f"/connections/{provider.connection}/deactivate")
    else:
        provider.api.ok("PATCH", f"/organizations/{provider.organization}", {"status": "disabled"})
    assert provider.redeem(code).get_json()["error"] == ("invalid_client" if closed == "client" else "invalid_grant")
    assert provider.userinfo(token).status_code == 401


@pytest.mark.parametrize(
    "how", ["wrong", "empty", "missing", "of another", "twice", "in the query", "by another method", "unknown client"]
)
def test_o7_only_the_clients_own_secret_in_its_own_way(provider: Provider, client: dict[str, Any], how: str) -> None:
    """401 `invalid_client` with one and the same sentence; two methods at once are `invalid_request` (RFC 6749 2.3)."""
    code, other = provider.code(client), provider.client()
    basic = base64.b64encode(f"{client['client_id']}:{client['client_secret']}".encode()).decode()
    match how:
        case "wrong":
            refused = provider.redeem(code, client_secret=client["client_secret"][:-1])
        case "empty":
            refused = provider.redeem(code, client_secret="")
        case "missing":
            refused = provider.redeem(code, client_secret=None)
        case "of another":
            refused = provider.redeem(code, client_secret=other["client_secret"])
        case "unknown client":
            refused = provider.redeem(code, client_id="cli-" + "a" * 26)
        case _:
            form = {"grant_type": "authorization_code", "code": code.code, "code_verifier": VERIFIER}
            form["redirect_uri"] = "https://tenant.example/login/callback"
            own = {"client_id": client["client_id"], "client_secret": client["client_secret"]}
            if how == "in the query":
                query = "&".join(f"{name}={value}" for name, value in own.items())
                refused = provider.post(f"/oauth2/token?{query}", form)
            elif how == "twice":
                refused = provider.post("/oauth2/token", {**form, **own}, Authorization=f"Basic {basic}")
            else:
                refused = provider.post("/oauth2/token", form, Authorization=f"Basic {basic}")
    expected = (400, "invalid_request") if how == "twice" else (401, "invalid_client")
    assert (refused.status_code, refused.get_json()["error"]) == expected
    assert provider.redeem(code).status_code == 200


def test_several_secrets_live_and_each_says_when_it_was_used(
    provider: Provider, client: dict[str, Any], clock: SettableClock
) -> None:
    """Item 5: rotation without a gap, over the routes."""
    path = f"/clients/{client['id']}/secrets"
    clock.advance(minutes=2)
    second = provider.api.ok("POST", path)["client_secret"]
    clock.advance(minutes=2)
    provider.tokens(provider.code(client))
    used_first, clock_first = [row["last_used_at"] for row in provider.api.ok("GET", path)["items"]], clock()
    provider.tokens(provider.code({**client, "client_secret": second}))
    rows = provider.api.ok("GET", path)["items"]
    assert [bool(at) for at in used_first] == [True, False]
    assert all(row["last_used_at"] for row in rows)
    assert rows[0]["last_used_at"].startswith(clock_first.isoformat()[:19])
    assert "client_secret" not in str(rows)
    provider.api.ok("DELETE", f"{path}/{rows[0]['id']}")
    assert provider.redeem(provider.code(client)).status_code == 401
    assert provider.redeem(provider.code({**client, "client_secret": second})).status_code == 200


def test_a_flood_of_refused_token_requests_does_not_fill_the_database(
    provider: Provider, client: dict[str, Any]
) -> None:
    """Anybody can ask with a wrong secret: sixty traces a minute, and the log has the rest."""
    for _ in range(90):
        provider.post(
            "/oauth2/token", {"grant_type": "authorization_code", **credentials(client), "client_secret": "x"}
        )
    with provider.app.app_context():
        stored = list_traces(TraceFilter(outcome="denied"), limit=200, after=None)
    assert len(stored) == 60


def credentials(client: dict[str, Any]) -> dict[str, str]:
    return {"client_id": client["client_id"], "client_secret": client["client_secret"]}
