"""`sub` is for ever: these values may never change."""

from __future__ import annotations

import pytest

from app.claims import make_sub


def test_known_subs_stay_what_they_are() -> None:
    """Stable across releases: a changed value would give every person a new account."""
    assert make_sub("con-aaaaaaaaaaaaaaaaaaaaaaaaaa", "jane") == SUB
    assert make_sub("con-aaaaaaaaaaaaaaaaaaaaaaaaaa", "Jane") != SUB


SUB = "usr-d031cd9094a0ec298a14c53d39afe24933968ad77323576a2eaf"


def test_what_looks_alike_is_not_the_same_person() -> None:
    """Subjects are compared exactly: no case folding, no trimming, no Unicode normalization."""
    alike = ["jane", "JANE", "jane ", " jane", "jane\u200b", "jan\u00e9", "jane\u0301"]
    assert len({make_sub("con-a", subject) for subject in alike}) == len(alike)


def test_the_border_between_connection_and_subject_is_sealed() -> None:
    """No subject can be chosen so that it reads as another connection's."""
    assert make_sub("con-a", "b\0c") != make_sub("con-ab", "c")
    with pytest.raises(ValueError, match="1 to 1024"):
        make_sub("con-a\0b", "c")


@pytest.mark.parametrize("subject", ["", "x" * 1025, "\ud800"])
def test_what_is_no_subject_has_no_sub(subject: str) -> None:
    """An empty subject would be everybody's."""
    with pytest.raises(ValueError):  # noqa: PT011 two kinds of it
        make_sub("con-a", subject)
