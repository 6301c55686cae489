"""The registry finds plug-ins, and no plug-in harms another, the start or a login."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from app.adapters import AdapterUnavailable, Registry
from app.errors import SignInFailed
from portico_sdk import SignInEvent, hookimpl
from tests.support.columns import Installed, InstalledDistribution, StandIn, installed, plugin, spec_of

NOBODY: frozenset[str] = frozenset()
ACME = frozenset({"portico-adapter-acme"})
EVENT = SignInEvent(datetime(2026, 3, 2, tzinfo=UTC), "trace", "org-1", "con-1", "saml", "allowed")


def keys(registry: Registry) -> list[str]:
    return [adapter.spec.key for adapter in registry.specs()]


def test_first_party_distributions_load_without_being_listed() -> None:
    """The contract for adapters: first-party distributions load, others only when PORTICO_ADAPTERS lists them."""
    registry = Registry.load(NOBODY, [installed("portico-saml", spec_of("saml")), installed("portico-evil", spec_of())])
    assert keys(registry) == ["saml"]
    assert registry.skipped() == ("portico-evil",)
    assert registry.failed() == ()


def test_a_listed_distribution_loads_however_its_name_is_spelled() -> None:
    """PyPA names: `_`, `.`, `-` and case are one spelling."""
    registry = Registry.load(frozenset({"Portico_Adapter.Acme"}), [installed("portico-adapter-acme", spec_of())])
    assert keys(registry) == ["acme-saml"]


def test_a_listed_distribution_that_is_not_installed_is_reported() -> None:
    """An operator's typing error in PORTICO_ADAPTERS shows up."""
    (failure,) = Registry.load(ACME, []).failed()
    assert failure.distribution == "portico-adapter-acme"
    assert "not installed" in failure.reason


def test_an_entry_point_without_distribution_is_never_loaded() -> None:
    """Nobody answers for it, so no connection could name it."""
    registry = Registry.load(ACME, [Installed("saml", None, lambda: pytest.fail("it was loaded"))])
    assert registry.specs() == ()


def raising(error: BaseException) -> Callable[[], Any]:
    def run() -> Any:
        raise error

    return run


