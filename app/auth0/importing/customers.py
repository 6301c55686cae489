"""Whose a connection is: the organization here, and its domains."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.audit import Actor
from app.auth0.importing.existing import ExistingConnection
from app.auth0.importing.plan import ImportOptions
from app.errors import Invalid
from app.organizations import (
    NewOrganization,
    add_domain,
    add_organization,
    find_domain_owner,
    find_organization_by_selector,
    get_organization,
    list_domains,
    normalize_domain,
)


def choose_organization(existing: ExistingConnection, options: ImportOptions, *, actor: Actor, now: datetime) -> str:
    """Return the organization of the connection: the one that was named, the Auth0 organization's, else a new one.

    Inside `transaction()` only. Raises NotFound: there is no organization of the id that was named.
    """
    if named := options.organizations.get(existing.name):
        return get_organization(named).id
    if len(existing.organizations) != 1:  # used by several: whose it is only an operator knows
        return add_organization(NewOrganization(existing.display_name), actor=actor, now=now).id
    theirs = existing.organizations[0]
    if known := find_organization_by_selector("auth0_organization_id", theirs.id):
        return known.id
    new = NewOrganization(theirs.name, auth0_organization_id=theirs.id)
    return add_organization(new, actor=actor, now=now).id


def list_aliases(existing: ExistingConnection) -> tuple[list[str], list[str]]:
    """Return the domains that routed people to the connection, and a note on each that nobody can own."""
    domains, notes = [], []
    for text in dict.fromkeys(existing.options.texts("domain_aliases")):
        try:
            domains.append(normalize_domain(text))
        except Invalid as error:
            notes.append(f"The domain {text[:80]} was not taken over: {error.problems[0].message}")
    return list(dict.fromkeys(domains))[:200], notes


def add_customer_domains(
    organization_id: str, domains: Sequence[str], *, vouched: bool, actor: Actor, now: datetime
) -> list[str]:
    """Add domains that the organization does not list yet, pending unless an operator vouches; returns notes.

    Inside `transaction()` only. One that another organization owns stays there.
    """
    listed = {one.domain: one.vouched for one in list_domains(organization_id)}
    notes = []
    for domain in domains:
        owner = find_domain_owner(domain)
        if owner and owner.organization_id != organization_id:
            notes.append(f"The domain {domain} belongs to another organization here: only an operator moves it.")
        elif domain not in listed or (vouched and not listed[domain]):
            add_domain(organization_id, domain, vouched=vouched, actor=actor, now=now)
    return notes
