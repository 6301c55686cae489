"""Comparing what was received with what was expected, and reading times."""

from __future__ import annotations

from datetime import UTC, datetime
from hmac import compare_digest

from portico_oidc.reasons import CheckFailed

_LATEST_S = 200_000_000_000  # in the year 8307: far enough, and adding to it cannot overflow


def equal(expected: str, received: str) -> bool:
    """Compare in constant time; a lone surrogate from JSON is no text and equals nothing."""
    return compare_digest(expected.encode(), received.encode(errors="backslashreplace"))


def check_same(code: str, expected: str, received: object) -> None:
    """Raise CheckFailed with `code` unless `received` is the very string `expected`."""
    if not isinstance(received, str) or received != expected:
        raise CheckFailed(code, expected=expected, received=received)


def parse_time(code: str, value: object) -> datetime:
    """Return a NumericDate (RFC 7519 2) as aware UTC; numbers in strings, which some providers send, are taken.

    Raises CheckFailed with `code`.
    """
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 12:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LATEST_S:
        raise CheckFailed(code, expected="a time in seconds", received=value)
    return datetime.fromtimestamp(value, UTC)
