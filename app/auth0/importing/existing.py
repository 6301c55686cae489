"""One connection as a tenant has it today, wherever it was read from: hostile input, bounded once, here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.auth0.importing.options import Options
from app.errors import Invalid, Problem

#: Strategies that have a counterpart here, and those of the agent in the customer's network, which have none.
MIGRATABLE = ("samlp", "pingfederate", "adfs", "waad", "okta", "oidc", "google-apps")
AGENT = ("ad", "auth0-adldap")

MAX_CONNECTIONS = 10_000
_MAX_DEPTH = 8
_MAX_VALUES = 5_000
_MAX_TEXT = 200_000

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,126}[A-Za-z0-9])?")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_STRATEGY = re.compile(r"[a-z0-9-]{1,40}")


@dataclass(frozen=True, slots=True)
class Auth0Organization:
    """An organization of the tenant for which the connection is enabled."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ExistingConnection:
    """A connection of the tenant.

    Args:
        source_id: `con_…`; None where the export does not say it.
        name: unique in the tenant, never changed there, part of its users' ids.
        options: in the spelling of the Management API; they hold secrets.
        is_ours: it is Portico's own connection: the one that the others become.
    """

    source_id: str | None
    name: str
    strategy: str
    display_name: str
    options: Options = field(repr=False)
    organizations: tuple[Auth0Organization, ...] = ()
    is_ours: bool = False

    @property
    def is_customers(self) -> bool:
        """Whether it is a customer's own identity provider; databases, social providers and Portico are none."""
        return not self.is_ours and (self.strategy in MIGRATABLE or self.strategy in AGENT)


def parse_existing(raw: Any, field_name: str = "connections") -> ExistingConnection:
    """Return the connection that one item of an export describes. Raises Invalid naming what is wrong with it."""
    if not isinstance(raw, Mapping):
        raise _wrong(field_name, "A connection is an object.")
    name, strategy = raw.get("name"), raw.get("strategy")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise _wrong(f"{field_name}.name", "A connection's name has letters, digits and inner hyphens.")
    if not isinstance(strategy, str) or not _STRATEGY.fullmatch(strategy):
        raise _wrong(f"{field_name}.strategy", f"{name} does not say its strategy.")
    options = raw.get("options") or {}
    if not isinstance(options, Mapping) or not _is_bounded(options):
        raise _wrong(f"{field_name}.options", f"The options of {name} are too large, too deep, or no object.")
    source_id, display_name, metadata = raw.get("id"), raw.get("display_name"), raw.get("metadata")
    return ExistingConnection(
        source_id=source_id if isinstance(source_id, str) and _ID.fullmatch(source_id) else None,
        name=name,
        strategy=strategy,
        display_name=_line(display_name) or name,
        options=Options(options),
        organizations=_organizations(raw.get("organizations")),
        is_ours=isinstance(metadata, Mapping) and metadata.get("managed_by") == "portico",
    )


def _organizations(raw: Any) -> tuple[Auth0Organization, ...]:
    """What a reader of the Management API added; other exports have nothing of the kind."""
    items = [item for item in raw if isinstance(item, Mapping)] if isinstance(raw, list) else []
    known = [item for item in items if isinstance(item.get("id"), str) and _ID.fullmatch(item["id"])]
    return tuple(Auth0Organization(item["id"], _line(item.get("name")) or item["id"]) for item in known[:100])


def _line(value: Any) -> str:
    """The text where it can be a name of ours, else nothing."""
    text = value.strip() if isinstance(value, str) else ""
    return text if text.isprintable() and len(text) <= 200 else ""


def _is_bounded(options: Mapping[str, Any]) -> bool:
    """Whether all of it can be looked at without harm: few values, short, not nested for ever."""
    left = _MAX_VALUES
    level: list[Any] = [options]
    for _depth in range(_MAX_DEPTH):
        following: list[Any] = []
        for value in level:
            if isinstance(value, Mapping):
                if not all(isinstance(key, str) and len(key) <= 500 for key in value):
                    return False
                following += value.values()
            elif isinstance(value, list):
                following += value
            elif isinstance(value, str) and (len(value) > _MAX_TEXT or "\0" in value):
                return False
        left -= len(following)
        if left < 0:
            return False
        level = following
    return not level


def _wrong(path: str, message: str) -> Invalid:
    return Invalid(Problem(path[:200], "import-connection", message))
