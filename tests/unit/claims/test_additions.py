"""What operators add to the profile, as pure functions: attributes, roles by group, expressions; and their explanation."""

from __future__ import annotations

import pytest

from app.claims import (
    Additions,
    Attribute,
    GroupRole,
    Profile,
    explain,
    missing_attributes,
    normalize,
    parse_rules,
)
from app.claims.additions import RESERVED
from app.errors import Invalid
from app.provider.discovery import CLAIMS
from tests.support.columns import identity

RULES = parse_rules(
    {
        "department": {"sources": ["dept"], "transforms": [{"kind": "lower"}]},
        "teams": {"sources": ["team"]},
        "contractor": {"sources": ["ext"]},
        "groups": {"sources": ["groups"]},
        "roles": {"sources": ["roles"]},
    },
    attributes=["department", "teams", "contractor"],
)
ATTRIBUTES = (Attribute("department", required=True), Attribute("teams", "list"), Attribute("contractor", "boolean"))


def attributes_of(**sent: tuple[str, ...]) -> object:
    return normalize(RULES, identity(attributes=sent), Additions(ATTRIBUTES)).attributes


def test_attributes_have_the_type_that_was_defined() -> None:
    """A list stays a list, a boolean is one; Auth0 sees what the operator defined."""
    sent = {"dept": ("ENG", "X"), "team": ("a", "b", "a"), "ext": ("TRUE",)}
    assert attributes_of(**sent) == {"department": "eng", "teams": ("a", "b"), "contractor": True}


@pytest.mark.parametrize(
    ("sent", "said"),
    [("true", True), ("1", True), ("Yes", True), ("false", False), ("0", False), ("no", False), ("maybe", None)],
)
def test_a_boolean_is_what_providers_write_or_absent(sent: str, said: bool | None) -> None:
    assert attributes_of(ext=(sent,)) == ({} if said is None else {"contractor": said})


def test_a_boolean_that_says_both_is_absent() -> None:
    assert attributes_of(ext=("true", "false")) == {}


def test_an_attribute_nobody_maps_is_absent_and_one_nobody_defined_is_not_there() -> None:
    assert normalize((), identity(attributes={"dept": ("x",)}), Additions(ATTRIBUTES)).attributes == {}
    assert normalize(RULES, identity(attributes={"dept": ("x",)})).attributes == {}


def test_required_attributes_that_lack_are_named() -> None:
    additions = Additions(ATTRIBUTES)
    assert missing_attributes(Profile(), additions) == ("department",)
    assert missing_attributes(Profile(attributes={"department": "x"}), additions) == ()
    left_out = identity(attributes={"dept": ("x",)}, incomplete=frozenset({"dept"}))
    assert missing_attributes(normalize(RULES, left_out, additions), additions) == ("department",)


def test_no_name_takes_the_place_of_a_claim_of_ours() -> None:
    """Every `portico_` claim of the ID token is reserved."""
    ours = {claim.removeprefix("portico_") for claim in CLAIMS if claim.startswith("portico_")}
    assert ours <= RESERVED


ROLES = (GroupRole("Owners", "owner"), GroupRole("Admins", "admin"), GroupRole(None, "member"))


@pytest.mark.parametrize(
    ("groups", "roles"),
    [
        (("Admins",), ("admin",)),
        (("Admins", "Owners"), ("owner",)),  # by priority, not by the order in which the provider sends them
        (("admins",), ("member",)),  # compared exactly
        (("Nobody",), ("member",)),
        ((), ("member",)),
    ],
)
def test_the_first_rule_that_fits_decides_else_the_default(groups: tuple[str, ...], roles: tuple[str, ...]) -> None:
    sent = identity(attributes={"groups": groups, "roles": ("what-the-provider-calls-a-role",)})
    assert normalize(RULES, sent, Additions(group_roles=ROLES)).roles == roles


def test_without_a_default_nobody_has_a_role_by_accident() -> None:
    """Empty is knowledge: no group of theirs has a role here."""
    sent = identity(attributes={"groups": ("x",), "roles": ("admin",)})
    assert normalize(RULES, sent, Additions(group_roles=ROLES[:2])).roles == ()


def test_of_unknown_groups_no_role_is_made() -> None:
    """Overage: neither the default nor none; applications keep what they know."""
    sent = identity(attributes={"groups": ("Admins",)}, incomplete=frozenset({"groups"}))
    assert normalize(RULES, sent, Additions(group_roles=ROLES)).roles is None


def test_without_rules_the_providers_roles_stay() -> None:
    assert normalize(RULES, identity(attributes={"roles": ("r",)})).roles == ("r",)


def test_the_explanation_covers_attributes_roles_and_expressions() -> None:
    """Issue 3: raw value, each step and result for every field."""
    rules = parse_rules(
        {"department": {"expression": "split('/', dept[0])[-1]", "transforms": [{"kind": "lower"}]},
         "groups": {"sources": ["groups"]}},
        attributes=["department"],
    )  # fmt: skip
    sent = identity(attributes={"dept": ("Org/ENG",), "groups": ("Admins",)})
    said = {one.field: one for one in explain(rules, sent, Additions(ATTRIBUTES[:1], ROLES))}
    assert list(said) == ["email", "name", "given_name", "family_name", "preferred_username", "groups", "roles",
                          "department"]  # fmt: skip
    department = said["department"]
    assert (department.source, department.raw) == ("split('/', dept[0])[-1]", ("ENG",))
    assert (department.steps, department.result) == ((("lower", ("eng",)),), "eng")
    roles = said["roles"]
    assert (roles.source, roles.raw, roles.steps) == ("groups", ("Admins",), (("group_roles", ("admin",)),))
    assert roles.remark == "in Admins"


def test_an_expression_that_reads_what_was_left_out_is_unknown() -> None:
    rules = parse_rules({"groups": {"expression": "groups[?@ == 'a']"}, "email": {"expression": "mail[0]"}})
    sent = identity(attributes={"groups": ("a",), "mail": ("a@x.test",)}, incomplete=frozenset({"groups"}))
    profile = normalize(rules, sent)
    assert (profile.groups, profile.email) == (None, "a@x.test")


def test_an_expression_that_does_not_fit_says_why() -> None:
    rules = parse_rules({"email": {"expression": "lower(mail)"}})
    email = explain(rules, identity(attributes={"mail": ("a@x.test",)}))[0]
    assert email.result is None
    assert "does not fit" in email.remark


@pytest.mark.parametrize(
    "rule",
    [{"expression": "mail[]"}, {"expression": 5}, {"expression": ""}, {"expression": "mail", "sources": ["mail"]}],
)
def test_rules_name_a_wrong_expression(rule: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refused:
        parse_rules({"email": rule})
    assert refused.value.problems[0].field == "claim_rules.email.expression"
