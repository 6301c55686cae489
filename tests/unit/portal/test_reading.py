"""A document that was uploaded travels with its preview in a hidden field, which a browser may have changed."""

from __future__ import annotations

import base64
import zlib

import pytest

from app.portal.reading import MAX_FILE, carried, carry


def test_what_is_carried_comes_back() -> None:
    assert carried(carry("<a>ä</a>".encode())) == "<a>ä</a>"
    assert carried(carry(b"x" * MAX_FILE)) == "x" * MAX_FILE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no base64!",
        base64.b64encode(b"not compressed").decode(),
        base64.b64encode(zlib.compress(b"cut short")[:-5]).decode(),
        base64.b64encode(zlib.compress(b"0" * (MAX_FILE + 1))).decode(),
        base64.b64encode(zlib.compress(b"0" * 50_000_000)).decode(),
    ],
)
def test_what_is_none_is_nothing(text: str) -> None:
    """A bomb included: nothing larger than a file may be is ever unpacked."""
    assert carried(text) == ""
