"""Settings: merged as PATCH says, validated by the adapter, and its answer checked against its own declaration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pytest

from app.connections.configuration import (
    Configuration,
    change_configuration,
    check_customer_may,
    check_ready,
    make_configuration,
)
from app.errors import Invalid
from tests.support.columns import READY, StandIn, spec_of

SPEC = spec_of()


def patched(stored: Configuration, now: datetime, **patch: Any) -> Configuration:
    return change_configuration(SPEC, stored.all, patch, now)


@pytest.fixture
def stored(now: datetime) -> Configuration:
    return make_configuration(SPEC, {**READY, "client_secret": "s3cret", "clock_skew_s": 60}, now)


def test_settings_are_split_into_public_and_secret(stored: Configuration) -> None:
    """SettingField.secret decides what is sealed; defaults are filled in."""
    assert stored.secret == {"client_secret": "s3cret"}
    assert "client_secret" not in stored.public
    assert stored.public["sso_binding"] == "redirect"
    assert stored.public["clock_skew_s"] == 60


def test_what_a_patch_does_not_name_stays(stored: Configuration, now: datetime) -> None:
    """Secrets are write-only: an absent secret keeps the stored one."""
    changed = patched(stored, now, sso_binding="post")
    assert changed.secret == {"client_secret": "s3cret"}
    assert changed.public == {**stored.public, "sso_binding": "post"}


def test_null_removes(stored: Configuration, now: datetime) -> None:
    """A secret goes away, a setting falls back to its default."""
    changed = patched(stored, now, client_secret=None, clock_skew_s=None)
    assert changed.secret == {}
    assert changed.public["clock_skew_s"] == 180


def test_what_metadata_brings_replaces_what_is_stored(stored: Configuration, now: datetime) -> None:
    """Pasting new metadata over an old configuration takes effect, and keeps what metadata does not say."""
    changed = patched(stored, now, metadata="https://new.example/ https://new.example/sso")
    assert changed.public["idp_entity_id"] == "https://new.example/"
    assert changed.public["sso_url"] == "https://new.example/sso"
    assert changed.public["clock_skew_s"] == 60
    assert changed.secret == {"client_secret": "s3cret"}


def test_what_the_patch_names_beside_metadata_wins(stored: Configuration, now: datetime) -> None:
    """Explicit values win over the document."""
    changed = patched(
        stored, now, metadata="https://new.example/ https://new.example/sso", sso_url="https://own.example/sso"
    )
    assert changed.public["sso_url"] == "https://own.example/sso"


def test_every_setting_at_fault_is_named_with_its_path(now: datetime) -> None:
    """SettingsError becomes Invalid with `settings.<field>`."""
    with pytest.raises(Invalid) as refused:
        make_configuration(SPEC, {"sso": 1, "cert": 2}, now)
    assert [problem.field for problem in refused.value.problems] == ["settings.sso", "settings.cert"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sso_binding", "carrier-pigeon"),
        ("clock_skew_s", 301),
        ("clock_skew_s", -1),
        ("clock_skew_s", True),
        ("clock_skew_s", "60"),
        ("idp_entity_id", "x" * 10_001),
        ("idp_entity_id", "a\0b"),
        ("idp_entity_id", ["x"]),
        ("client_secret", 5),
        ("certificates", "PEM"),
        ("certificates", [None]),
        ("certificates", ["x"] * 101),
    ],
)
def test_what_an_adapter_lets_through_against_its_declaration_is_refused(
    field: str, value: object, now: datetime
) -> None:
    """A careless adapter stores nothing that its SettingField forbids."""
    with pytest.raises(Invalid) as refused:
        make_configuration(SPEC, {**READY, field: value}, now)
    assert [problem.field for problem in refused.value.problems] == [f"settings.{field}"]


def answers(answer: Callable[[], Any]) -> StandIn:
    class Broken(StandIn):
        def validate(self, settings: Mapping[str, Any], now: datetime) -> Any:
            return answer()

        def check_ready(self, settings: Mapping[str, Any], now: datetime) -> None:
            raise ZeroDivisionError

    return Broken()


@pytest.mark.parametrize(
    "answer", [lambda: None, dict, lambda: {"more": 1}, lambda: 1 // 0, lambda: [("idp_entity_id", "x")]]
)
def test_an_adapter_that_breaks_its_contract_stores_nothing(answer: Callable[[], Any], now: datetime) -> None:
    """Anything unexpected in an adapter is a refusal of the change, never a 500."""
    with pytest.raises(Invalid) as refused:
        make_configuration(spec_of(adapter=answers(answer)), READY, now)
    assert refused.value.problems[0].code == "adapter-failed"


def test_readiness_asks_the_declaration_and_the_adapter(now: datetime) -> None:
    """What activation demands: required settings are there, and the adapter has no objection."""
    good = make_configuration(SPEC, READY, now).all
    check_ready(SPEC, good, now)
    for bad, code in (({**good, "sso_url": None}, "required"), ({**good, "sso_url": "http://x"}, "url")):
        with pytest.raises(Invalid) as refused:
            check_ready(SPEC, bad, now)
        assert [(p.field, p.code) for p in refused.value.problems] == [("settings.sso_url", code)]
    with pytest.raises(Invalid):
        check_ready(spec_of(adapter=answers(dict)), good, now)


def test_a_customer_changes_only_what_is_the_customers() -> None:
    """`editable_by` is `operator` unless it says `customer`."""
    check_customer_may(SPEC, {"sso_url": "https://x.example", "client_secret": "s"})
    with pytest.raises(Invalid) as refused:
        check_customer_may(SPEC, {"sso_url": "https://x.example", "sp_entity_id": "x", "clock_skew_s": 1})
    assert [p.field for p in refused.value.problems] == ["settings.clock_skew_s", "settings.sp_entity_id"]


def test_certificates_may_come_back_as_they_were_shown(now: datetime) -> None:
    """A client that reads a connection and writes it back changes nothing."""
    shown = [{"pem": "PEM", "subject": "CN=idp", "sha256": "00"}]
    assert make_configuration(SPEC, {**READY, "certificates": shown}, now).public["certificates"] == ["PEM"]
