"""Which prefixes old ids may have: the tenant's own forms, for this connection and no other."""

from __future__ import annotations

from app.auth0.importing.existing import ExistingConnection
from app.errors import Invalid, Problem


def check_prefix(existing: ExistingConnection, prefix: str) -> None:
    """Raise Invalid unless the prefix is the strategy's, alone or with this very connection's name.

    Any other would let one customer's provider name the users of another.
    """
    if prefix not in (f"{existing.strategy}|{existing.name}|", f"{existing.strategy}|"):
        message = f"Old ids of {existing.name} begin with {existing.strategy}|{existing.name}| or {existing.strategy}|."
        raise Invalid(Problem("legacy_prefixes", "legacy-prefix", message))


def names_connection(prefix: str) -> bool:
    """Whether ids with this prefix say which connection they belong to; all others count only when they were recorded."""
    return prefix.count("|") == 2
