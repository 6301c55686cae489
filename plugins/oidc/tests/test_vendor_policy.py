"""What a vendor profile may say about the generic adapter, and that none of it loosens a check."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portico_oidc import FIELDS, OidcAdapter, OidcPolicy
from portico_oidc.testing import World
from portico_sdk import FieldProblem, Redirect, SettingField, SettingsError

DOMAINS = SettingField("hosted_domains", "list", "Domains", required=True)


def world_of(policy: OidcPolicy, *fields: SettingField, **changes: object) -> World:
    return World(adapter=OidcAdapter((*FIELDS, *fields), policy), changes=dict(changes))


def test_a_claim_must_be_one_of_the_settings_values():
    """One issuer for many customers: the boundary is checked on the server."""
    world = world_of(OidcPolicy(matching_claims={"hd": "hosted_domains"}), DOMAINS, hosted_domains=["a.test", "b.test"])
    world.provider.claims = {"hd": "b.test"}
    assert world.login().subject == "alice"


@pytest.mark.parametrize("hd", [None, "c.test", ["a.test"], "", "a.test b.test"])
def test_another_value_or_none_is_refused(hd):
    """Also a list that holds the right one: the claim has to be it."""
    world = world_of(OidcPolicy(matching_claims={"hd": "hosted_domains"}), DOMAINS, hosted_domains=["a.test"])
    world.provider.claims = {"hd": hd}
    assert world.refusal() == "claim-mismatch"


def test_an_empty_setting_refuses_everybody():
    """Absence of what to compare with is a refusal."""
    world = world_of(OidcPolicy(matching_claims={"hd": "hosted_domains"}), DOMAINS)
    world.provider.claims = {"hd": "a.test"}
    assert world.refusal() == "claim-mismatch"


@pytest.mark.parametrize(("tid", "outcome"), [("42", "alice"), ("43", "claim-mismatch"), (None, "claim-mismatch")])
def test_the_tenant_in_the_token_is_the_one_in_the_issuer(tid, outcome):
    """The issuer's own name says which tenant."""
    world = world_of(OidcPolicy(issuer_claims={"tid": r"https://idp\.test/([0-9]+)"}))
    world.provider.__init__("https://idp.test/42")  # type: ignore[misc]
    world.provider.claims = {"tid": tid}
    assert (world.login().subject if outcome == "alice" else world.refusal()) == outcome


def test_an_issuer_without_a_tenant_in_it_refuses():
    """Absence of what to compare with is a refusal."""
    world = world_of(OidcPolicy(issuer_claims={"tid": r"https://idp\.test/([0-9]+)"}))
    world.provider.claims = {"tid": "42"}
    assert world.refusal() == "claim-mismatch"


SPELLED = OidcPolicy(issuer_spellings={"https://idp.test": ("idp.test",)})


def test_another_spelling_of_the_issuer_is_accepted_where_the_vendor_has_one():
    """In discovery, in the answer and in the token; identity and replay keep the configured one."""
    world = world_of(SPELLED)
    world.provider.discovery["issuer"] = "idp.test"
    world.provider.claims = {"iss": "idp.test"}
    world.provider.params = {"iss": "idp.test"}
    assert world.login().issuer == "https://idp.test"


@pytest.mark.parametrize("iss", ["idp.test/", "http://idp.test", "", None, ["idp.test"]])
def test_every_other_spelling_is_refused(iss):
    """Compared exactly."""
    world = world_of(SPELLED)
    world.provider.claims = {"iss": iss}
    assert world.refusal() == "id-token-iss"


@pytest.mark.parametrize(("count", "incomplete"), [(99, frozenset()), (100, {"groups"}), (101, {"groups"})])
def test_a_list_as_long_as_the_vendors_limit_is_unknown(count, incomplete):
    """A cut list must not take groups away."""
    world = world_of(OidcPolicy(may_be_cut={"groups": 100}))
    world.provider.claims = {"groups": [f"g{n}" for n in range(count)]}
    identity = world.login()
    assert identity.incomplete == incomplete
    assert ("groups" in identity.attributes) is not bool(incomplete)


@pytest.mark.parametrize(("domains", "sent"), [(["a.test"], True), (["a.test", "b.test"], False), ([], False)])
def test_a_single_parameter_is_sent_only_when_there_is_one_value(domains, sent):
    """A hint of two domains would be no hint."""
    policy = OidcPolicy(parameters={"hd": "hosted_domains"}, single_parameters=frozenset({"hd"}))
    begun = world_of(policy, DOMAINS, hosted_domains=domains).begin()
    assert isinstance(begun.action, Redirect)
    assert ("&hd=a.test" in begun.action.url) is sent


def test_a_vendor_may_find_fault_with_settings_and_lower_their_case():
    """Problems that only this vendor's settings can have are named like any other."""
    problem = FieldProblem("issuer", "shared", "No.")
    policy = OidcPolicy(lower_case=frozenset({"hosted_domains"}), check_settings=lambda settings: (problem,))
    world = world_of(policy, DOMAINS, hosted_domains=["A.Test"])
    with pytest.raises(SettingsError) as refusal:
        world.context()
    assert refusal.value.problems == (problem,)
    world.adapter = OidcAdapter((*FIELDS, DOMAINS), replace(policy, check_settings=lambda settings: ()))
    assert world.context().settings["hosted_domains"] == ["a.test"]
