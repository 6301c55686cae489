"""Secrets that are handed out: how they look and how they are compared."""

from __future__ import annotations

import hmac
import os
from typing import Any

import pytest

from app.access.tokens import API_KEY_PREFIX, CLIENT_SECRET_PREFIX, find_match, hint_of, make_token
from app.cipher import hash_token


def test_a_secret_has_256_random_bits_behind_a_prefix_that_says_its_kind() -> None:
    """Scanners recognise it; nobody guesses it."""
    asked: list[int] = []

    def random(count: int) -> bytes:
        asked.append(count)
        return os.urandom(count)

    token = make_token(CLIENT_SECRET_PREFIX, random)
    assert asked == [32]
    assert token.startswith("portico_secret_")
    assert len(token) == len(CLIENT_SECRET_PREFIX) + 43
    assert API_KEY_PREFIX != CLIENT_SECRET_PREFIX
    assert hint_of(token) == token[-4:]


def test_every_hash_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """O7: a match early in the list saves no comparison, and no list costs one too."""
    compared: list[str] = []
    real = hmac.compare_digest

    def counting(one: Any, other: Any) -> bool:
        compared.append(one)
        return real(one, other)

    monkeypatch.setattr(hmac, "compare_digest", counting)
    hashes = [hash_token("a"), hash_token("b"), hash_token("c")]
    assert find_match("a", hashes) == 0
    assert compared == hashes
    compared.clear()
    assert find_match("a", []) is None
    assert len(compared) == 1


@pytest.mark.parametrize("token", ["", "b", "\ud800", "ä" * 10_000])
def test_what_is_no_secret_matches_nothing(token: str) -> None:
    """Bad input is a refusal, never an exception."""
    assert find_match(token, [hash_token("a")]) is None
