"""R4, R5: the answer belongs to this browser, this connection and this provider (RFC 9700 4.4, 4.5, 4.7)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portico_oidc.testing import CALLBACK, FakeHttp, FakeProvider, World, refusal_of, returned
from portico_sdk import BeginRequest, Callback, ProviderRefused, SignInRefused


def test_state_of_another_sign_in(world: World) -> None:
    """R4: the parameter `state` is the one that this browser's request carried."""
    mine, other = world.begin(), world.begin(BeginRequest(handle="handle-2"))
    answer = world.provider.sign_in(other)
    assert world.refused_answer(replace(answer, state=mine.state)) == "state-mismatch"


@pytest.mark.parametrize("sent", [(), (("state", ""),), (("state", "x"),), (("state", "handle-1 "),)])
def test_state_missing_or_wrong(world: World, sent: tuple[tuple[str, str], ...]) -> None:
    """R4: no state, no sign-in."""
    assert world.refused_answer(returned(world.begin().state, ("code", "c"), *sent)) == "state-mismatch"


def test_nobody_asked(world: World) -> None:
    """R4: an answer without a request of ours (login CSRF) redeems no code."""
    answer = world.provider.sign_in(world.begin())
    assert world.refused_answer(replace(answer, state=None)) == "state-missing"
    assert not world.http.sent_to("https://idp.test/token")


@pytest.mark.parametrize("lost", ["handle", "nonce", "code_verifier", "issuer", "asked_at", "redirect_uri"])
def test_state_of_another_version_of_the_adapter(world: World, lost: str) -> None:
    """What was kept is complete, or the sign-in begins again."""
    begun = world.begin()
    answer = world.provider.sign_in(begun)
    kept = {name: value for name, value in begun.state.items() if name != lost}
    assert world.refused_answer(replace(answer, state=kept)) == "state-missing"


@pytest.mark.parametrize("name", ["code", "state", "iss", "error"])
def test_parameters_sent_twice(world: World, name: str) -> None:
    """R4: which of two values counts is nobody's guess."""
    world.provider.params["iss"] = "https://idp.test"
    answer = world.provider.sign_in(world.begin())
    twice = replace(answer, unverified_params=(*answer.unverified_params, (name, "x"), (name, "y")))
    assert world.refused_answer(twice) == "parameter-repeated"


def test_an_error_of_the_provider_is_quoted_trimmed(world: World) -> None:
    """R4: an error response is a refusal in the provider's words; no code beside it is redeemed."""
    begun = world.begin()
    said = "AADSTS50105: not assigned\r\n<script>" + "x" * 5000
    answer = returned(
        begun.state, ("error", "access_denied"), ("error_description", said), ("state", "handle-1"), ("code", "c")
    )
    with pytest.raises(ProviderRefused) as refused:
        world.complete(answer)
    assert refused.value.code == "provider-error"
    assert refused.value.detail.startswith("access_denied: AADSTS50105: not assigned")
    assert len(refused.value.detail) < 300
    assert "\n" not in refused.value.detail
    assert not world.http.sent_to("https://idp.test/token")


@pytest.mark.parametrize("code", ["", "\x00", "é", "x" * 4097, "a\nb"])
def test_codes_that_are_none(world: World, code: str) -> None:
    """RFC 6749 appendix A.11: a code is printable ASCII."""
    world.provider.params["code"] = code
    assert world.refusal() == "code-missing"
    assert not world.http.sent_to("https://idp.test/token")


def test_code_from_an_attackers_session(world: World) -> None:
    """R4, RFC 9700 4.5: a code that was issued for another request fails its PKCE."""
    attackers = World(world.provider)
    stolen = world.provider.sign_in(
        attackers.adapter.begin(attackers.context(connection_id="con-evil"), BeginRequest(handle="h"))
    ).single("code")
    mine = world.begin()
    answer = returned(mine.state, ("code", str(stolen)), ("state", "handle-1"))
    assert world.refused_answer(answer) == "token-refused"


def test_code_injected_where_the_provider_ignores_pkce(world: World) -> None:
    """R4: old providers ignore PKCE; the nonce still binds the token to the request."""
    begun = world.begin()
    world.provider.claims = {"nonce": "of-the-attacker"}
    assert world.refused_answer(world.provider.sign_in(begun)) == "id-token-nonce"


