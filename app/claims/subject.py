"""Our `sub`: what applications know a person by, for ever."""

from __future__ import annotations

import hashlib


def make_sub(connection_id: str, subject: str) -> str:
    """Return the `sub` of (connection, subject at the identity provider): 56 characters of `[a-z0-9-]`.

    The same for ever, whatever certificates, mappings and names do; different for every connection, so that no customer's
    identity provider can name another customer's person. Changing this function changes every account: never do.

    Args:
        subject: exactly as the adapter gave it, 1 to 1024 characters.
    Raises:
        ValueError: it is empty, too long, or no Unicode text.

    Spec: OIDC Core 2 (`sub`), 5.7
    """
    if not connection_id or "\0" in connection_id or not 1 <= len(subject) <= 1024:
        raise ValueError("a subject has 1 to 1024 characters")
    digest = hashlib.sha256(f"portico sub\0{connection_id}\0{subject}".encode()).hexdigest()
    return f"usr-{digest[:52]}"
