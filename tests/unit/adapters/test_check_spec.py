"""What a spec must be: each rule of the contract has a spec that breaks it."""

from __future__ import annotations

from typing import Any

import pytest

from portico_sdk import BrokenContract, ClaimRule, SettingField, SetupStep, Transform, check_spec
from tests.support.columns import SETTINGS, StandIn, spec_of

TEXT = SettingField("issuer", "text", "Issuer")


class Importer(StandIn):
    def parse_metadata(self, document: bytes, now: Any) -> Any:
        return None


def test_a_spec_that_keeps_the_contract_is_returned_as_it_is() -> None:
    """Nothing is copied or changed on the way."""
    spec = spec_of(
        adapter=Importer(),
        capabilities=frozenset({"metadata_import"}),
        setup_steps=(SetupStep("add-app", "Add an app", copies=(("acs_url", "ACS URL"),), asks=("sso_url",)),),
        claim_rules=(ClaimRule("email", ("mail",), (Transform("lower"),)),),
    )
    assert check_spec(spec) is spec


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "Acme-SAML"},
        {"key": "acme_saml"},
        {"key": ""},
        {"key": "a" * 41},
        {"key": 5},
        {"label": ""},
        {"label": "two\nlines"},
        {"protocol": "wsfed"},
        {"contract": "0.9"},
        {"contract": "2.0"},
        {"contract": "1"},
        {"contract": 1.0},
        {"contract": "1.0; DROP"},
        {"adapter": None},
        {"capabilities": {"metadata_import"}},
        {"capabilities": frozenset({"everything"})},
        {"capabilities": frozenset({"metadata_export"})},
        {"settings": [TEXT]},
        {"settings": (TEXT, TEXT)},
        {"settings": ({"name": "issuer"},)},
        {"settings": (SettingField("Issuer", "text", "Issuer"),)},
        {"settings": (SettingField("issuer", "text", ""),)},
        {"settings": (SettingField("issuer", "password", "Issuer"),)},  # type: ignore[arg-type]
        {"settings": (SettingField("api_key", "text", "Key", secret=True),)},
        {"settings": (SettingField("api_key", "secret", "Key"),)},
        {"settings": (SettingField("api_key", "secret", "Key", secret=True, default="changeme"),)},
        {"settings": (SettingField("issuer", "text", "Issuer", editable_by="everybody"),)},  # type: ignore[arg-type]
        {"settings": (SettingField("binding", "choice", "Binding"),)},
        {"settings": (SettingField("binding", "choice", "Binding", choices=("a",), default="b"),)},
        {"settings": (SettingField("skew", "integer", "Skew", minimum=5, maximum=4),)},
        {"setup_steps": [SetupStep("one", "One")]},
        {"setup_steps": (SetupStep("one", "One"), SetupStep("one", "Two"))},
        {"setup_steps": (SetupStep("One", "One"),)},
        {"setup_steps": (SetupStep("one", "One", asks=("nothing",)),)},
        {"setup_steps": (SetupStep("one", "One", copies=(("private_key", "Key"),)),)},
        {"claim_rules": [ClaimRule("email", ("mail",))]},
        {"claim_rules": (ClaimRule("password", ("mail",)),)},
        {"claim_rules": (ClaimRule("email", ("mail",)), ClaimRule("email", ("Mail",)))},
        {"claim_rules": (ClaimRule("email", "mail"),)},  # type: ignore[arg-type]
        {"claim_rules": (ClaimRule("email", ("mail",), (Transform("eval"),)),)},  # type: ignore[arg-type]
    ],
    ids=str,
)
def test_a_spec_that_breaks_the_contract_is_refused(changes: dict[str, Any]) -> None:
    """Absence of a promise is a refusal: key, contract, capabilities, settings, steps and rules are all checked."""
    with pytest.raises(BrokenContract) as refused:
        check_spec(spec_of(**{"settings": SETTINGS, **changes}))
    assert str(refused.value)
