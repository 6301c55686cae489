"""Operators' expressions: what they may say, what they give, and that a short one never makes a long answer."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.claims.evaluation import NoValue, evaluate, size_of
from app.claims.expressions import MAX_EXPRESSION, ExpressionRefused, parse_expression
from app.claims.functions import MAX_GROWTH

SENT: Mapping[str, tuple[str, ...]] = {
    "mail": ("Ada@Halden.Example",),
    "groups": ("CN=admins,OU=g", "CN=users,OU=g", "guests"),
    "http://schemas.example/dept": ("Engines",),
    "flag": ("true",),
}


@pytest.mark.parametrize(
    ("text", "gives"),
    [
        ("mail[0]", ("Ada@Halden.Example",)),
        ("lower(mail[0])", ("ada@halden.example",)),
        ("upper(flag[0])", ("TRUE",)),
        ('"http://schemas.example/dept"', ("Engines",)),
        ("split('@', mail[0])[1]", ("Halden.Example",)),
        ("replace('CN=', '', groups[0])", ("admins,OU=g",)),
        ("map(&split(',', @)[0], groups)", ("CN=admins", "CN=users", "guests")),
        ("groups[?starts_with(@, 'CN=')]", ("CN=admins,OU=g", "CN=users,OU=g")),
        ("groups[?starts_with(@, 'CN=')] | [0]", ("CN=admins,OU=g",)),
        ("join('-', [flag[0], mail[0]])", ("true-Ada@Halden.Example",)),
        ("not_null(nickname, mail)", ("Ada@Halden.Example",)),
        ("length(groups)", ("3",)),
        ("flag[0] == 'true'", ("true",)),
        ("contains(groups, 'guests')", ("true",)),
        ("'a constant'", ("a constant",)),
        ("absent", None),
        ("absent[0].deeper", None),
        ("`null`", None),
        ("groups[5]", None),
    ],
)
def test_what_an_expression_gives(text: str, gives: tuple[str, ...] | None) -> None:
    """It sees the attributes by name, each a list of texts; missing is null."""
    assert evaluate(parse_expression(text), SENT) == gives


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x" * (MAX_EXPRESSION + 1),
        "mail\n",
        "mail[",
        "mail[]",  # flattening
        "[mail, groups]",  # a list of expressions that is no argument
        "{a: mail}",
        "map(&[@, @], groups)",
        "mail | mail | mail | mail | mail",  # four pipes
        " || ".join("abcdefghijklmnopqrstuvwxyzabcdefgh"),  # 67 parts
        "merge(@, @)",
        "eval(mail)",
        "to_entries(@)",
        "lower(mail, flag)",
        "lower()",
        "`[1, 2`",
        "(" * 200 + "a" + ")" * 30,
        "!" * 250 + "a",
    ],
)
def test_what_is_outside_of_the_bounds_is_refused(text: str) -> None:
    """At most 256 characters, 64 parts, 3 pipes; no flattening, no objects, lists only as arguments."""
    with pytest.raises(ExpressionRefused):
        parse_expression(text)


@pytest.mark.parametrize(
    "text", ["@", "*", "lower(groups)", "mail == groups", "to_string(groups)", "values(@)", "[?a]"]
)
def test_what_does_not_fit_the_attributes_gives_nothing_and_never_raises(text: str) -> None:
    """An identity provider that sends other things than yesterday makes a field absent, not an error page."""
    expression = parse_expression(text)
    if text == "[?a]":
        assert evaluate(expression, SENT) is None
        return
    with pytest.raises(NoValue, match="expression"):
        evaluate(expression, SENT)


@pytest.mark.parametrize(
    ("text", "reads", "reads_all"),
    [
        ("lower(mail[0])", {"mail"}, False),
        ("@.mail", {"mail"}, False),
        ("@ | mail", {"mail"}, False),
        ("mail[?contains(@, 'x')]", {"mail"}, False),
        ("map(&upper(@), groups)", {"groups"}, False),
        ("not_null(a, b[0], c.d)", {"a", "b", "c"}, False),
        ("@", set(), True),
        ("values(@)", set(), True),
        ("keys(@)[0]", set(), True),
        ("*[0]", set(), True),
        ("not_null(@, mail)", {"mail"}, True),
    ],
)
def test_what_an_expression_looks_at_is_known(text: str, reads: set[str], reads_all: bool) -> None:
    """What reads an attribute that the provider left out is unknown, as it is with plain sources."""
    expression = parse_expression(text)
    assert (expression.reads, expression.reads_all) == (reads, reads_all)


BIG = {f"attribute-{number}": tuple(f"value {number} {place}" for place in range(5)) for number in range(200)}


@pytest.mark.parametrize(
    "text",
    [
        "reverse([@,@,@,@]) | reverse([@,@,@,@]) | reverse([@,@,@,@])",
        "to_array(@).reverse([@,@]).reverse([@,@]).reverse([@,@]).reverse([@,@]).reverse([@,@])",
        "join('', map(&join(',', @), values(@))) | join('', [@,@,@,@,@]) | join('', [@,@,@,@,@])",
        "join('', map(&join(',', @), values(@))).replace('1','xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',@)",
        "map(&map(&replace('v', 'wwwwwwwwwwwwwwwwwwwwwwwwwwwwwww', @), @), values(@))",
        "join('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', keys(@)).split('x',@)",
        "map(&map(&map(&map(&@, @), @), @), values(@))",
        "values(@)[*][?contains(join('', $), @)]",
    ],
)
def test_known_ways_to_grow_are_stopped(text: str) -> None:
    """Doubling lists, joining over and over, replacing a letter by a line: the bound on each evaluation holds."""
    try:
        grown = evaluate(parse_expression(text), BIG)
    except (ExpressionRefused, NoValue):
        return
    assert grown is None or sum(map(len, grown)) <= MAX_GROWTH * size_of(BIG)


_LEAVES = st.sampled_from(
    ["@", "a", "a[0]", "b[-1]", "a[*]", "b[::-1]", "keys(@)", "values(@)", "'x'", f"'{'y' * 30}'", "`[1, 2]`"]
)
_ONE = ["reverse(to_array({}))", "to_array({})", "lower({})", "upper({})", "sort({})", "values({})", "({})[0]",
        "map(&lower(@), {})", "split('a', {})", "join('--', {})", "({})[*]", "max({})", "to_string({})",
        "map(&join(',', @), {})"]  # fmt: skip
_TWO = ["map(&{}, {})", "replace('a', {}, {})", "({}) | ({})", "({}).not_null({})", "({}) || ({})", "({})[?{}]",
        "join({}, {})", "split({}, {})", "map(&map(&{}, @), {})"]  # fmt: skip


def _grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """What the grammar offers, the ways to multiply above all."""
    many = st.lists(inner, min_size=1, max_size=6).map(", ".join)
    return st.one_of(
        st.tuples(st.sampled_from(_ONE), inner).map(lambda made: made[0].format(made[1])),
        st.tuples(st.sampled_from(_TWO), inner, inner).map(lambda made: made[0].format(*made[1:])),
        many.map("reverse([{}])".format),
        many.map("join('--', [{}])".format),
        many.map("not_null({})".format),
    )


EXPRESSIONS = st.recursive(_LEAVES, _grow, max_leaves=10)
_WORDS = st.lists(st.text(alphabet='ab1 \u00e9\U0001f600"\\', max_size=12), min_size=1, max_size=8)
#: 200 attributes, filled over and over with a few texts.
ASSERTIONS = _WORDS.map(
    lambda words: {
        name: tuple(words[(place + step) % len(words)] for step in range(place % 5))
        for place, name in enumerate(["a", "b", *(f"n{number}" for number in range(198))])
    }
)


@settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(EXPRESSIONS, ASSERTIONS)
def test_no_expression_within_the_bounds_grows_its_input_more_than_tenfold(
    text: str, sent: dict[str, tuple[str, ...]]
) -> None:
    """Issue 3: on an assertion of 200 attributes."""
    try:
        grown = evaluate(parse_expression(text), sent)
    except (ExpressionRefused, NoValue):
        return
    assert sum(map(len, grown or ())) <= MAX_GROWTH * size_of(sent)
