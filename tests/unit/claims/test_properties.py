"""Properties of normalization that hold for anything an identity provider may send."""

from __future__ import annotations

from typing import get_args

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.claims import DEFAULT_RULES, Profile, dump_rules, explain, make_sub, normalize, parse_rules
from portico_sdk import PROFILE_FIELDS, ClaimRule, ClaimRules, Transform
from portico_sdk.claims import TransformKind
from portico_sdk.transforms import MAX_LENGTH, MAX_VALUES
from tests.support.columns import identity

NAMES = st.sampled_from(["email", "mail", "name", "groups", "roles", "NameID", "memberOf"])
TEXTS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet=" \t\n\x00\u2028,;@a", max_size=20),
    st.sampled_from(["jane@acme.example", "x" * 1025, ",".join("ab" * 900), "\ud800"]),
)
MANY = [("v",) * 1001, tuple(map(str, range(1000))), tuple(map(str, range(1001)))]
VALUES = st.one_of(st.lists(TEXTS, max_size=6).map(tuple), st.sampled_from(MANY))
SENT = st.dictionaries(NAMES, VALUES, max_size=6)
PRINTABLE = st.text(alphabet=st.characters(categories=["L", "N", "P"]), min_size=1, max_size=20)

# The machine may be busy: no times are judged here, and every run tries the same cases.
proves = settings(
    max_examples=80, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)


@st.composite
def transforms(draw: st.DrawFn) -> Transform:
    kind = draw(st.sampled_from(get_args(TransformKind)))
    if kind == "replace":
        return Transform(kind, table=draw(st.dictionaries(PRINTABLE, PRINTABLE, min_size=1, max_size=5)))
    if kind in ("split", "strip_prefix", "constant", "join"):
        return Transform(kind, draw(PRINTABLE))
    return Transform(kind)


@st.composite
def rule_sets(draw: st.DrawFn) -> ClaimRules:
    fields = draw(st.lists(st.sampled_from(PROFILE_FIELDS), unique=True))
    return tuple(
        ClaimRule(
            field,
            tuple(draw(st.lists(NAMES, min_size=1, max_size=4))),
            tuple(draw(st.lists(transforms(), max_size=5))),
        )
        for field in sorted(fields, key=PROFILE_FIELDS.index)
    )


def check_bounds(profile: Profile) -> None:
    for field in PROFILE_FIELDS:
        value = getattr(profile, field)
        values = value if isinstance(value, tuple) else () if value is None else (value,)
        assert len(values) <= MAX_VALUES
        for text in values:
            assert 0 < len(text) <= MAX_LENGTH
            assert text.strip()
            text.encode()  # no lone surrogates
            assert not any(ord(char) < 32 or char in "\u2028\u2029\x7f" for char in text)


@proves
@given(rule_sets(), SENT, st.frozensets(NAMES, max_size=3))
def test_whatever_is_sent_the_profile_keeps_its_bounds(
    rules: ClaimRules, sent: dict[str, tuple[str, ...]], incomplete: frozenset[str]
) -> None:
    """Bounded output: never an exception, an unprintable or blank text, or a list beyond its length."""
    check_bounds(normalize(rules, identity(attributes=sent, incomplete=incomplete)))
    check_bounds(normalize(DEFAULT_RULES, identity(attributes=sent, incomplete=incomplete)))


@proves
@given(SENT, st.sampled_from(["groups", "memberOf"]))
def test_an_incomplete_list_is_never_given(sent: dict[str, tuple[str, ...]], left_out: str) -> None:
    """Overage: whatever else is sent, what could have won and was left out makes the list unknown."""
    rules = (ClaimRule("groups", (left_out, "mail"), (Transform("trim"),)),)
    assert normalize(rules, identity(attributes=sent, incomplete=frozenset({left_out}))).groups is None


@proves
@given(rule_sets(), SENT)
def test_an_explanation_ends_in_what_normalize_gives(rules: ClaimRules, sent: dict[str, tuple[str, ...]]) -> None:
    """There is one path: what is explained is what happens."""
    profile = normalize(rules, identity(attributes=sent))
    assert {one.field: one.result for one in explain(rules, identity(attributes=sent))} == {
        field: getattr(profile, field) for field in PROFILE_FIELDS
    }


@proves
@given(rule_sets())
def test_what_is_dumped_is_parsed_as_the_same_rules(rules: ClaimRules) -> None:
    """Rules survive storage."""
    assert parse_rules(dump_rules(rules)) == rules


@proves
@given(st.text(min_size=1, max_size=1024).filter(lambda text: text.isprintable()), st.text(min_size=1, max_size=50))
def test_a_sub_has_its_form_and_depends_on_both_parts(subject: str, other: str) -> None:
    """At most 64 characters of [A-Za-z0-9.-]; another connection or subject gives another sub."""
    sub = make_sub("con-a", subject)
    assert len(sub) <= 64
    assert all(char.isascii() and (char.isalnum() or char in ".-") for char in sub)
    assert sub == make_sub("con-a", subject)
    assert sub != make_sub("con-b", subject)
    if other != subject and all(not 0xD800 <= ord(char) < 0xE000 for char in other):
        assert sub != make_sub("con-a", other)
