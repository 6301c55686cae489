"""The examples of the reference, as they stand on its page. Each test is one of them; `shows` names what it is about."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest

import portico_sdk
from portico_sdk import (
    CAPABILITIES,
    CONTRACT_VERSION,
    ENTRY_POINT_GROUP,
    PROFILE_FIELDS,
    PROJECT,
    SYMPTOMS,
    UNREACHABLE,
    UNREACHABLE_ROWS,
    Adapter,
    AdapterContext,
    AdapterError,
    AdapterSpec,
    BeginRequest,
    BeginResult,
    BrokenContract,
    Cache,
    Callback,
    Capability,
    CertificateInfo,
    CheckResult,
    ClaimRule,
    ClaimRules,
    Clue,
    Document,
    Explainer,
    ExplainerRow,
    Explaining,
    Explanation,
    ExternalIdentity,
    Failure,
    FieldProblem,
    FormPost,
    Forms,
    Hooks,
    Http,
    HttpResponse,
    KeyPair,
    Logout,
    LogoutDemand,
    MetadataEntity,
    MetadataError,
    MetadataExport,
    MetadataImport,
    ParsedMetadata,
    Pasted,
    PasteError,
    PasteReading,
    ProviderRefused,
    ProviderUnreachable,
    Recognizing,
    Redirect,
    ServiceProvider,
    SettingField,
    SettingsError,
    SetupStep,
    SignInEvent,
    SignInRefused,
    Transform,
    about,
    change_fields,
    check_spec,
    hookimpl,
    hookspec,
    testing,
)
from portico_sdk.testing import (
    AdapterConformance,
    MemoryCache,
    Provider,
    UnguardedRequest,
    WatchedHttp,
    accepted_or_refused,
    expect_refusal,
    make_context,
    no_network,
    read_profile,
)

F = TypeVar("F", bound=Callable[..., None])
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
FIELDS = (SettingField("issuer", "url", "Issuer", required=True, editable_by="customer"),)


def shows(*names: str) -> Callable[[F], F]:
    """Say which public names an example is about."""
    return lambda test: test


class Acme:
    """An adapter that is only asked for its settings here."""

    def validate(self, settings: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        return {"issuer": settings.get("issuer")}

    def check_ready(self, settings: Mapping[str, Any], now: datetime) -> None: ...

    def begin(self, context: AdapterContext, request: BeginRequest) -> BeginResult:
        return BeginResult(Redirect("https://idp.example/"), {})

    def complete(self, context: AdapterContext, callback: Callback) -> ExternalIdentity:
        raise SignInRefused("acme-unfinished", "never")


class Idp:
    """A provider in memory."""

    now = NOW
    service_provider = ServiceProvider(redirect_uri="https://portico.example/sso/oidc/con-1/callback")

    @property
    def http(self) -> Http:
        return WatchedHttp(None)  # type: ignore[arg-type]

    def settings(self) -> Mapping[str, Any]:
        return {"issuer": "https://idp.example"}

    def answer(self, begun: BeginResult) -> Callback:
        return Callback("GET", self.service_provider.redirect_uri, "", (("code", "c"),), begun.state)


@shows("AdapterSpec", "hookimpl", "Hooks", "ENTRY_POINT_GROUP", "PROJECT")
def test_registering() -> None:
    # pyproject.toml: [project.entry-points."portico.adapters"]  acme = "portico_adapter_acme"
    @hookimpl
    def portico_register_adapters() -> Iterable[AdapterSpec]:
        return [AdapterSpec(key="acme-oidc", label="Acme", protocol="oidc", adapter=Acme(), settings=FIELDS)]

    [spec] = portico_register_adapters()
    assert check_spec(spec) is spec
    assert (ENTRY_POINT_GROUP, PROJECT) == ("portico.adapters", "portico")
    assert hasattr(Hooks, portico_register_adapters.__name__)


@shows("SignInEvent", "hookspec")
def test_observing() -> None:
    refused = []

    @hookimpl
    def portico_observe(event: SignInEvent) -> None:
        if event.outcome == "denied":
            refused.append((event.adapter, event.code))

    portico_observe(SignInEvent(NOW, "4f…", "org-1", "con-1", "acme-oidc", "denied", "time-window"))
    assert refused == [("acme-oidc", "time-window")]
    assert hookspec.project_name == hookimpl.project_name  # hookspec is the gateway's side of the same marker


@shows("SettingField", "change_fields")
def test_settings() -> None:
    fields = (
        SettingField("issuer", "url", "Issuer", required=True, editable_by="customer", example="https://idp.example"),
        SettingField("client_secret", "secret", "Client secret", secret=True, editable_by="customer"),
        SettingField("clock_skew_s", "integer", "Clock skew", default=180, minimum=0, maximum=300),
    )
    renamed = change_fields(fields, {"issuer": {"label": "Realm address"}})
    assert [field.label for field in renamed] == ["Realm address", "Client secret", "Clock skew"]


@shows("SetupStep")
def test_setup_steps() -> None:
    step = SetupStep(
        id="add-application",
        title="Add an application",
        body="Open Realm › Applications › New.",
        copies=(("redirect_uri", "Return address"),),  # ours, to paste there
        choices=(("Type", "Web"),),  # to select there
        snippets=(("Claim rule", "teams := user.teams"),),  # to paste there as it is
        asks=("issuer",),  # to fill in here
    )
    assert step.asks == ("issuer",)


@shows("SettingsError", "FieldProblem", "Adapter")
def test_validating_settings() -> None:
    class Careful(Acme):
        def validate(self, settings: Mapping[str, Any], now: datetime) -> dict[str, Any]:
            wrong = [
                FieldProblem(name, "unknown", "There is no such setting.") for name in settings if name != "issuer"
            ]
            if wrong:
                raise SettingsError(*wrong)
            return {"issuer": settings.get("issuer")}

    assert isinstance(Careful(), Adapter)
    with pytest.raises(SettingsError) as refused:
        Careful().validate({"isuer": "https://idp.example"}, NOW)
    assert refused.value.problems[0].field == "isuer"


@shows("ClaimRule", "ClaimRules", "Transform", "PROFILE_FIELDS", "read_profile")
def test_claim_rules() -> None:
    rules: ClaimRules = (
        ClaimRule("email", ("mail", "email"), (Transform("trim"), Transform("lower"))),
        ClaimRule("groups", ("teams",), (Transform("split", ";"), Transform("replace", table={"adm": "admins"}))),
    )
    until = NOW + timedelta(minutes=5)
    sent = {"mail": (" Ada@X.example",), "teams": ("adm;staff",)}
    identity = ExternalIdentity("u-1", "uid", "https://idp.example", sent, replay_id="a-1", replay_until=until)
    assert read_profile(rules, identity) == {"email": "ada@x.example", "groups": ("admins", "staff")}
    assert {rule.field for rule in rules} <= set(PROFILE_FIELDS)


@shows("BeginRequest", "BeginResult", "Redirect", "FormPost", "AdapterContext")
def test_beginning() -> None:
    def begin(context: AdapterContext, request: BeginRequest) -> BeginResult:
        url = f"{context.settings['issuer']}/authorize"
        context.http.check_browser_url(url)  # raises where no browser may be sent
        nonce = context.random(16).hex()  # comes back by `state`, never through the browser
        if context.settings.get("post"):
            return BeginResult(FormPost(url, {"state": request.handle}), {"nonce": nonce})
        return BeginResult(Redirect(f"{url}?state={request.handle}&nonce={nonce}"), {"nonce": nonce})

    class AnyBrowser(WatchedHttp):
        def check_browser_url(self, url: str) -> None: ...

    context = make_context(Acme(), Idp(), settings=Idp().settings(), http=AnyBrowser(None))  # type: ignore[arg-type]
    begun = begin(context, BeginRequest(handle="h-1", login_hint="ada@x.example", max_age_s=3600))
    assert begun.action.url.startswith("https://idp.example/authorize?state=h-1")


@shows("Callback", "SignInRefused", "CheckResult", "ExternalIdentity")
def test_completing() -> None:
    def complete(context: AdapterContext, callback: Callback) -> ExternalIdentity:
        nonce = (callback.state or {}).get("nonce")
        matches = nonce is not None and callback.single("nonce") == nonce
        context.record(CheckResult("nonce", matches, expected=nonce or "", received=callback.single("nonce") or ""))
        if not matches:
            raise SignInRefused("acme-nonce", "this answers another sign-in", hint="Begin again.")
        return ExternalIdentity(
            subject=callback.single("uid") or "",
            subject_source="uid",
            issuer=context.settings["issuer"],
            attributes={"mail": ("ada@x.example",)},
            replay_id=nonce or "",  # the gateway accepts each one once
            replay_until=context.now + timedelta(minutes=5),
        )

    context = make_context(Acme(), Idp(), settings=Idp().settings())
    params = (("nonce", "n-1"), ("uid", "u-1"))
    answer = Callback("GET", "https://portico.example/sso/oidc/con-1/callback", "", params, {"nonce": "n-1"})
    assert complete(context, answer).subject == "u-1"
    expect_refusal(lambda: complete(context, replace(answer, state=None)), "an answer that nobody asked for")


@shows("Http", "HttpResponse", "Document", "ProviderUnreachable", "Cache", "WatchedHttp", "MemoryCache")
def test_asking_the_provider() -> None:
    class Reachable(WatchedHttp):
        def request(self, method: str, url: str, **_: Any) -> HttpResponse:
            return HttpResponse(200, {"content-type": "application/json"}, b'{"sub": "u-1"}')

        def document(self, url: str, **_: Any) -> Document:
            return Document(b"<keys/>", fetched_at=NOW, stale=False)

    http: Http = Reachable(None)  # type: ignore[arg-type]
    cache: Cache = MemoryCache()
    assert http.request("POST", "https://idp.example/token", data={"code": "c"}).status == 200
    keys = cache.get_or_make("keys", lambda: http.document("https://idp.example/keys", max_age_s=3600).body)
    assert keys == b"<keys/>"
    with pytest.raises(ProviderUnreachable):  # nothing to answer with: a refusal, never a login
        WatchedHttp(http, failing=True).request("GET", "https://idp.example/")


@shows("ServiceProvider", "KeyPair")
def test_our_own_side() -> None:
    ours = ServiceProvider(
        entity_id="https://portico.example/sso/saml/con-1/metadata",
        acs_url="https://portico.example/sso/saml/con-1/acs",
        keys=(KeyPair("-----BEGIN PRIVATE KEY-----…", "-----BEGIN CERTIFICATE-----…"),),
    )
    assert "PRIVATE" not in repr(ours), "a private key is in no log by accident"


@shows("AdapterError", "ProviderRefused")
def test_refusing() -> None:
    def read_answer(callback: Callback) -> str:
        if error := callback.single("error"):
            raise ProviderRefused("provider-error", f"the provider answered {error}", hint="Assign the person there.")
        return callback.single("code") or ""

    answer = Callback("GET", "https://portico.example/", "", (("error", "access_denied"),), {"nonce": "n"})
    refusal = expect_refusal(lambda: read_answer(answer), "the provider's error")
    assert isinstance(refusal, AdapterError)
    assert (refusal.code, refusal.hint) == ("provider-error", "Assign the person there.")


@shows(
    "Capability", "CAPABILITIES", "CONTRACT_VERSION", "MetadataImport", "MetadataExport", "check_spec", "BrokenContract"
)
def test_declaring_capabilities() -> None:
    class Reads(Acme):
        def parse_metadata(self, document: bytes, now: datetime) -> ParsedMetadata:
            raise MetadataError("metadata-html", "This is a web page, not metadata.")

        def service_provider_metadata(self, context: AdapterContext) -> bytes:
            return f"<EntityDescriptor entityID='{context.service_provider.entity_id}'/>".encode()

    wanted: frozenset[Capability] = frozenset({"metadata_import", "metadata_export"})
    spec = AdapterSpec("acme-saml", "Acme", "saml", Reads(), FIELDS, capabilities=wanted, contract=CONTRACT_VERSION)
    assert check_spec(spec).capabilities <= set(CAPABILITIES)
    assert isinstance(spec.adapter, MetadataImport)
    assert isinstance(spec.adapter, MetadataExport)
    with pytest.raises(BrokenContract, match="does not implement"):
        check_spec(replace(spec, adapter=Acme()))


@shows("ParsedMetadata", "MetadataEntity", "CertificateInfo", "MetadataError")
def test_reading_metadata() -> None:
    def parse_metadata(document: bytes, now: datetime) -> ParsedMetadata:
        if b"<html" in document:
            raise MetadataError("metadata-html", "This is a web page, not metadata.", hint="Copy the metadata URL.")
        certificate = CertificateInfo("-----BEGIN…", "CN=idp.example", "ab" * 32, now, now + timedelta(days=365))
        settings = {"idp_entity_id": "https://idp.example", "certificates": [certificate.pem]}
        endpoints = (("SingleSignOnService", "HTTP-POST", "https://idp.example/sso"),)
        return ParsedMetadata((MetadataEntity("https://idp.example", settings, (certificate,), endpoints),))

    assert parse_metadata(b"<EntityDescriptor/>", NOW).entities[0].settings["idp_entity_id"] == "https://idp.example"


@shows("PasteReading", "Pasted", "PasteError")
def test_reading_what_was_pasted() -> None:
    class ReadsLines(Acme):
        def read_pasted(self, text: str) -> Pasted:
            pairs = [line.split("=", 1) for line in text.splitlines() if "=" in line]
            if not pairs:
                raise PasteError("acme-paste", "This is nothing that Acme sends.")
            return Pasted({name: (value,) for name, value in pairs})

    assert isinstance(ReadsLines(), PasteReading)
    assert ReadsLines().read_pasted("mail=ada@acme.example").unverified_attributes == {"mail": ("ada@acme.example",)}
    with pytest.raises(PasteError):
        ReadsLines().read_pasted("<html>")


@shows("Recognizing", "Clue", "Forms")
def test_recognizing() -> None:
    class Knows(Acme):
        forms = Forms(entity_ids=(r"https://[a-z0-9-]+\.acme\.example/saml",))

        def recognize(self, clue: Clue) -> bool:
            return self.forms.fit(clue)

    assert isinstance(Knows(), Recognizing)
    assert Knows().recognize(Clue(text="https://globex.acme.example/saml"))
    assert not Knows().recognize(Clue(text="https://acme.example.evil.example/saml"))


@shows("Explaining", "Explainer", "ExplainerRow", "Explanation", "Failure", "about", "SYMPTOMS")
def test_explaining() -> None:
    suspended = Explanation(
        "acme-suspended", "Acme has suspended this realm.", fix="Ask its owner.", where=("Realm", "Billing")
    )
    rows: tuple[ExplainerRow, ...] = (
        about("provider-error", suspended, said=r"ACME-402"),
        about(SYMPTOMS, Explanation("acme-other", "Look at the realm's log.")),
    )

    class Explains(Acme):
        def explain(self, failure: Failure) -> Explanation | None:
            return Explainer(rows, reference=r"event (\w+)").explain(failure)

    assert isinstance(Explains(), Explaining)
    said = Explains().explain(Failure("provider-error", "refused with ACME-402, event e77"))
    assert said is not None
    assert (said.code, said.reference) == ("acme-suspended", "e77")


@shows("UNREACHABLE", "UNREACHABLE_ROWS")
def test_explaining_what_could_not_be_asked() -> None:
    explainer = Explainer((*UNREACHABLE_ROWS,))  # behind your own rows
    said = explainer.explain(Failure("outbound-tls", "certificate has expired"))
    assert said is not None
    assert said.code == "unreachable-certificate"
    assert "outbound-tls" in UNREACHABLE


@shows("Logout", "LogoutDemand")
def test_logging_out() -> None:
    class SignsOut(Acme):
        def begin_logout(
            self, context: AdapterContext, handle: str, logout_state: Mapping[str, str]
        ) -> BeginResult | None:
            return BeginResult(Redirect(f"https://idp.example/logout?state={handle}"), {"handle": handle})

        def complete_logout(self, context: AdapterContext, callback: Callback) -> str:
            return "" if callback.single("done") else "the provider did not say so"

        def receive_logout(self, context: AdapterContext, callback: Callback) -> LogoutDemand:
            return LogoutDemand("ada", (), replay_id="m-1", replay_until=context.now + timedelta(minutes=5))

        def answer_logout(self, context: AdapterContext, demand: LogoutDemand) -> Redirect | FormPost | None:
            return Redirect("https://idp.example/logged-out")

    assert isinstance(SignsOut(), Logout)


@shows("AdapterConformance", "Provider")
def test_the_kit() -> None:
    class TestAcme(AdapterConformance):
        spec = AdapterSpec(key="acme-oidc", label="Acme", protocol="oidc", adapter=Acme(), settings=FIELDS)

        def make_provider(self, name: str) -> Provider:
            return Idp()

    TestAcme().test_the_spec_keeps_the_contract()
    TestAcme().test_a_draft_may_be_empty()


@shows("make_context", "expect_refusal", "accepted_or_refused")
def test_testing_by_hand() -> None:
    context = make_context(Acme(), Idp(), settings={"issuer": "https://idp.example"})
    answer = Idp().answer(Acme().begin(context, BeginRequest(handle="h-1")))
    assert expect_refusal(lambda: Acme().complete(context, answer), "a code").code == "acme-unfinished"
    assert accepted_or_refused(lambda: "fine", "something else") == "fine"


@shows("no_network", "UnguardedRequest")
def test_noticing_requests_past_the_guard() -> None:
    tried: list[str] = []
    with no_network(tried), pytest.raises(UnguardedRequest):
        socket.create_connection(("127.0.0.1", 9))
    assert tried == ["('127.0.0.1', 9)"]


def test_every_public_name_has_an_example() -> None:
    """Issue 3: every hook, type and field with shape, errors and an example."""
    import ast
    from pathlib import Path

    shown: set[str] = set()
    for node in ast.walk(ast.parse(Path(__file__).read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "shows":
            shown |= {argument.value for argument in node.args if isinstance(argument, ast.Constant)}
    assert shown == {*portico_sdk.__all__, *testing.__all__}
