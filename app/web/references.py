"""Reference ids: what a person may be shown about a fault, and what finds it in the log."""

from __future__ import annotations

import secrets


def new_reference() -> str:
    """Return 128 random bits in lower-case hex."""
    return secrets.token_hex(16)
