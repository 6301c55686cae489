"""Signing out at the provider (RP-Initiated Logout 1.0), and its logout tokens (Back-Channel Logout 1.0, 2.6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from portico_oidc.testing import World, sign, signing_key
from portico_oidc.testing.tokens import unsecured, with_symmetric_key
from portico_oidc.testing.world import refusal_of
from portico_sdk import Callback, LogoutDemand, Redirect

END_SESSION = "https://idp.test/logout"
EVENT = "http://schemas.openid.net/event/backchannel-logout"
ADDRESS = "https://portico.test/sso/oidc/con-1/backchannel-logout"


@pytest.fixture
def leaving(world: World) -> World:
    """A provider with a logout endpoint."""
    world.provider.discovery["end_session_endpoint"] = END_SESSION
    return world


def claims_of(world: World, **changes: Any) -> dict[str, Any]:
    """The claims of an honest logout token; None leaves one out."""
    issued = int(world.now.timestamp())
    usual = {
        "iss": world.provider.issuer,
        "aud": world.provider.client_id,
        "iat": issued,
        "exp": issued + 120,
        "jti": "logout-1",
        "sub": "alice",
        "sid": "session-1",
        "events": {EVENT: {}},
        **changes,
    }
    return {name: value for name, value in usual.items() if value is not None}


def posted(token: str, *more: tuple[str, str]) -> Callback:
    return Callback("POST", ADDRESS, "", (("logout_token", token), *more), None)


def receive(world: World, token: str) -> LogoutDemand:
    return world.adapter.receive_logout(world.context(), posted(token))


def token_of(world: World, **changes: Any) -> str:
    return sign(claims_of(world, **changes), world.provider.signer, {"typ": "logout+jwt"})


def refusal(world: World, token: str) -> str:
    return refusal_of(lambda: receive(world, token))


class TestAtTheProvider:
    """What begin_logout sends."""

    def test_the_person_goes_to_the_logout_endpoint_with_the_id_token(self, leaving: World) -> None:
        """RP-Initiated Logout 2: id_token_hint, our address, our state."""
        identity = leaving.login()
        assert (identity.logout_name, identity.session_index) == ("alice", None)
        begun = leaving.adapter.begin_logout(leaving.context(), "handle-9", identity.logout_state)
        assert begun is not None
        assert isinstance(begun.action, Redirect)
        assert begun.action.url.startswith(f"{END_SESSION}?")
        sent = dict(parse_qsl(urlsplit(begun.action.url).query))
        assert sent == {
            "id_token_hint": identity.logout_state["id_token"],
            "client_id": "client-1",
            "post_logout_redirect_uri": "https://portico.test/sso/oidc/con-1/logout",
            "state": "handle-9",
        }

    def test_without_an_endpoint_or_consent_nobody_goes_anywhere(self, leaving: World) -> None:
        """And then the ID token is not kept."""
        leaving.changes["sign_out_at_provider"] = False
        assert leaving.login().logout_state == {}
        assert leaving.adapter.begin_logout(leaving.context(), "h", {}) is None
        del leaving.changes["sign_out_at_provider"]
        leaving.provider.discovery["end_session_endpoint"] = None
        leaving.http.now += timedelta(hours=2)
        assert leaving.adapter.begin_logout(leaving.context(), "h", {}) is None

    @pytest.mark.parametrize("endpoint", ["http://idp.test/logout", "https://127.0.0.1/logout", "javascript:alert(1)"])
    def test_a_bad_endpoint_stops_the_logout_and_not_the_sign_in(self, leaving: World, endpoint: str) -> None:
        """R3: the browser is not sent there."""
        leaving.provider.discovery["end_session_endpoint"] = endpoint
        assert leaving.login().subject == "alice"
        assert refusal_of(lambda: leaving.adapter.begin_logout(leaving.context(), "h", {})) == "browser-url-refused"


class TestLogoutTokens:
    """What of a logout token counts."""

    def test_person_and_session_are_named(self, world: World) -> None:
        """2.4: sub, sid, jti."""
        demand = receive(world, token_of(world))
        assert (demand.name, demand.session_indexes) == ("alice", ("session-1",))
        assert demand.replay_id == f"{world.provider.issuer} logout logout-1"
        assert world.now < demand.replay_until < world.now + timedelta(minutes=15)
        assert world.adapter.answer_logout(world.context(), demand) is None

    @pytest.mark.parametrize(("left_out", "named"), [("sub", (None, ("session-1",))), ("sid", ("alice", ()))])
    def test_one_of_them_is_enough(self, world: World, left_out: str, named: tuple[Any, Any]) -> None:
        """2.6 (5)."""
        demand = receive(world, token_of(world, **{left_out: None}))
        assert (demand.name, demand.session_indexes) == named

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"iss": "https://other.test"}, "id-token-iss"),
            ({"iss": None}, "id-token-iss"),
            ({"aud": "another-client"}, "id-token-aud"),
            ({"aud": ["another-client"]}, "id-token-aud"),
            ({"aud": None}, "id-token-aud"),
            ({"exp": None}, "logout-token-refused"),
            ({"iat": None}, "logout-token-refused"),
            ({"exp": 1}, "id-token-expired"),
            ({"iat": 1}, "id-token-iat"),
            ({"events": None}, "logout-token-refused"),
            ({"events": {}}, "logout-token-refused"),
            ({"events": {EVENT: None}}, "logout-token-refused"),
            ({"events": [EVENT]}, "logout-token-refused"),
            ({"nonce": "n"}, "logout-token-refused"),
            ({"jti": None}, "logout-token-refused"),
            ({"jti": ""}, "logout-token-refused"),
            ({"jti": 7}, "logout-token-refused"),
            ({"sub": None, "sid": None}, "logout-token-refused"),
            ({"sub": ""}, "logout-token-refused"),
            ({"sid": 5}, "logout-token-refused"),
        ],
    )
    def test_what_does_not_fit_is_refused(self, world: World, changes: dict[str, Any], code: str) -> None:
        """2.6: each check."""
        assert refusal(world, token_of(world, **changes)) == code

    def test_an_id_token_is_not_a_logout_token(self, world: World) -> None:
        """2.6 (6), (7): what a person's browser carries signs nobody out."""
        issued = world.provider.usual_claims({"nonce": "n"})
        assert refusal(world, sign(issued, world.provider.signer)) == "logout-token-refused"

    def test_r1_forged_signatures_are_refused(self, world: World) -> None:
        """alg none, HMAC with the public key or the client's secret, another key."""
        claims = claims_of(world)
        assert refusal(world, unsecured(claims)) in ("algorithm-refused", "signature-invalid", "id-token-malformed")
        secret = world.provider.client_secret.encode()
        assert refusal(world, with_symmetric_key(claims, secret, "key-1")) == "algorithm-refused"
        assert refusal(world, sign(claims, signing_key("stranger"))) == "key-unknown"
        stranger = signing_key("stranger")
        assert refusal(world, sign(claims, stranger, {"kid": "key-1"})) == "signature-invalid"

    def test_it_comes_once_and_by_post(self, world: World) -> None:
        """2.5."""
        token = token_of(world)
        for callback in (
            posted(token, ("logout_token", token)),
            Callback("GET", ADDRESS, "", (("logout_token", token),), None),
            Callback("POST", ADDRESS, "", (), None),
            posted("x" * 20_000),
        ):
            refusal_of(lambda callback=callback: world.adapter.receive_logout(world.context(), callback))
