"""Secrets that we hand out once: 256 random bits behind a prefix that says what they are.

The prefix lets scanners of source code and logs recognise a leaked one. Only the hash is stored.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Iterable

from app.cipher import hash_token

CLIENT_SECRET_PREFIX = "portico_secret_"  # noqa: S105 the prefix is public
API_KEY_PREFIX = "portico_key_"
_NOBODY = "0" * 64  # the hash of nothing: compared where there is no secret, so that the answer takes as long


def make_token(prefix: str, random: Callable[[int], bytes]) -> str:
    """Return a fresh secret: `prefix` and 43 characters of `[A-Za-z0-9_-]`."""
    return prefix + base64.urlsafe_b64encode(random(32)).decode().rstrip("=")


def hint_of(token: str) -> str:
    """Return what may be shown of a secret later: its last four characters."""
    return token[-4:]


def find_match(token: str, hashes: Iterable[str]) -> int | None:
    """Return the position of the hash that `token` belongs to, or None, after comparing all of them in constant time."""
    wanted = hash_token(token.encode(errors="replace").decode())
    found = None
    for position, stored in enumerate(list(hashes) or [_NOBODY]):
        if hmac.compare_digest(stored, wanted):
            found = position
    return found
