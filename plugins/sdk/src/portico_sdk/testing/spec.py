"""Checks of what the spec says about itself: its form, its set-up steps, its claim rules."""

from __future__ import annotations

from portico_sdk.checking import BrokenContract, check_spec
from portico_sdk.testing.rules import read_profile
from portico_sdk.testing.setup import Setup
from portico_sdk.testing.verdicts import check_identity

_OURS = {
    "saml": {"entity_id", "acs_url", "metadata_url", "certificate"},
    "oidc": {"redirect_uri"},
}


class SpecChecks(Setup):
    """The data of an adapter."""

    def test_the_spec_keeps_the_contract(self) -> None:
        """The gateway loads it: the same check that it makes when it starts."""
        try:
            check_spec(self.spec)
        except BrokenContract as error:
            raise AssertionError(f"the gateway would not load this adapter: {error}") from error

    def test_settings_can_be_told_apart(self) -> None:
        """Labels are what an administrator reads; two of the same would be one."""
        labels = [field.label for field in self.spec.settings]
        twice = sorted({label for label in labels if labels.count(label) > 1})
        assert not twice, f"two settings have the same label: {', '.join(twice)}"

    def test_what_a_customer_must_fill_in_is_asked_for(self) -> None:
        """The setup portal shows the fields that steps ask for, and no others."""
        asked = {name for step in self.spec.setup_steps for name in step.asks}
        needed = {f.name for f in self.spec.settings if f.required and f.editable_by == "customer"}
        missing = needed - asked if self.spec.setup_steps else set()
        assert not missing, f"no set-up step asks for {', '.join(sorted(missing))}"

    def test_setup_steps_copy_what_this_protocol_has(self) -> None:
        """An OIDC connection has no ACS URL to copy, a SAML connection no redirect URI."""
        wrong = [
            f"{step.id} copies {name}"
            for step in self.spec.setup_steps
            for name, _ in step.copies
            if name not in _OURS[self.spec.protocol]
        ]
        assert not wrong, f"a {self.spec.protocol} connection has no such value: {'; '.join(wrong)}"

    def test_setup_steps_are_worded(self) -> None:
        """Titles stand in a list: short, and not blank; a name that is copied to says where."""
        for step in self.spec.setup_steps:
            assert 0 < len(step.title.strip()) <= 100, f"step {step.id}: a title has 1 to 100 characters"
            assert all(label.strip() for _, label in step.copies), f"step {step.id}: copies to a field without a name"

    def test_no_claim_rule_is_empty(self) -> None:
        """A rule with neither a source nor a constant hides the gateway's own."""
        empty = [
            rule.field
            for rule in self.spec.claim_rules
            if not rule.sources and not any(step.kind == "constant" for step in rule.transforms)
        ]
        assert not empty, f"claim rules without a source: {', '.join(empty)}"

    def test_claim_rules_read_what_the_provider_sends(self) -> None:
        """The adapter's own rules make the profile that the test expects."""
        made = read_profile(self.spec.claim_rules, check_identity(self.sign_in().run()))
        for field, expected in self.expects.items():
            assert field in made, f"expects names {field}, and the spec has no claim rule for it"
            assert made[field] == expected, f"{field}: the rules make {made[field]!r} of it, not {expected!r}"
