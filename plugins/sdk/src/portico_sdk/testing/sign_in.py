"""Checks of one sign-in: where the browser goes, what comes back, and what is never believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from portico_sdk.flow import BeginResult, Callback, CheckResult, ExternalIdentity, FormPost, HttpResponse, Redirect
from portico_sdk.testing.setup import Setup, SignIn
from portico_sdk.testing.verdicts import accepted_or_refused, check_identity, expect_refusal

MAX_STATE = 4096
MAX_REPLAY = timedelta(hours=24, minutes=10)

_ANSWERS = {
    "an empty body": HttpResponse(200, {"content-type": "application/json"}, b""),
    "a web page": HttpResponse(200, {"content-type": "text/html"}, b"<html><title>Sign in</title>"),
    "an error": HttpResponse(500, {"content-type": "text/plain"}, b"boom"),
    "no object": HttpResponse(200, {"content-type": "application/json"}, b"[1, 2]"),
    "bytes": HttpResponse(200, {"content-type": "application/json"}, bytes(range(256))),
    "deep nesting": HttpResponse(200, {"content-type": "application/json"}, b"[" * 100_000),
}


class SignInChecks(Setup):
    """The methods `begin` and `complete`."""

    def test_a_sign_in_gives_an_identity(self) -> None:
        """Begin, the provider's honest answer, complete: a proven identity in the contract's form."""
        sign_in = self.sign_in()
        identity = check_identity(sign_in.run())
        now = sign_in.provider.now
        assert now < identity.replay_until <= now + MAX_REPLAY, "replay_until lies ahead, within a day"
        assert sign_in.records, "complete notes its checks by context.record; this one noted none"
        assert all(type(one) is CheckResult for one in sign_in.records), "context.record takes a CheckResult"
        failed = [one.name for one in sign_in.records if not one.passed]
        assert not failed, f"an accepted sign-in has failed checks in its trace: {', '.join(failed)}"

    def test_begin_sends_the_browser_where_the_guard_allows(self) -> None:
        """The address was asked of `check_browser_url`; a settings page must not become an open redirector."""
        sign_in = self.sign_in()
        begun = sign_in.begin()
        assert type(begun) is BeginResult, f"begin gave a {type(begun).__name__}, not a BeginResult"
        assert isinstance(begun.action, Redirect | FormPost), "the action is a Redirect or a FormPost"
        assert sign_in.http.was_checked(begun.action.url), "begin sends the browser without check_browser_url"

    def test_begin_takes_no_for_an_answer(self) -> None:
        """Where the guard lets no browser go, no sign-in begins."""
        sign_in = self.sign_in()
        sign_in.http.closed = True
        expect_refusal(sign_in.begin, "begin although check_browser_url refused")

    def test_the_handle_travels_unchanged(self) -> None:
        """By it the gateway finds the sign-in again."""
        sign_in = self.sign_in()
        values = _values_of(sign_in.begin())
        assert sign_in.handle in values.values(), "the handle is no parameter of what the browser takes to the provider"

    def test_the_state_is_a_small_mapping_of_texts(self) -> None:
        """The gateway stores it, encrypted."""
        state = self.sign_in().begin().state
        assert isinstance(state, Mapping), "state is a mapping"
        assert all(isinstance(k, str) and isinstance(v, str) for k, v in state.items()), "state holds texts only"
        assert sum(len(k) + len(v) for k, v in state.items()) <= MAX_STATE, f"state has at most {MAX_STATE} characters"

    def test_two_sign_ins_are_not_alike(self) -> None:
        """Request id, nonce and the like are new each time: what one answers is no answer to the other."""
        sign_in = self.sign_in()
        first, second = sign_in.begin(), sign_in.begin()
        assert dict(first.state) != dict(second.state), (
            "two sign-ins have the same state: nothing binds an answer to one"
        )

    def test_an_answer_to_nobodys_question_is_refused(self) -> None:
        """A callback without state: nobody began it here."""
        sign_in = self.sign_in()
        answer = sign_in.provider.answer(sign_in.begin())
        self.refused(sign_in, replace(answer, state=None), "an answer that nobody asked for")

    def test_an_answer_to_another_question_is_refused(self) -> None:
        """Login CSRF and mix-up: an answer to one sign-in under the state of another."""
        sign_in = self.sign_in()
        mine, theirs = sign_in.begin(), sign_in.begin()
        answer = sign_in.provider.answer(theirs)
        self.refused(sign_in, replace(answer, state=mine.state), "an answer to another sign-in")

    @pytest.mark.parametrize("how", ["empty", "foreign", "blank values"])
    def test_a_state_of_another_form_is_refused(self, how: str) -> None:
        """As after an update of the adapter, in the middle of sign-ins."""
        sign_in = self.sign_in()
        answer = sign_in.provider.answer(sign_in.begin())
        states = {"empty": {}, "foreign": {"x": "y"}, "blank values": dict.fromkeys(answer.state or {}, "")}
        self.refused(sign_in, replace(answer, state=states[how]), f"a state that is {how}")

    @pytest.mark.parametrize("how", ["nothing", "repeated", "garbage", "huge", "control characters", "surrogates"])
    def test_a_malformed_answer_is_refused(self, how: str) -> None:
        """Whatever a browser brings: SignInRefused, never another exception and never an identity."""
        sign_in = self.sign_in()
        answer = sign_in.provider.answer(sign_in.begin())
        damaged: Any = {
            "nothing": (),
            "repeated": answer.unverified_params * 2,
            "garbage": tuple((name, "%%% ~~ garbage") for name, _ in answer.unverified_params),
            "huge": tuple((name, "A" * 300_000) for name, _ in answer.unverified_params),
            "control characters": tuple((name, "\x00\x1b[2J\n") for name, _ in answer.unverified_params),
            "surrogates": tuple((name, "\ud800") for name, _ in answer.unverified_params),
        }[how]
        self.refused(sign_in, replace(answer, unverified_params=damaged), f"an answer of {how}")

    def test_an_error_of_the_provider_is_a_refusal(self) -> None:
        """An answer that carries an OAuth error, or nothing that the protocol knows."""
        sign_in = self.sign_in()
        answer = sign_in.provider.answer(sign_in.begin())
        params = (("error", "access_denied"), ("state", sign_in.handle), ("RelayState", sign_in.handle))
        self.refused(sign_in, replace(answer, unverified_params=params), "the provider's error")

    def test_the_same_proof_has_the_same_replay_id(self) -> None:
        """The gateway remembers `replay_id`; a proof shown twice must be known by it, or be refused here."""
        sign_in = self.sign_in()
        answer = sign_in.provider.answer(sign_in.begin())
        first = check_identity(sign_in.complete(answer))
        second = accepted_or_refused(lambda: sign_in.complete(answer), "the same answer again")
        if isinstance(second, ExternalIdentity):
            assert second.replay_id == first.replay_id, "the same proof got another replay_id: it could be used twice"

    def test_another_proof_has_another_replay_id(self) -> None:
        """Else the second person of the day would be taken for a replay."""
        sign_in = self.sign_in()
        identities = [check_identity(sign_in.run()) for _ in range(2)]
        assert identities[0].replay_id != identities[1].replay_id, (
            "two sign-ins have one replay_id: the second is refused"
        )
        assert identities[0].subject == identities[1].subject, "the same person has another subject the next time"

    def test_a_network_that_fails_is_a_refusal(self) -> None:
        """Where an answer from outside is needed and does not come, nobody is signed in, and nothing breaks."""
        sign_in = self.sign_in()
        sign_in.http.failing = True
        begun = accepted_or_refused(sign_in.begin, "begin without network")
        if isinstance(begun, BeginResult):
            self._completes_only_without_asking(sign_in, begun, "complete without network")

    @pytest.mark.parametrize("what", _ANSWERS)
    def test_a_broken_answer_from_outside_is_a_refusal(self, what: str) -> None:
        """Documents and endpoints of a provider may say anything."""
        sign_in = self.sign_in()
        sign_in.http.instead = _ANSWERS[what]
        begun = accepted_or_refused(sign_in.begin, f"begin when every answer is {what}")
        if isinstance(begun, BeginResult):
            self._completes_only_without_asking(sign_in, begun, f"complete when every answer is {what}")

    def refused(self, sign_in: SignIn, callback: Callback, what: str) -> None:
        """Check that this answer is refused, and that the refusal shows no secret."""
        expect_refusal(lambda: sign_in.complete(callback), what)

    def _completes_only_without_asking(self, sign_in: SignIn, begun: BeginResult, what: str) -> None:
        asked = len(sign_in.http.asked)
        outcome = accepted_or_refused(lambda: sign_in.complete(sign_in.provider.answer(begun)), what)
        if isinstance(outcome, ExternalIdentity):
            assert len(sign_in.http.asked) == asked, (
                f"{what}: what was asked for did not come, and it signs in all the same"
            )


def _values_of(begun: BeginResult) -> dict[str, str]:
    if isinstance(begun.action, Redirect):
        return dict(parse_qsl(urlsplit(begun.action.url).query))
    return dict(begun.action.fields)