class TestMixUp:
    """R5: an honest provider's answer at an attacker's connection, and the other way round."""

    def test_iss_parameter_of_another_provider(self, world: World) -> None:
        """RFC 9207 2.4: when present it is compared, announced or not."""
        world.provider.params["iss"] = "https://honest.test"
        assert world.refusal() == "iss-mismatch"
        assert not world.http.sent_to("https://idp.test/token")

    @pytest.mark.parametrize("iss", ["", "https://idp.test/", "https://IDP.test", "https://idp.test\n"])
    def test_iss_parameter_is_compared_exactly(self, world: World, iss: str) -> None:
        world.provider.params["iss"] = iss
        assert world.refusal() == "iss-mismatch"

    def test_iss_parameter_taken_away(self, world: World) -> None:
        """RFC 9207 2.4: a provider that announces it always sends it."""
        world.provider.discovery["authorization_response_iss_parameter_supported"] = True
        assert world.refusal() == "iss-missing"
        assert not world.http.sent_to("https://idp.test/token")
        world.provider.params["iss"] = "https://idp.test"
        assert world.login().subject == "alice"

    def test_code_of_the_honest_provider_is_not_sent_to_the_attacker(self) -> None:
        """The browser is at the attacker's callback with the honest provider's code: state and iss refuse first."""
        honest, attacker = World(FakeProvider("https://honest.test")), World(FakeProvider("https://attacker.test"))
        honest.provider.params["iss"] = "https://honest.test"
        code_of_honest = honest.provider.sign_in(honest.begin())
        begun = attacker.begin()
        assert attacker.refused_answer(replace(code_of_honest, state=begun.state)) == "iss-mismatch"
        assert not attacker.http.sent_to("https://attacker.test/token")

    def test_token_of_the_honest_provider_at_the_attackers_token_endpoint(self) -> None:
        """The attacker's token endpoint hands out a token that the honest provider signed."""
        honest, attacker = FakeProvider("https://honest.test"), FakeProvider("https://attacker.test")
        attacker.claims = {"iss": honest.issuer}
        attacker.signer = honest.signer
        assert World(attacker).refusal() == "id-token-iss"

    def test_each_connection_has_its_own_redirect_uri(self, world: World) -> None:
        """A code for one connection's callback is not redeemed at another's."""
        begun = world.begin()
        answer = world.provider.sign_in(begun)
        elsewhere = world.context(redirect_uri=CALLBACK.replace("con-1", "con-2"))
        assert refusal_of(lambda: world.adapter.complete(elsewhere, answer)) == "settings-changed"


@pytest.mark.parametrize("changed", [{"issuer": "https://new.test"}, {"client_id": "client-2"}])
def test_connection_changed_meanwhile(world: World, changed: dict[str, str]) -> None:
    """A connection that trusts another provider now does not accept what the old one began."""
    answer = world.provider.sign_in(world.begin())
    world.changes |= changed
    assert world.refused_answer(answer) == "settings-changed"


def test_the_same_answer_twice(world: World) -> None:
    """R4: a code is single-use at the provider; the gateway has consumed the state and remembers replay_id besides."""
    answer = world.provider.sign_in(world.begin())
    first = world.complete(answer)
    assert world.refused_answer(answer) == "token-refused"
    assert first.replay_id
    assert first.replay_until > world.now


def test_replay_ids_differ_between_sign_ins_and_connections(world: World) -> None:
    """`replay_id` names the one request that the proof answers."""
    one = world.login()
    other = World(world.provider)
    two = other.adapter.complete(
        other.context(connection_id="con-2"),
        world.provider.sign_in(other.adapter.begin(other.context(connection_id="con-2"), BeginRequest(handle="h"))),
    )
    assert one.replay_id != two.replay_id


def test_form_post_is_read_like_a_query(world: World) -> None:
    """Form Post Response Mode 1.0: the same parameters in a form."""
    world.changes["response_mode"] = "form_post"
    begun = world.begin()
    assert world.complete(world.provider.sign_in(begun, method="POST")).subject == "alice"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_parameters_at_all(world: World, method: str) -> None:
    """An empty request is a refusal, not an error."""
    callback = Callback("POST" if method == "POST" else "GET", CALLBACK, "", (), None)
    with pytest.raises(SignInRefused):
        world.complete(callback)


def test_whatever_goes_wrong_is_a_refusal(world: World) -> None:
    """No exception but SignInRefused leaves `complete`."""
    answer = world.provider.sign_in(world.begin())

    def broken(_request: object) -> object:
        raise ZeroDivisionError("a secret: s3cret")

    world.http = FakeHttp(broken)  # type: ignore[arg-type]
    with pytest.raises(SignInRefused) as refused:
        world.complete(answer)
    assert refused.value.code == "answer-unexpected"
    assert "s3cret" not in str(refused.value)
