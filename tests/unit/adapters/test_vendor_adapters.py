"""What every adapter of ours owes to whoever sets a connection up, whichever vendor it knows."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from app.adapters import FIRST_PARTY, RESERVED_KEYS, Registry
from app.claims import DEFAULT_RULES, dump_rules, merge_rules, parse_rules
from portico_sdk import SYMPTOMS, UNREACHABLE, AdapterSpec, Explanation, Failure, SettingsError, SetupStep, check_spec

NOW = datetime(2026, 3, 1, tzinfo=UTC)
REGISTRY = Registry.load(frozenset())
SPECS = {one.spec.key: one.spec for one in REGISTRY.specs() if one.distribution in FIRST_PARTY}
VENDORS = sorted(SPECS.keys() - {"saml", "oidc"})
BLAME = re.compile(r"\b(?:please|simply|your IdP|oops)\b|!", re.IGNORECASE)
#: Settings with which a person is told apart or that a vendor fixes; no page of the set-up asks a customer for them.
OURS = {"google-oidc": {"issuer"}}

vendors = pytest.mark.parametrize("spec", [SPECS[key] for key in VENDORS], ids=VENDORS)


def texts(step: SetupStep) -> list[str]:
    return [step.title, step.body, *(text for pair in (*step.copies, *step.choices) for text in pair)]


def test_all_that_the_project_ships_is_there():
    """Issue 3: five vendors for both protocols, four more as data, and the two generic adapters."""
    vendors = ("okta", "entra", "adfs", "google", "keycloak", "onelogin", "ping", "jumpcloud")
    both = {f"{vendor}-{protocol}" for vendor in vendors for protocol in ("saml", "oidc")}
    assert SPECS.keys() == both | {"shibboleth-saml", "saml", "oidc"}
    assert SPECS.keys() <= RESERVED_KEYS.keys()
    assert REGISTRY.failed() == ()


@vendors
def test_the_spec_keeps_the_contract(spec: AdapterSpec):
    """And declares what the generic adapter below it can do."""
    assert check_spec(spec) is spec
    assert {"recognize", "explain"} <= spec.capabilities
    assert ({"metadata_import", "metadata_export"} <= spec.capabilities) is (spec.protocol == "saml")
    assert spec.key.endswith(spec.protocol)


@vendors
def test_the_set_up_asks_for_everything_that_activation_needs(spec: AdapterSpec):
    """And a customer may fill in all that it asks for."""
    asked = {name for step in spec.setup_steps for name in step.asks}
    required = {field.name for field in spec.settings if field.required}
    editable = {field.name for field in spec.settings if field.editable_by == "customer"}
    assert required - OURS.get(spec.key, set()) <= asked
    assert asked - {"issuer"} <= editable


@vendors
def test_the_set_up_hands_out_our_values_and_comes_to_the_people_last(spec: AdapterSpec):
    """Each value under the provider's own name of the field; assigning people is a step of its own."""
    copied = {name for step in spec.setup_steps for name, _ in step.copies}
    assert copied >= ({"entity_id", "acs_url"} if spec.protocol == "saml" else {"redirect_uri"})
    assert "assign-people" in [step.id for step in spec.setup_steps]


@vendors
def test_the_texts_of_the_set_up_are_sentences_in_our_voice(spec: AdapterSpec):
    """Titles start with a verb and have no full stop; nobody is told to simply do anything."""
    for step in spec.setup_steps:
        assert step.title[0].isupper()
        assert not step.title.endswith(".")
        assert step.body.endswith((".", ".)"))
        for text in texts(step):
            assert not BLAME.search(text), text


@vendors
def test_what_is_to_be_chosen_or_pasted_is_named(spec: AdapterSpec):
    """Pairs of a field and its value, without blanks around them."""
    for step in spec.setup_steps:
        for pair in (*step.choices, *step.copies, *step.snippets):
            assert len(pair) == 2
            assert all(pair)
            assert pair[0] == pair[0].strip()


@vendors
def test_defaults_are_settings_that_validate(spec: AdapterSpec):
    """And what is missing is named, field by field, before activation."""
    settings = spec.adapter.validate({}, NOW)
    assert settings.keys() == {field.name for field in spec.settings}
    with pytest.raises(SettingsError) as refused:
        spec.adapter.check_ready(settings, NOW)
    assert {problem.field for problem in refused.value.problems} <= {field.name for field in spec.settings}


@vendors
def test_the_claim_rules_are_rules_of_the_house(spec: AdapterSpec):
    """They read back as written, and fields that they do not name keep the general ones."""
    assert parse_rules(dump_rules(spec.claim_rules)) == spec.claim_rules
    merged = merge_rules((), spec.claim_rules, DEFAULT_RULES)
    assert {rule.field for rule in merged} == {rule.field for rule in DEFAULT_RULES}
    by_field = {rule.field: rule for rule in merged}
    assert not {"upn", "preferred_username", "unique_name"} & set(by_field["email"].sources)


@vendors
def test_where_a_vendors_name_stands_it_is_the_same_trouble_everywhere(spec: AdapterSpec):
    """Every symptom and every trouble of the network is explained, with something to do."""
    for code in (*SYMPTOMS, *UNREACHABLE):
        found = spec.adapter.explain(Failure(code))  # type: ignore[attr-defined]
        assert isinstance(found, Explanation)
        assert found.fix


@vendors
def test_explanations_are_sentences_with_codes_of_their_own(spec: AdapterSpec):
    """Kebab-case, unique in the adapter, no blame."""
    rows = spec.adapter._explainer.rows  # type: ignore[attr-defined]
    explanations = {row.explanation for row in rows}
    assert len({found.code for found in explanations}) == len(explanations)
    for found in explanations:
        assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", found.code)
        assert found.title.endswith(".")
        assert found.fix == "" or found.fix.endswith(".")
        for text in (found.title, found.fix, *found.causes):
            assert not BLAME.search(text), text
        assert all(way and way == way.strip() for way in found.where)
