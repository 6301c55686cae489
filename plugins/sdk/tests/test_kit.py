"""The kit itself: an adapter that keeps the contract passes, and each that breaks it fails for the right reason."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from portico_sdk import (
    AdapterContext,
    AdapterSpec,
    BeginRequest,
    BeginResult,
    Callback,
    CheckResult,
    ClaimRule,
    Clue,
    Document,
    Explanation,
    ExternalIdentity,
    Failure,
    FieldProblem,
    HttpResponse,
    Pasted,
    PasteError,
    ProviderUnreachable,
    Redirect,
    ServiceProvider,
    SettingField,
    SettingsError,
    SetupStep,
    SignInRefused,
)
from portico_sdk.testing import AdapterConformance

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
FIELDS = (
    SettingField("issuer", "url", "Issuer", required=True, editable_by="customer", example="https://idp.example"),
    SettingField("client_secret", "secret", "Client secret", required=True, secret=True, editable_by="customer"),
    SettingField("level", "choice", "Level", choices=("low", "high"), default="low"),
    SettingField("skew_s", "integer", "Clock skew", default=60, minimum=0, maximum=300),
)
STEPS = (
    SetupStep("register", "Register an app", copies=(("redirect_uri", "Callback"),), asks=("issuer", "client_secret")),
)


class Toy:
    """An adapter for a protocol of its own: a code, and a JSON answer from the provider that repeats our nonce."""

    replay = staticmethod(lambda answer, context: str(answer["id"]))

    def validate(self, settings: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        kinds: dict[str, Callable[[Any], bool]] = {
            "issuer": lambda value: isinstance(value, str) and value.startswith("https://"),
            "client_secret": lambda value: isinstance(value, str),
            "level": lambda value: value in ("low", "high"),
            "skew_s": lambda value: type(value) is int and 0 <= value <= 300,
        }
        wrong = [
            FieldProblem(name, "wrong", "This cannot be used.")
            for name, value in settings.items()
            if name not in kinds or (value is not None and not kinds[name](value))
        ]
        if wrong:
            raise SettingsError(*wrong)
        return {field.name: settings.get(field.name, field.default) for field in FIELDS}

    def check_ready(self, settings: Mapping[str, Any], now: datetime) -> None:
        if not settings["issuer"] or not settings["client_secret"]:
            raise SettingsError(FieldProblem("issuer", "required", "This is needed."))

    def begin(self, context: AdapterContext, request: BeginRequest) -> BeginResult:
        url = f"{context.settings['issuer']}/authorize"
        context.http.check_browser_url(url)
        nonce = self.nonce(context)
        return BeginResult(Redirect(f"{url}?state={request.handle}&nonce={nonce}"), {"nonce": nonce})

    def nonce(self, context: AdapterContext) -> str:
        return context.random(16).hex()

    def complete(self, context: AdapterContext, callback: Callback) -> ExternalIdentity:
        nonce, code = (callback.state or {}).get("nonce"), callback.single("code")
        if not nonce or not code:
            raise SignInRefused("toy-answer", "no state, or no code")
        data = {"code": code, "secret": context.settings["client_secret"]}
        response = context.http.request("POST", f"{context.settings['issuer']}/token", data=data)
        try:
            answer = json.loads(response.body)
            said = (answer["nonce"], answer["iss"])
        except (ValueError, KeyError, TypeError, RecursionError):
            raise SignInRefused("toy-malformed", "no answer") from None
        if said != (nonce, context.settings["issuer"]):
            raise SignInRefused("toy-nonce", "not ours")
        context.record(CheckResult("nonce", True))
        return ExternalIdentity(
            subject=answer["sub"],
            subject_source="sub",
            issuer=answer["iss"],
            attributes={"mail": (answer["mail"],)},
            replay_id=self.replay(answer, context),
            replay_until=context.now + timedelta(minutes=5),
        )

    def explain(self, failure: Failure) -> Explanation | None:
        return Explanation("toy-nonce", "Begin again.") if failure.code == "toy-nonce" else None

    def recognize(self, clue: Clue) -> bool:
        return clue.text == "https://toy.example/metadata"

    def read_pasted(self, text: str) -> Pasted:
        if not text.startswith("mail="):
            raise PasteError("toy-paste", "This is nothing that a toy sends.")
        return Pasted({"mail": (text[5:],)})


class ToyHttp:
    """The toy provider's network."""

    def __init__(self, answers: dict[str, dict[str, Any]]) -> None:
        self.answers = answers

    def request(self, method: str, url: str, *, headers: Any = None, data: Any = None) -> HttpResponse:
        if data["secret"] != "toy-secret-value" or data["code"] not in self.answers:
            return HttpResponse(400, {}, b"{}")
        return HttpResponse(200, {}, json.dumps(self.answers[data["code"]]).encode())

    def document(self, url: str, *, max_age_s: int = 3600, newer_than: datetime | None = None) -> Document:
        raise ProviderUnreachable("none", url)

    def guard(self, session: Any) -> Any:
        return session

    def check_browser_url(self, url: str) -> None:
        return None


