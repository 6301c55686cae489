"""Which domains Auth0 sends here: at most a thousand, and whoever has a place keeps it (issue 6, item 3; section 4)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.auth0.aliases import MOST, plan_aliases

DOMAINS = st.lists(st.from_regex(r"[a-e]{1,2}\.example", fullmatch=True), max_size=12, unique=True)


def many(count: int, prefix: str = "d") -> list[str]:
    return [f"{prefix}{number}.example" for number in range(count)]


def test_the_first_push_adds_everything() -> None:
    plan = plan_aliases(["a.example", "b.example"], [], [])
    assert (plan.add, plan.remove, plan.final) == (("a.example", "b.example"), (), ("a.example", "b.example"))


def test_what_is_not_owned_any_more_is_removed_when_we_put_it_there() -> None:
    plan = plan_aliases(["a.example"], ["a.example", "gone.example"], ["a.example", "gone.example"])
    assert (plan.remove, plan.final) == (("gone.example",), ("a.example",))


def test_somebody_elses_alias_is_kept_and_reported() -> None:
    plan = plan_aliases(["a.example"], ["theirs.example"], [])
    assert (plan.foreign, plan.remove, plan.final) == (("theirs.example",), (), ("theirs.example", "a.example"))


def test_somebody_elses_alias_is_removed_only_by_an_explicit_choice() -> None:
    plan = plan_aliases(["a.example"], ["theirs.example"], [], remove_foreign=True)
    assert (plan.remove, plan.final) == (("theirs.example",), ("a.example",))


def test_case_of_an_alias_does_not_matter() -> None:
    assert plan_aliases(["a.example"], ["A.Example"], []).in_step


def test_beyond_a_thousand_the_rest_is_reported_and_nobody_loses_his_place() -> None:
    plan = plan_aliases(many(MOST + 3), [], [])
    assert (len(plan.final), plan.beyond) == (MOST, tuple(many(MOST + 3)[MOST:]))
    newcomer = plan_aliases(["new.example", *many(MOST + 3)], plan.final, plan.final)
    assert newcomer.in_step
    assert newcomer.beyond == ("new.example", *many(MOST + 3)[MOST:])
    freed = plan_aliases(many(MOST + 3)[1:], plan.final, plan.final)
    assert (freed.remove, freed.add) == (("d0.example",), (f"d{MOST}.example",))


def test_others_aliases_take_room() -> None:
    assert len(plan_aliases(many(MOST), many(10, "x"), []).beyond) == 10


@given(DOMAINS, DOMAINS, DOMAINS, st.booleans())
def test_pushing_twice_changes_nothing_the_second_time(
    wanted: list[str], stored: list[str], ours: list[str], remove_foreign: bool
) -> None:
    first = plan_aliases(wanted, stored, ours, remove_foreign=remove_foreign)
    assert set(wanted) <= set(first.final) | set(first.beyond)
    assert set(first.final) == (set(stored) - set(first.remove)) | set(first.add)
    again = plan_aliases(
        wanted, first.final, [one for one in first.final if one in wanted], remove_foreign=remove_foreign
    )
    assert again.in_step
