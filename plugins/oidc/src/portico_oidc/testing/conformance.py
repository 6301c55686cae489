"""The class that tests of an adapter on portico_oidc subclass: the contract, and what no such adapter may accept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

import pytest

from portico_oidc.testing.attacks import ATTACKS, Attack
from portico_oidc.testing.context import CALLBACK, NOW
from portico_oidc.testing.http import FakeHttp
from portico_oidc.testing.provider import FakeProvider
from portico_sdk import BeginResult, Callback, Http, ServiceProvider
from portico_sdk.testing import AdapterConformance, expect_refusal
from portico_sdk.testing.setup import SignIn


@dataclass
class OidcProvider:
    """A FakeProvider and one connection to it, as the kit wants them. `fake` is there to be made hostile."""

    fake: FakeProvider
    service_provider: ServiceProvider
    http: Http
    now: datetime = NOW

    def settings(self) -> Mapping[str, Any]:
        """Return what an administrator types."""
        return self.fake.settings()

    def answer(self, begun: BeginResult) -> Callback:
        """Return what the browser brings back after the person signed in."""
        return self.fake.sign_in(begun, path=self.service_provider.redirect_uri)


class OidcConformance(AdapterConformance):
    """What AdapterConformance asks, with an OpenID provider in memory and the forgeries of OpenID Connect.

    Attributes:
        issuer: of the provider, where the adapter accepts certain ones only.
        claims: members of the ID token that replace or join the usual ones; None leaves one out.
        userinfo: the same at the userinfo endpoint.

    Example:
        class TestAcme(OidcConformance):
            spec = SPEC
            claims = {"email": "ada@example.com"}
            expects = {"email": "ada@example.com"}
    """

    issuer: ClassVar[str] = "https://idp.test"
    claims: ClassVar[Mapping[str, Any]] = {}
    userinfo: ClassVar[Mapping[str, Any]] = {}

    def make_provider(self, name: str) -> OidcProvider:
        """Return a provider that behaves, and a connection to it."""
        fake = FakeProvider(self.issuer)
        fake.claims = dict(self.claims)
        fake.userinfo = {"sub": self.claims.get("sub", "alice"), **self.userinfo}
        door = CALLBACK.replace("con-1", f"con-{name}")
        ours = ServiceProvider(
            redirect_uri=door,
            post_logout_redirect_uri=door.replace("/callback", "/logout"),
            backchannel_logout_uri=door.replace("/callback", "/backchannel-logout"),
        )
        return OidcProvider(fake, ours, FakeHttp(fake.answer))

    def forged(self, change: Attack) -> None:
        """Check that a provider which `change` made hostile signs nobody in."""
        sign_in = self.sign_in()
        provider = sign_in.provider
        assert isinstance(provider, OidcProvider)
        change.before(provider.fake)

        def run() -> object:
            begun = sign_in.begin()
            change.between(provider.fake)
            return sign_in.complete(change.answer(provider.answer(begun)))

        if change.by_userinfo and not self._asks_userinfo():
            pytest.skip(f"{self.spec.key} does not ask the userinfo endpoint")
        expect_refusal(run, change.name)

    def _asks_userinfo(self) -> bool:
        sign_in = self.sign_in()
        sign_in.run()
        return bool(sign_in.provider.http.sent_to(f"{self.issuer}/userinfo"))  # type: ignore[attr-defined]

    @pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
    def test_what_no_relying_party_may_accept(self, attack: Attack) -> None:
        """OpenID Connect Core 3.1.3.7, RFC 9207, RFC 7636: each forgery alone is refused."""
        self.forged(attack)

    def test_an_answer_at_another_connections_address_is_refused_or_its_own(self) -> None:
        """The state of a sign-in belongs to one redirect URI."""
        one, two = self.sign_in("one"), self.sign_in("two")
        answer = one.provider.answer(one.begin())
        expect_refusal(lambda: two.complete(answer), "an answer at another connection's address")

    def test_the_request_is_bound_by_nonce_state_and_pkce(self) -> None:
        """RFC 9700 2.1.1, Core 3.1.2.1: S256, never plain; code flow only."""
        sign_in = self.sign_in()
        asked = self._asked(sign_in)
        assert asked.get("response_type") == "code", "response_type is code"
        assert asked.get("code_challenge_method") == "S256", "PKCE is S256"
        assert len(asked.get("code_challenge", "")) == 43, "code_challenge is a SHA-256"
        assert len(asked.get("nonce", "")) >= 22, "a nonce has at least 128 random bits"
        assert asked.get("redirect_uri") == sign_in.provider.service_provider.redirect_uri, "redirect_uri is ours"
        assert "openid" in asked.get("scope", "").split(), "the scope openid is asked for"

    def test_pkce_and_nonce_are_new_each_time(self) -> None:
        """A value that repeats binds nothing."""
        sign_in = self.sign_in()
        first, second = self._asked(sign_in), self._asked(sign_in)
        for name in ("nonce", "code_challenge"):
            assert first[name] != second[name], f"{name} is the same in two sign-ins"

    def _asked(self, sign_in: SignIn) -> dict[str, str]:
        provider = sign_in.provider
        assert isinstance(provider, OidcProvider)
        provider.answer(sign_in.begin())
        return provider.fake.requests[-1]

    def test_a_response_type_is_not_mixed(self) -> None:
        """An ID token that arrives by browser beside the code is not believed."""
        sign_in = self.sign_in()
        answer = sign_in.provider.answer(sign_in.begin())
        without = tuple((name, value) for name, value in answer.unverified_params if name != "code")
        smuggled = replace(answer, unverified_params=(*without, ("id_token", "eyJhbGciOiJub25lIn0.e30.")))
        expect_refusal(lambda: sign_in.complete(smuggled), "an ID token in the place of the code")