class ToyProvider:
    """The toy provider."""

    now = NOW

    def __init__(self, name: str) -> None:
        self.answers: dict[str, dict[str, Any]] = {}
        self.http = ToyHttp(self.answers)
        self.issuer = f"https://{name}.example"
        self.service_provider = ServiceProvider(redirect_uri=f"https://portico.example/sso/oidc/con-{name}/callback")

    def settings(self) -> Mapping[str, Any]:
        return {"issuer": self.issuer, "client_secret": "toy-secret-value"}

    def answer(self, begun: BeginResult) -> Callback:
        assert isinstance(begun.action, Redirect)
        asked = dict(parse_qsl(urlsplit(begun.action.url).query))
        code = f"code-{len(self.answers)}"
        self.answers[code] = {"nonce": asked["nonce"], "iss": self.issuer, "sub": "ada", "mail": "ada@x.example",
                              "id": f"{self.issuer} {asked['nonce']}"}  # fmt: skip
        params = (("code", code), ("state", asked["state"]))
        return Callback("GET", self.service_provider.redirect_uri, "", params, begun.state)


SPEC = AdapterSpec(
    key="toy-oidc",
    label="Toy",
    protocol="oidc",
    adapter=Toy(),
    settings=FIELDS,
    setup_steps=STEPS,
    claim_rules=(ClaimRule("email", ("mail",)),),
    capabilities=frozenset({"explain", "recognize", "read_pasted"}),
)


class TestToy(AdapterConformance):
    """An adapter that keeps the contract passes the whole kit."""

    spec = SPEC
    expects = {"email": "ada@x.example"}
    recognizes = ("https://toy.example/metadata",)

    def make_provider(self, name: str) -> ToyProvider:
        return ToyProvider(name)


# --- Adapters that break it


class ShowsItsSecret(Toy):
    def begin(self, context: AdapterContext, request: BeginRequest) -> BeginResult:
        begun = super().begin(context, request)
        assert isinstance(begun.action, Redirect)
        secret = quote(context.settings["client_secret"])
        return replace(begun, action=Redirect(f"{begun.action.url}&client_secret={secret}"))


class TracesItsSecret(Toy):
    def complete(self, context: AdapterContext, callback: Callback) -> ExternalIdentity:
        context.record(CheckResult("secret", True, expected=context.settings["client_secret"]))
        return super().complete(context, callback)


class GoesOutByItself(Toy):
    def complete(self, context: AdapterContext, callback: Callback) -> ExternalIdentity:
        with suppress(OSError):
            socket.create_connection(("169.254.169.254", 80), timeout=1)
        return super().complete(context, callback)


class Remembers(Toy):
    def __init__(self) -> None:
        self.seen: dict[str, str] = {}

    def complete(self, context: AdapterContext, callback: Callback) -> ExternalIdentity:
        identity = super().complete(context, callback)
        self.seen[context.connection_id] = identity.subject
        return identity


class BelievesAnybody(Toy):
    def complete(self, context: AdapterContext, callback: Callback) -> ExternalIdentity:
        answer = json.loads(context.http.request("POST", "", data={"code": callback.single("code") or "",
                            "secret": context.settings["client_secret"]}).body)  # fmt: skip
        context.record(CheckResult("none", True))
        return ExternalIdentity(
            "ada", "sub", "x", {"mail": ("ada@x.example",)}, answer["id"], context.now + timedelta(1)
        )


class IgnoresTheNonce(Toy):
    def complete(self, context: AdapterContext, callback: Callback) -> ExternalIdentity:
        code = callback.single("code") or ""
        stored = context.http.request("", "", data={"code": code, "secret": context.settings["client_secret"]})
        nonce = json.loads(stored.body).get("nonce", "")
        return super().complete(context, replace(callback, state=callback.state and {"nonce": nonce}))


class StumblesOverGarbage(Toy):
    def complete(self, context: AdapterContext, callback: Callback) -> ExternalIdentity:
        assert dict(callback.unverified_params)["code"].startswith("code-")
        return super().complete(context, callback)


class ProvesNothing(Toy):
    replay = staticmethod(lambda answer, context: "")


class NewReplayIdEachTime(Toy):
    replay = staticmethod(lambda answer, context: context.random(8).hex())


class OneReplayIdForAll(Toy):
    replay = staticmethod(lambda answer, context: "once")


class AsksNoGuard(Toy):
    def begin(self, context: AdapterContext, request: BeginRequest) -> BeginResult:
        nonce = self.nonce(context)
        url = f"{context.settings['issuer']}/authorize?state={request.handle}&nonce={nonce}"
        return BeginResult(Redirect(url), {"nonce": nonce})


