"""Scopes of API keys: a closed vocabulary, and nothing outside of it is ever granted."""

from __future__ import annotations

import pytest

from app.access import SCOPES, check_scopes, has_scope
from app.errors import Invalid


def test_a_scope_is_granted_by_itself_by_its_write_and_by_everything() -> None:
    """`write` covers `read`; `*` covers all."""
    assert has_scope(["clients:read"], "clients:read")
    assert has_scope(["clients:write"], "clients:read")
    assert has_scope(["*"], "clients:write")


def test_a_scope_is_not_granted_by_less_or_by_another() -> None:
    """`read` covers no `write`, one thing no other, nothing nothing."""
    assert not has_scope(["clients:read"], "clients:write")
    assert not has_scope(["clients:write"], "connections:read")
    assert not has_scope([], "clients:read")
    assert not has_scope(["clients:read"], "*")


@pytest.mark.parametrize("needed", ["", "clients", "clients:delete", "clients:*", "nothing:read"])
def test_an_unknown_scope_is_granted_to_nobody(needed: str) -> None:
    """A typing error in a route refuses everybody, the owner of `*` too."""
    assert not has_scope(["*"], needed)


def test_every_write_scope_has_a_read_scope_and_all_are_described() -> None:
    """The vocabulary is regular."""
    for scope, meaning in SCOPES.items():
        assert meaning.endswith(".")
        if scope.endswith(":write") and scope != "sessions:write":  # sessions are ended, and shown to nobody
            assert scope.replace(":write", ":read") in SCOPES


@pytest.mark.parametrize("scopes", [[], ["clients:delete"], ["*", "everything"]])
def test_a_key_needs_known_scopes(scopes: list[str]) -> None:
    """No key without scopes, none outside of the vocabulary."""
    with pytest.raises(Invalid):
        check_scopes(scopes)
