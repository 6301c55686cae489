"""Who owns a domain: what routing and the e-mail rules ask. Exact names only, in any spelling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select

from app.database import db, get_connection
from app.errors import Invalid
from app.organizations.domain_names import parse_domain
from app.organizations.models import Domain, Organization

OWNED = ("verified", "lapsed")

# Built once: building a statement costs more than running it.
# Tables and not classes: what need not become objects skips the ORM, which costs as much as the query.
_DOMAIN = Domain.__table__.c
_OWNER = select(_DOMAIN.organization_id, _DOMAIN.status).where(
    _DOMAIN.domain == bindparam("wanted"), _DOMAIN.status.in_(OWNED)
)
_IS_OWNED = or_(*(_DOMAIN.status == status for status in OWNED))  # a list would be written out anew each time
_STANDING = (
    select(_DOMAIN.domain, _DOMAIN.organization_id, _DOMAIN.status)
    .where(
        or_(_DOMAIN.domain == bindparam("wanted"), _DOMAIN.organization_id == bindparam("organization")),
        _IS_OWNED,
    )
    .order_by((_DOMAIN.domain == bindparam("wanted")).desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class DomainOwner:
    """Who owns a domain; `status` is `verified` or `lapsed` (owned, but no longer proof of an e-mail address)."""

    organization_id: str
    status: str


@dataclass(frozen=True, slots=True)
class OwnedDomain:
    """A domain with its owner; `status` is `verified` or `lapsed`."""

    domain: str
    organization_id: str
    status: str


def list_owned_domains() -> Sequence[OwnedDomain]:
    """Return every domain that an active organization owns, the longest owned first."""
    query = (
        select(_DOMAIN.domain, _DOMAIN.organization_id, _DOMAIN.status)
        .join(Organization.__table__, Organization.__table__.c.id == _DOMAIN.organization_id)
        .where(_DOMAIN.status.in_(OWNED), Organization.__table__.c.status == "active")
        .order_by(_DOMAIN.verified_at, _DOMAIN.domain)
    )
    return [OwnedDomain(*row) for row in db.session.execute(query)]


def find_domain_owner(domain: str) -> DomainOwner | None:
    """Return who owns exactly this domain (as A-label, or as anybody typed it), or None."""
    try:
        name = parse_domain(domain)
    except Invalid:
        return None
    row = get_connection().execute(_OWNER, {"wanted": name}).one_or_none()
    return DomainOwner(row.organization_id, row.status) if row else None


@dataclass(frozen=True, slots=True)
class DomainStanding:
    """What the rules of trust ask about an address.

    Args:
        owner: of the address's domain.
        organization_owns_any: whether the organization owns any domain, so that addresses elsewhere are strangers; a
            lapsed one counts.
    """

    owner: DomainOwner | None
    organization_owns_any: bool


def find_domain_standing(domain: str, organization_id: str) -> DomainStanding:
    """Return who owns exactly this domain, in any spelling, and whether the organization owns one. One query."""
    try:
        name = parse_domain(domain)
    except Invalid:
        name = ""  # nobody's
    row = get_connection().execute(_STANDING, {"wanted": name, "organization": organization_id}).one_or_none()
    if row is None or row.domain != name:
        return DomainStanding(None, row is not None)
    return DomainStanding(DomainOwner(row.organization_id, row.status), row.organization_id == organization_id)
