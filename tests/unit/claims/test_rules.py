"""Claim rules as people write them: every bound is checked, every problem named."""

from __future__ import annotations

from typing import Any

import pytest

from app.claims import parse_rules
from app.errors import Invalid
from portico_sdk import ClaimRule, Transform


def test_rules_are_parsed_in_the_order_of_the_profile() -> None:
    """The JSON form of rooms.md."""
    written = {
        "groups": {"sources": ["memberOf"], "transforms": [{"kind": "split", "argument": ";"}]},
        "email": {"sources": ["mail", "Mail"], "transforms": [{"kind": "replace", "table": {"a@b.c": "d@e.f"}}]},
    }
    assert parse_rules(written) == (
        ClaimRule("email", ("mail", "Mail"), (Transform("replace", table={"a@b.c": "d@e.f"}),)),
        ClaimRule("groups", ("memberOf",), (Transform("split", ";"),)),
    )
    assert parse_rules({}) == ()


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ([], "claim_rules"),
        (None, "claim_rules"),
        ({"password": {"sources": ["x"]}}, "claim_rules.password"),
        ({"email": ["mail"]}, "claim_rules.email"),
        ({"email": {"source": ["mail"]}}, "claim_rules.email"),
        ({"email": {}}, "claim_rules.email.sources"),
        ({"email": {"sources": []}}, "claim_rules.email.sources"),
        ({"email": {"sources": "mail"}}, "claim_rules.email.sources"),
        ({"email": {"sources": ["m"] * 31}}, "claim_rules.email.sources"),
        ({"email": {"sources": [""]}}, "claim_rules.email.sources[0]"),
        ({"email": {"sources": ["ok", 5]}}, "claim_rules.email.sources[1]"),
        ({"email": {"sources": ["a\nb"]}}, "claim_rules.email.sources[0]"),
        ({"email": {"sources": ["x" * 501]}}, "claim_rules.email.sources[0]"),
        ({"email": {"sources": ["m"], "transforms": 5}}, "claim_rules.email.transforms"),
        ({"email": {"sources": ["m"], "transforms": [{"kind": "trim"}] * 11}}, "claim_rules.email.transforms"),
        ({"email": {"sources": ["m"], "transforms": ["lower"]}}, "claim_rules.email.transforms[0]"),
        ({"email": {"sources": ["m"], "transforms": [{"kind": "eval"}]}}, "claim_rules.email.transforms[0]"),
        ({"email": {"sources": ["m"], "transforms": [{"kind": ["trim"]}]}}, "claim_rules.email.transforms[0]"),
        (
            {"email": {"sources": ["m"], "transforms": [{"kind": "trim", "argument": "x"}]}},
            "claim_rules.email.transforms[0].argument",
        ),
        (
            {"email": {"sources": ["m"], "transforms": [{"kind": "constant"}]}},
            "claim_rules.email.transforms[0].argument",
        ),
        (
            {"email": {"sources": ["m"], "transforms": [{"kind": "split", "argument": ""}]}},
            "claim_rules.email.transforms[0].argument",
        ),
        (
            {"email": {"sources": ["m"], "transforms": [{"kind": "replace"}]}},
            "claim_rules.email.transforms[0].table",
        ),
        (
            {"email": {"sources": ["m"], "transforms": [{"kind": "replace", "table": {"a": 5}}]}},
            "claim_rules.email.transforms[0].table",
        ),
    ],
    ids=str,
)
def test_what_is_no_rule_is_refused_and_the_place_named(written: Any, field: str) -> None:
    """Bad input is an Invalid that names the field, never another exception."""
    with pytest.raises(Invalid) as refused:
        parse_rules(written)
    assert field in [problem.field for problem in refused.value.problems]


def test_every_problem_is_named_not_only_the_first() -> None:
    """Whoever writes rules sees all that is wrong at once."""
    with pytest.raises(Invalid) as refused:
        parse_rules({"email": {"sources": [5]}, "name": {"sources": [6]}})
    assert len(refused.value.problems) == 2
