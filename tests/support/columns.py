"""Stand-in adapters and entry points for tests of the registry and of connections. They trust everybody: never ship."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

from app.adapters import RegisteredAdapter, Registry
from portico_sdk import (
    AdapterContext,
    AdapterSpec,
    BeginRequest,
    BeginResult,
    Callback,
    ExternalIdentity,
    FieldProblem,
    Redirect,
    SettingField,
    SettingsError,
    hookimpl,
)

SETTINGS = (
    SettingField("idp_entity_id", "text", "Entity ID", required=True, editable_by="customer"),
    SettingField("sso_url", "url", "Sign-on URL", required=True, editable_by="customer"),
    SettingField("sso_binding", "choice", "Binding", default="redirect", choices=("redirect", "post")),
    SettingField("certificates", "certificates", "Certificates", editable_by="customer"),
    SettingField("client_secret", "secret", "Client secret", secret=True, editable_by="customer"),
    SettingField("clock_skew_s", "integer", "Clock skew", default=180, minimum=0, maximum=300),
    SettingField("sp_entity_id", "text", "SP entity ID"),
)
READY = {"idp_entity_id": "https://idp.example/", "sso_url": "https://idp.example/sso"}


class StandIn:
    """Accepts every setting that is declared; `metadata` is input-only: `ENTITY_ID SSO_URL`."""

    def __init__(self, fields: tuple[SettingField, ...] = SETTINGS) -> None:
        self.fields = fields

    def validate(self, settings: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        known = {one.name for one in self.fields} | {"metadata"}
        wrong = [FieldProblem(name, "unknown", "There is no such setting.") for name in settings if name not in known]
        if wrong:
            raise SettingsError(*wrong)
        given = {one.name: one.default for one in self.fields}
        if "metadata" in settings:
            given["idp_entity_id"], given["sso_url"] = settings["metadata"].split()
        return given | {name: value for name, value in settings.items() if name != "metadata"}

    def check_ready(self, settings: Mapping[str, Any], now: datetime) -> None:
        if not str(settings["sso_url"]).startswith("https://"):
            raise SettingsError(FieldProblem("sso_url", "url", "This must be https."))

    def begin(self, context: AdapterContext, request: BeginRequest) -> BeginResult:
        return BeginResult(Redirect(context.settings["sso_url"]), {})

    def complete(self, context: AdapterContext, callback: Callback) -> ExternalIdentity:
        return ExternalIdentity("anybody", "sub", "idp", {}, "once", context.now + timedelta(minutes=5))


def spec_of(key: str = "acme-saml", **changes: Any) -> AdapterSpec:
    """Return a spec that keeps the contract, but for `changes`."""
    said = {"key": key, "label": "Acme", "protocol": "saml", "adapter": StandIn(), "settings": SETTINGS, **changes}
    return AdapterSpec(**said)


def registry_of(*specs: AdapterSpec, distribution: str = "portico-adapter-acme") -> Registry:
    """Return a registry that holds exactly these adapters."""
    return Registry(RegisteredAdapter(spec, distribution, "1.0.0") for spec in specs)


@dataclass(frozen=True)
class InstalledDistribution:
    """A distribution, as importlib.metadata describes one."""

    name: str
    version: str = "1.0.0"


@dataclass(frozen=True)
class Installed:
    """An entry point whose `load` runs `run`, as importing the module would."""

    name: str
    dist: InstalledDistribution | None
    run: Callable[[], object] = field(repr=False)

    def load(self) -> object:
        return self.run()


def plugin(register: Callable[[], Any] | None = None, observe: Callable[[Any], None] | None = None) -> ModuleType:
    """Return a module that implements the hooks given."""
    module = ModuleType("portico_adapter_test")
    if register is not None:

        def portico_register_adapters() -> Any:
            return register()

        module.portico_register_adapters = hookimpl(portico_register_adapters)  # type: ignore[attr-defined]
    if observe is not None:

        def portico_observe(event: Any) -> None:
            observe(event)

        module.portico_observe = hookimpl(portico_observe)  # type: ignore[attr-defined]
    return module


def installed(distribution: str, *specs: AdapterSpec, name: str = "it", run: Any = None) -> Installed:
    """Return the entry point of a distribution that registers these specs, or that does whatever `run` does."""
    return Installed(name, InstalledDistribution(distribution), run or (lambda: plugin(lambda: list(specs))))


def identity(subject: str = "jane", source: str = "NameID", **changes: Any) -> ExternalIdentity:
    """Return an identity as an adapter would have proven it."""
    said = {
        "subject": subject,
        "subject_source": source,
        "issuer": "https://idp.example/",
        "attributes": {},
        "replay_id": "once",
        "replay_until": datetime(2026, 3, 2, 9, 5, tzinfo=UTC),
        **changes,
    }
    return ExternalIdentity(**said)