class Liar:
    """A plug-in object that claims to equal everything."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


class BadText(Exception):
    def __str__(self) -> str:
        raise SystemExit(3)


def unknown_hook() -> Any:
    module = plugin(lambda: [spec_of()])
    module.portico_decide_login = hookimpl(lambda: "everybody")  # type: ignore[attr-defined]
    return module


def wrong_arguments() -> Any:
    module = plugin()
    module.portico_register_adapters = hookimpl(lambda database: [spec_of()])  # type: ignore[attr-defined]
    return module


BROKEN: dict[str, Callable[[], Any]] = {
    "raises at import": raising(ImportError("no module named acme")),
    "leaves at import": raising(SystemExit(1)),
    "raises an error without text": raising(BadText()),
    "raises in the hook": lambda: plugin(raising(RuntimeError("boom"))),
    "leaves in the hook": lambda: plugin(raising(SystemExit(1))),
    "returns a number": lambda: plugin(lambda: 7),
    "returns garbage": lambda: plugin(lambda: ["saml", object()]),
    "returns a class": lambda: plugin(lambda: [type(spec_of())]),
    "never stops": lambda: plugin(lambda: (spec_of(f"acme-{number}") for number in count())),
    "implements an unknown hook": unknown_hook,
    "asks for an argument that there is not": wrong_arguments,
    "claims to equal everything": Liar,
    "steals a reserved key": lambda: plugin(lambda: [spec_of("okta-saml")]),
    "registers a key twice": lambda: plugin(lambda: [spec_of(), spec_of()]),
    "takes another's key": lambda: plugin(lambda: [spec_of("acme-saml"), spec_of("saml")]),
    "is for another major version": lambda: plugin(lambda: [spec_of(contract="2.0")]),
    "is for a later minor version": lambda: plugin(lambda: [spec_of(contract="1.99")]),
    "has an adapter that is none": lambda: plugin(lambda: [spec_of(adapter=object())]),
    "has an adapter class": lambda: plugin(lambda: [spec_of(adapter=StandIn)]),
    "declares what it does not implement": lambda: plugin(
        lambda: [spec_of(capabilities=frozenset({"metadata_import"}))]
    ),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_plugin_is_reported_and_hurts_nobody(how: str) -> None:
    """Isolation: the broken distribution gives no adapter at all, the others before and after it work."""
    points = [
        installed("portico-saml", spec_of("saml")),
        installed("portico-adapter-acme", run=BROKEN[how]),
        installed("portico-adapter-zulu", spec_of("zulu-saml")),
    ]
    registry = Registry.load(ACME | {"portico-adapter-zulu"}, points)
    assert keys(registry) == ["saml", "zulu-saml"]
    (failure,) = registry.failed()
    assert (failure.distribution, failure.name, failure.version) == ("portico-adapter-acme", "it", "1.0.0")
    assert failure.reason
    registry.observe(EVENT)


@pytest.mark.parametrize("where", ["at import", "in the hook"])
def test_a_plugin_that_never_comes_back_is_left_behind(where: str) -> None:
    """Issue 3: slow to import is reported, never waited for; the others load."""
    never = threading.Event()

    def hang() -> Any:
        never.wait(60)

    run = hang if where == "at import" else lambda: plugin(hang)
    points = [installed("portico-saml", spec_of("saml")), installed("portico-adapter-acme", run=run)]
    registry = Registry.load(ACME, points, limit_s=0.05)
    never.set()
    assert keys(registry) == ["saml"]
    [failure] = registry.failed()
    assert "took longer than 0.05 s" in failure.reason


def test_a_slow_plugin_is_named_and_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.adapters.registry.SLOW_S", 0.0)
    registry = Registry.load(ACME, [installed("portico-adapter-acme", spec_of())])
    assert keys(registry) == ["acme-saml"]
    assert set(registry.slow()) == {"portico-adapter-acme"}


def test_one_broken_entry_point_takes_its_whole_distribution_with_it() -> None:
    """A distribution is taken as a whole or not at all."""
    points = [
        installed("portico-adapter-acme", spec_of("acme-saml"), name="a"),
        installed("portico-adapter-acme", name="b", run=raising(RuntimeError("boom"))),
    ]
    registry = Registry.load(ACME, points)
    assert registry.specs() == ()
    assert [failure.name for failure in registry.failed()] == ["b"]


def test_what_is_installed_in_any_order_loads_in_one_order() -> None:
    """Entry points are sorted, ours first: of two that want one key, the same one gets it everywhere."""
    points = [
        installed("portico-adapter-acme", spec_of("shared-saml")),
        installed("portico-okta", spec_of("shared-saml")),
    ]
    for order in (points, points[::-1]):
        registry = Registry.load(ACME, order)
        assert [adapter.distribution for adapter in registry.specs()] == ["portico-okta"]
        assert [failure.distribution for failure in registry.failed()] == ["portico-adapter-acme"]


def test_a_connection_never_moves_to_another_distributions_adapter() -> None:
    """The key alone decides nothing: another distribution with the same key does not take over."""
    registry = Registry.load(ACME, [installed("portico-adapter-acme", spec_of())])
    assert registry.get("acme-saml", "portico-adapter-acme").key == "acme-saml"
    with pytest.raises(AdapterUnavailable):
        registry.get("acme-saml", "portico-adapter-zulu")
    with pytest.raises(AdapterUnavailable):
        registry.get("zulu-saml", "portico-adapter-acme")


def test_an_adapter_that_is_gone_is_a_failed_sign_in() -> None:
    """Its connections fail closed, with the constant sentence outside."""
    with pytest.raises(SignInFailed) as refused:
        Registry.load(NOBODY, []).get("saml", "portico-saml")
    assert (refused.value.code, refused.value.public) == ("adapter-unavailable", "We could not sign you in.")


def test_an_observer_that_fails_is_counted_and_the_others_are_told() -> None:
    """Observers observe: an exception never reaches the sign-in."""
    told: list[SignInEvent] = []
    points = [
        installed("portico-adapter-acme", run=lambda: plugin(observe=raising_observer)),
        installed("portico-adapter-zulu", run=lambda: plugin(observe=told.append)),
    ]
    registry = Registry.load(ACME | {"portico-adapter-zulu"}, points)
    registry.observe(EVENT)
    registry.observe(EVENT)
    assert told == [EVENT, EVENT]
    assert registry.observer_failures() == {"portico-adapter-acme:it": 2}


def raising_observer(event: SignInEvent) -> None:
    raise SystemExit(1)


def test_the_installed_first_party_adapters_keep_the_contract() -> None:
    """What ships loads: no first-party plug-in of this environment fails."""
    registry = Registry.load(NOBODY)
    assert registry.failed() == ()
    assert {"saml", "oidc"} <= set(keys(registry))


def test_the_distribution_of_an_entry_point_is_read_in_one_spelling() -> None:
    """A connection stores the normal spelling, so that `Portico_SAML` is the same distribution."""
    point = Installed("it", InstalledDistribution("Portico_SAML"), lambda: plugin(lambda: [spec_of("saml")]))
    assert Registry.load(NOBODY, [point]).get("saml", "portico-saml").key == "saml"