class ChangesTheHandle(Toy):
    def begin(self, context: AdapterContext, request: BeginRequest) -> BeginResult:
        return super().begin(context, replace(request, handle=request.handle.upper()))


class OneNonceForAll(Toy):
    def nonce(self, context: AdapterContext) -> str:
        return "0123456789abcdef"


class TakesAnySetting(Toy):
    def validate(self, settings: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        return super().validate({name: value for name, value in settings.items() if name in self.names}, now)

    names = frozenset(field.name for field in FIELDS)


class StumblesOverSettings(Toy):
    def validate(self, settings: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        settings.get("issuer", "").strip()
        return super().validate(settings, now)


class TakesAnyChoice(Toy):
    def validate(self, settings: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        return super().validate({n: v for n, v in settings.items() if n != "level" or not isinstance(v, str)}, now)


class DemandsInADraft(Toy):
    def validate(self, settings: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        if "issuer" not in settings:
            raise SettingsError(FieldProblem("issuer", "required", "This is needed."))
        return super().validate(settings, now)


class LosesASetting(Toy):
    def validate(self, settings: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        return {name: value for name, value in super().validate(settings, now).items() if name != "skew_s"}


class NamesOneProblem(Toy):
    def validate(self, settings: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        try:
            return super().validate(settings, now)
        except SettingsError as error:
            raise SettingsError(error.problems[0]) from None


class ActivatesAnything(Toy):
    def check_ready(self, settings: Mapping[str, Any], now: datetime) -> None:
        return None


class SignsInWithoutNetwork(Toy):
    def complete(self, context: AdapterContext, callback: Callback) -> ExternalIdentity:
        try:
            return super().complete(context, callback)
        except ProviderUnreachable:
            until = context.now + timedelta(minutes=5)
            return ExternalIdentity("ada", "sub", "x", {}, callback.single("code") or "x", until)


class GivesLists(Toy):
    def complete(self, context: AdapterContext, callback: Callback) -> ExternalIdentity:
        return replace(super().complete(context, callback), attributes={"mail": ["ada@x.example"]})  # type: ignore[dict-item]


class TracesNothing(Toy):
    def complete(self, context: AdapterContext, callback: Callback) -> ExternalIdentity:
        return super().complete(replace(context, record=lambda _: None), callback)


class RepeatsStrangers(Toy):
    def explain(self, failure: Failure) -> Explanation | None:
        return Explanation("toy-error", f"The provider said: {failure.detail}")


class RepeatsWhatWasPasted(Toy):
    def read_pasted(self, text: str) -> Pasted:
        raise PasteError("toy-paste", f"This is no toy: {text}")


class KnowsEverybody(Toy):
    def recognize(self, clue: Clue) -> bool:
        return True


BROKEN: list[tuple[type[Toy], str, str]] = [
    (ShowsItsSecret, "test_secrets_stay_inside", "shows a secret"),
    (TracesItsSecret, "test_secrets_stay_inside", "the trace shows a secret"),
    (GoesOutByItself, "test_every_request_goes_through_the_guard", "169.254.169.254"),
    (Remembers, "test_nothing_is_kept_but_in_the_cache", "adapter.seen"),
    (BelievesAnybody, "test_an_answer_to_nobodys_question_is_refused", "nobody asked for"),
    (IgnoresTheNonce, "test_an_answer_to_another_question_is_refused", "another sign-in"),
    (StumblesOverGarbage, "test_a_malformed_answer_is_refused[nothing]", "it raised KeyError"),
    (StumblesOverGarbage, "test_a_malformed_answer_is_refused[garbage]", "it raised AssertionError"),
    (ProvesNothing, "test_a_sign_in_gives_an_identity", "replay_id is empty"),
    (NewReplayIdEachTime, "test_the_same_proof_has_the_same_replay_id", "used twice"),
    (OneReplayIdForAll, "test_another_proof_has_another_replay_id", "the second is refused"),
    (AsksNoGuard, "test_begin_sends_the_browser_where_the_guard_allows", "without check_browser_url"),
    (AsksNoGuard, "test_begin_takes_no_for_an_answer", "must be refused"),
    (ChangesTheHandle, "test_the_handle_travels_unchanged", "the handle is no parameter"),
    (OneNonceForAll, "test_two_sign_ins_are_not_alike", "the same state"),
    (TakesAnySetting, "test_an_unknown_setting_is_refused", "is accepted"),
    (StumblesOverSettings, "test_a_value_of_another_kind_is_refused[a list of objects]", "not AttributeError"),
    (TakesAnyChoice, "test_choices_and_bounds_are_kept", "none-of-the-choices"),
    (DemandsInADraft, "test_a_draft_may_be_empty", ""),
    (LosesASetting, "test_settings_come_back_canonical", "skew_s"),
    (NamesOneProblem, "test_every_problem_is_named_at_once", "are named"),
    (ActivatesAnything, "test_working_settings_are_ready", "lets an empty connection"),
    (SignsInWithoutNetwork, "test_a_network_that_fails_is_a_refusal", "signs in all the same"),
    (GivesLists, "test_a_sign_in_gives_an_identity", "not a tuple of texts"),
    (TracesNothing, "test_a_sign_in_gives_an_identity", "noted none"),
    (RepeatsStrangers, "test_explanations_are_constant_texts", "repeats what was received"),
    (RepeatsWhatWasPasted, "test_what_was_pasted_is_read_or_refused", "repeats what was pasted"),
    (KnowsEverybody, "test_in_doubt_nothing_is_recognized", "recognizes ''"),
]


def run(kit: type[AdapterConformance]) -> dict[str, str]:
    """Return the tests of a kit that fail, with their message; parametrized ones by their id."""
    failed: dict[str, str] = {}
    for name in sorted(name for name in dir(kit) if name.startswith("test_")):
        marks = [mark for mark in getattr(getattr(kit, name), "pytestmark", []) if mark.name == "parametrize"]
        cases = [(f"[{value}]", (value,)) for value in marks[0].args[1]] if marks else [("", ())]
        for suffix, arguments in cases:
            try:
                getattr(kit(), name)(*arguments)
            except pytest.skip.Exception:
                continue
            except Exception as error:
                failed[name + suffix] = str(error)
    return failed


@pytest.mark.parametrize(("broken", "test", "says"), BROKEN, ids=lambda value: getattr(value, "__name__", None))
def test_an_adapter_that_breaks_the_contract_fails_for_the_right_reason(
    broken: type[Toy], test: str, says: str
) -> None:
    """Issue 3: deliberately broken adapters."""

    class Kit(TestToy):
        spec = replace(SPEC, adapter=broken())

    failed = run(Kit)
    assert test in failed, failed
    assert says in failed[test]


def step(**changes: Any) -> dict[str, Any]:
    return {"setup_steps": (replace(STEPS[0], **changes),)}


@pytest.mark.parametrize(
    ("changes", "test"),
    [
        ({"key": "Toy_OIDC"}, "test_the_spec_keeps_the_contract"),
        ({"contract": "2.0"}, "test_the_spec_keeps_the_contract"),
        ({"capabilities": frozenset({"metadata_import"})}, "test_the_spec_keeps_the_contract"),
        (step(asks=("issuer",)), "test_what_a_customer_must_fill_in_is_asked_for"),
        (step(copies=(("acs_url", "ACS"),)), "test_setup_steps_copy_what_this_protocol_has"),
        (step(title=" "), "test_setup_steps_are_worded"),
        ({"settings": (*FIELDS[:3], replace(FIELDS[3], label="Level"))}, "test_settings_can_be_told_apart"),
        ({"claim_rules": (ClaimRule("email", ()),)}, "test_no_claim_rule_is_empty"),
        ({"claim_rules": (ClaimRule("email", ("Mail",)),)}, "test_claim_rules_read_what_the_provider_sends"),
        ({"claim_rules": ()}, "test_claim_rules_read_what_the_provider_sends"),
    ],
)  # fmt: skip
def test_a_spec_that_breaks_the_contract_fails_for_the_right_reason(changes: dict[str, Any], test: str) -> None:
    class Kit(TestToy):
        spec = replace(SPEC, **changes)

    assert test in run(Kit)


# --- Inherited tests stay


def test_an_inherited_test_cannot_be_replaced() -> None:
    """As in the kits of others: neither deleted nor overridden."""
    with pytest.raises(TypeError, match="test_secrets_stay_inside"):

        class Kit(TestToy):
            def test_secrets_stay_inside(self) -> None:
                """Not here."""

    with pytest.raises(TypeError, match="test_secrets_stay_inside"):

        class Other(TestToy):
            test_secrets_stay_inside = None  # type: ignore[assignment]


def test_an_inherited_test_may_be_expected_to_fail_with_a_reason() -> None:
    with pytest.raises(TypeError):

        class Silent(TestToy):
            @pytest.mark.xfail
            def test_secrets_stay_inside(self) -> None:
                super().test_secrets_stay_inside()

    class Kit(TestToy):
        @pytest.mark.xfail(reason="the provider repeats it, issue 12")
        def test_secrets_stay_inside(self) -> None:
            super().test_secrets_stay_inside()

    assert run(Kit) == {}


@pytest.mark.parametrize(
    "how", [{"pytestmark": pytest.mark.skip}, {"pytestmark": [pytest.mark.skipif]}, {"__test__": False}]
)
def test_the_kit_is_not_skipped_as_a_whole(how: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        type("Kit", (TestToy,), how)
