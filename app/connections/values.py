"""What the values of a connection may be, apart from the settings, which its adapter judges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from app.errors import Invalid, Problem
from app.organizations import normalize_domain
from portico_sdk import KeyPair

MAX_DOMAINS = 200


@dataclass(frozen=True, slots=True)
class NewConnection:
    """What somebody says about a new connection. `settings` may hold the adapter's input-only names.

    `keys` are ours from before, for a provider that knows their certificates: the first signs, all decrypt. None makes one.
    """

    adapter: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None
    claim_rules: Mapping[str, Any] = field(default_factory=dict)
    domains: Sequence[str] = ()
    is_default: bool = False
    keys: Sequence[KeyPair] = ()


class ConnectionChanges(TypedDict, total=False):
    """What may change; an absent key leaves the value alone.

    `settings` is laid over what is stored: absent keeps (secrets too), null removes. `claim_rules` and `domains` are
    replaced as a whole.
    """

    name: str
    settings: Mapping[str, Any]
    claim_rules: Mapping[str, Any]
    domains: Sequence[str]
    is_default: bool


def check_changes(changes: Mapping[str, Any]) -> None:
    """Raise Invalid for a field that there is not, and for one that never changes."""
    fixed = {"adapter", "distribution", "organization_id"}
    problems = []
    for name in changes:
        if name in fixed:
            problems.append(Problem(name, "immutable", "This never changes: make a new connection."))
        elif name not in ConnectionChanges.__annotations__:
            problems.append(Problem(name[:60], "unknown-field", "There is no such field."))
    if problems:
        raise Invalid(*problems)


def parse_name(name: Any) -> str:
    """Return the name without surrounding blanks. Raises Invalid."""
    if not isinstance(name, str) or not name.strip() or len(name) > 200 or not name.isprintable():
        raise Invalid(Problem("name", "name-syntax", "A name has 1 to 200 characters on one line."))
    return name.strip()


def parse_domains(domains: Any) -> list[str]:
    """Return the domains in their stored form, each once. They are hints for routing: nobody need own them yet.

    Raises:
        Invalid: not a list, too many, or one that no organization may own.
    """
    if isinstance(domains, str) or not isinstance(domains, Sequence) or len(domains) > MAX_DOMAINS:
        raise Invalid(Problem("domains", "domain-list", f"Give a list of at most {MAX_DOMAINS} domains."))
    normalized: list[str] = []
    problems: list[Problem] = []
    for position, domain in enumerate(domains):
        try:
            normalized.append(normalize_domain(domain if isinstance(domain, str) else ""))
        except Invalid as error:
            problems += [Problem(f"domains[{position}]", p.code, p.message) for p in error.problems]
    if problems:
        raise Invalid(*problems)
    return list(dict.fromkeys(normalized))


def parse_flag(name: str, value: Any) -> bool:
    """Return the boolean. Raises Invalid for anything else, however true it looks."""
    if not isinstance(value, bool):
        raise Invalid(Problem(name, "boolean", "Give true or false."))
    return value
