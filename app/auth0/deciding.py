"""From what an operator typed to decisions: names resolved, customers found, what was not said as it was before."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from app.audit import Actor
from app.auth0.models import Auth0Trust
from app.auth0.origin import parse_origin
from app.auth0.trust import Decisions
from app.errors import Invalid, Problem
from app.organizations import Selector, change_organization, find_organization_by_selector

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,126}[A-Za-z0-9])?")
_ORGANIZATION = re.compile(r"org_[A-Za-z0-9]{1,60}")
METHODS = ("client_secret_post", "private_key_jwt")


@dataclass(frozen=True, slots=True)
class Typed:
    """What an operator said; None: as it was before, or the default.

    Args:
        domain: of the tenant.
        organizations: `org_…`, or `org_…=CUSTOMER` where it stands for one: its id, slug or external id.
    """

    domain: str | None = None
    custom_domains: Sequence[str] | None = None
    connection_name: str | None = None
    auth_method: str | None = None
    claims_namespace: str | None = None
    applications: Sequence[str] | None = None
    organizations: Sequence[str] | None = None
    discovery_domains: bool | None = None


def decide(typed: Typed, before: Auth0Trust | None, issuer: str) -> Decisions:
    """Return what is decided. Applications stay as they were named.

    Raises Invalid.
    """
    if typed.domain is None and before is None:
        raise Invalid(Problem("domain", "required", "Give the tenant's domain, such as acme.eu.auth0.com."))
    origin = parse_origin(typed.domain) if typed.domain is not None else str(before and before.origin)
    known = before if before is not None and before.origin == origin else None

    def chosen(name: str, default: Any) -> Any:
        said = getattr(typed, name)
        if said is not None:
            return tuple(said) if isinstance(said, (list, tuple)) else said
        kept = getattr(known, name) if known is not None else default
        return tuple(kept) if isinstance(kept, list) else kept

    decisions = Decisions(
        origin=origin,
        claims_namespace=chosen("claims_namespace", f"{issuer}/"),
        custom_domains=tuple(parse_origin(one, "custom_domains") for one in chosen("custom_domains", ())),
        connection_name=chosen("connection_name", "portico"),
        auth_method=chosen("auth_method", "client_secret_post"),
        applications=chosen("applications", ()),
        organizations=tuple(one.partition("=")[0] for one in chosen("organizations", ())),
        discovery_domains=chosen("discovery_domains", False),
    )
    _check(decisions)
    return decisions


def find_customers(organizations: Sequence[str]) -> dict[str, str]:
    """Return which customer each Auth0 organization stands for, where it was said. Raises Invalid: no such customer."""
    found = {}
    for position, text in enumerate(organizations):
        auth0_id, equals, named = text.partition("=")
        if not equals:
            continue
        kinds: tuple[Selector, ...] = ("id", "slug", "external_id")
        customer = next((one for kind in kinds if (one := find_organization_by_selector(kind, named))), None)
        if customer is None:
            said = f"There is no customer {named[:60]}."
            raise Invalid(Problem(f"organizations[{position}]", "organization-unknown", said))
        found[auth0_id] = customer.id
    return found


def bind_organizations(customers: Mapping[str, str], *, actor: Actor, now: datetime) -> None:
    """Store which customer each Auth0 organization stands for. Raises Conflict: it is another customer's already."""
    for auth0_id, organization_id in customers.items():
        change_organization(organization_id, {"auth0_organization_id": auth0_id}, actor=actor, now=now)


def find_custom_domains(listed: object) -> list[str]:
    """Return the origins of those custom domains of a tenant that work."""
    items = listed if isinstance(listed, list) else []
    ready = [str(one.get("domain")) for one in items if isinstance(one, dict) and one.get("status") == "ready"]
    return [parse_origin(one, "custom_domains") for one in ready]


def _check(decisions: Decisions) -> None:
    problems = []
    if not _NAME.fullmatch(decisions.connection_name):
        message = "Letters, digits and inner hyphens, at most 128."
        problems.append(Problem("connection_name", "auth0-connection-name", message))
    if decisions.auth_method not in METHODS:
        problems.append(Problem("auth_method", "unknown-choice", f"Choose one of {', '.join(METHODS)}."))
    parts = urlsplit(decisions.claims_namespace)
    if parts.scheme not in ("http", "https") or not parts.netloc or len(decisions.claims_namespace) > 200:
        message = "Give a URL of yours, such as https://sso.example.com/."
        problems.append(Problem("claims_namespace", "auth0-namespace", message))
    for position, one in enumerate(decisions.organizations):
        if not _ORGANIZATION.fullmatch(one):
            message = "Give the id of an Auth0 organization, such as org_…."
            problems.append(Problem(f"organizations[{position}]", "auth0-organization-syntax", message))
    if problems:
        raise Invalid(*problems)
