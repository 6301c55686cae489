"""What a trace keeps of an assertion: redacted, bounded, and honest about what is not there."""

from __future__ import annotations

import json

import pytest

from app.signin.received import MAX_CHARACTERS, MAX_VALUES, read_received, redact
from tests.support.columns import identity

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"


@pytest.mark.parametrize(
    "name",
    ["password", "userPassword", "Passwd", "access_token", "http://x.example/claims/secret", "private_key", "apiKey",
     "session-cookie", "credential"],
)  # fmt: skip
def test_what_is_called_a_secret_is_left_out(name: str) -> None:
    kept = redact(identity(attributes={name: ("hunter2",), "mail": ("a@x.test",)}))
    assert kept == {"attributes": {"mail": ["a@x.test"]}, "left_out": [name]}


@pytest.mark.parametrize(
    "name", ["mail", "tokenring", "department", "passport", "bypass", "http://x.example/tokens/dept"]
)
def test_what_is_not_stays(name: str) -> None:
    assert redact(identity(attributes={name: ("v",)}))["attributes"] == {name: ["v"]}


@pytest.mark.parametrize("value", [TOKEN, "-----BEGIN PRIVATE KEY-----\nMIIE"])
def test_what_looks_like_a_token_or_a_key_is_left_out_whatever_its_name(value: str) -> None:
    assert redact(identity(attributes={"x": ("fine", value)})) == {"attributes": {}, "left_out": ["x"]}


def test_what_is_too_much_is_left_out_whole_and_named() -> None:
    """Half a list of groups tried again would be a wrong list."""
    sent = {"groups": ("g",) * (MAX_VALUES + 1), "photo": ("x" * MAX_CHARACTERS,), "mail": ("a@x.test",)}
    kept = redact(identity(attributes=sent))
    assert kept == {"attributes": {"mail": ["a@x.test"]}, "left_out": ["groups", "photo"]}


def test_all_of_it_together_is_bounded() -> None:
    sent = {f"a{number}": ("x" * 1000,) * 5 for number in range(500)}
    kept = redact(identity(attributes=sent))
    assert len(json.dumps(kept)) < 2 * MAX_CHARACTERS
    assert kept["left_out"]


def test_no_text_breaks_the_database() -> None:
    """PostgreSQL's JSON takes no NUL and no lone surrogate."""
    kept = redact(identity(attributes={"a\0": ("v",), "b": ("\0",), "c": ("\ud800",), "d": ("v",)}))
    assert kept["attributes"] == {"d": ["v"]}


def test_what_the_provider_left_out_stays_unknown() -> None:
    stored = redact(identity(attributes={"groups": ("a",)}, incomplete=frozenset({"groups"})))
    assert read_received(stored).left_out == {"groups"}
