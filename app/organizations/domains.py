"""Who owns which domain. A verified domain has one owner, held by an index of the database and not by a check alone.

The name must match exactly: a verified domain says nothing about its subdomains.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.audit import Actor, EventName, record
from app.database import db, new_id, transaction
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.organizations.domain_names import normalize_domain, parse_domain
from app.organizations.domain_owners import OWNED, find_domain_owner
from app.organizations.models import Domain
from app.organizations.organizations import get_organization

FIRST_CHECK_AFTER = timedelta(minutes=5)


def add_domain(
    organization_id: str,
    domain: str,
    *,
    vouched: bool,
    actor: Actor,
    now: datetime,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> Domain:
    """Store a domain of this organization: owned at once when an operator vouches for it, else waiting for its TXT record.

    Vouching for a domain that waits already makes it owned.

    Raises:
        NotFound: no such organization.
        Invalid: not a domain that one organization may own.
        Conflict: `domain-owned` by another organization (only move_domain moves it; a customer is told `domain-unavailable`
            and no reason), or `domain-exists` here.
        Forbidden: a customer's link vouches for nothing.
    """
    name = normalize_domain(domain)
    if vouched and actor.kind == "setup_link":
        raise Forbidden("only an operator vouches for a domain")
    with transaction() as session:
        get_organization(organization_id, for_update=True)
        _check_free(name, organization_id, actor)
        row = _find(organization_id, name)
        is_new = row is None
        if row is None:
            row = _new_claim(organization_id, name, now, random)
            session.add(row)
        elif not vouched or row.vouched:
            raise Conflict(f"{name} is listed here", code="domain-exists", hint="It is listed here already.")
        if vouched:
            _vouch(row, now)
        flush_domain(name, actor)  # before anything else is asked: the index may refuse it
        if is_new:
            record_domain(EventName.DOMAIN_ADDED, row, actor, now)
        if vouched:
            record_domain(EventName.DOMAIN_VERIFIED, row, actor, now)
    return row


def remove_domain(organization_id: str, domain: str, *, actor: Actor, now: datetime) -> None:
    """Give a domain up: nobody owns it afterwards. Raises NotFound."""
    with transaction() as session:
        row = get_domain(organization_id, domain)
        record_domain(EventName.DOMAIN_REMOVED, row, actor, now)
        session.delete(row)


def move_domain(domain: str, organization_id: str, *, actor: Actor, now: datetime) -> Domain:
    """Hand an owned domain to another organization by an operator's word: the way out of `domain-owned`.

    Both organizations' audit logs say so, neither naming the other: the target of both events is the domain's id.

    Raises:
        NotFound: no such organization, or nobody owns the domain.
        Conflict: the organization owns it already.
        Forbidden: the actor is a customer.
    """
    if actor.kind == "setup_link":
        raise Forbidden("only an operator moves a domain")
    name = normalize_domain(domain)
    with transaction() as session:
        get_organization(organization_id, for_update=True)
        row = session.scalars(
            select(Domain).where(Domain.domain == name, Domain.status.in_(OWNED)).with_for_update()
        ).one_or_none()
        if row is None:
            raise NotFound(f"nobody owns {name}")
        if row.organization_id == organization_id:
            raise Conflict(f"{name} is owned here", code="domain-exists", hint="It belongs to this organization.")
        claim = _find(organization_id, name)
        if claim is not None:
            session.delete(claim)
            session.flush()
        record_domain(EventName.DOMAIN_MOVED, row, actor, now, direction="out")
        row.organization_id = organization_id
        _vouch(row, now)
        flush_domain(name, actor)
        record_domain(EventName.DOMAIN_MOVED, row, actor, now, direction="in")
    return row


def get_domain(organization_id: str, domain: str) -> Domain:
    """Return the domain of this organization. Raises NotFound, also for what is no domain name."""
    try:
        row = _find(organization_id, parse_domain(domain))
    except Invalid:
        row = None
    if row is None:
        raise NotFound(f"{organization_id[:60]} has no domain {domain[:80]!r}")
    return row


def list_domains(organization_id: str) -> Sequence[Domain]:
    """Return every domain of the organization, by name."""
    query = select(Domain).where(Domain.organization_id == organization_id).order_by(Domain.domain)
    return db.session.scalars(query).all()


def list_all_domains(*, limit: int, after: str | None = None, status: str | None = None) -> Sequence[Domain]:
    """Return at most `limit` domains of every organization by id, beginning behind the id `after`."""
    query = select(Domain).order_by(Domain.id).limit(limit)
    if status is not None:
        query = query.where(Domain.status == status)
    return db.session.scalars(query if after is None else query.where(Domain.id > after)).all()


def _new_claim(organization_id: str, name: str, now: datetime, random: Callable[[int], bytes]) -> Domain:
    challenge = base64.b32encode(random(20)).decode().lower()
    return Domain(
        id=new_id("dom"),
        organization_id=organization_id,
        domain=name,
        status="pending",
        vouched=False,
        txt_value=f"portico-domain-verification={challenge}",
        created_at=now,
        next_check_at=now + FIRST_CHECK_AFTER,
        watched_since=now,
        missed=0,
    )


def _find(organization_id: str, name: str) -> Domain | None:
    query = select(Domain).where(Domain.organization_id == organization_id, Domain.domain == name)
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _check_free(name: str, organization_id: str, actor: Actor) -> None:
    owner = find_domain_owner(name)
    if owner is not None and owner.organization_id != organization_id:
        raise _owned(name, actor)


def _vouch(row: Domain, now: datetime) -> None:
    """An operator's word: no record is needed, and none is looked for."""
    row.status, row.vouched, row.verified_at = "verified", True, now
    row.next_check_at, row.missed, row.missed_at = None, 0, None


def flush_domain(name: str, actor: Actor) -> None:
    """Send what changed to the database. Raises Conflict when another organization owns the domain by now."""
    try:
        db.session.flush()
    except IntegrityError as error:  # another transaction was faster: the index decides
        raise _owned(name, actor) from error


def _owned(name: str, actor: Actor) -> Conflict:
    """Operators learn why; a customer does not learn that somebody else uses the domain here."""
    if actor.kind == "setup_link":
        hint = "This domain cannot be verified here. Write to us from an address at this domain."
        return Conflict(f"{name} is owned by another organization", code="domain-unavailable", hint=hint)
    return Conflict(
        f"{name} is owned by another organization", code="domain-owned", hint="An operator can move the domain."
    )


def record_domain(name: EventName, row: Domain, actor: Actor, now: datetime, **details: str) -> None:
    """Write the audit event of a change. Inside `transaction()` only."""
    said = {"domain": row.domain, "vouched": row.vouched, **details}
    record(name, actor=actor, now=now, organization_id=row.organization_id, target=row.id, details=said)
