"""Who owns a domain: what routing and the e-mail rules ask. Exact names only, in any spelling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from app.database import db
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
_ANY_OWNED = (
    select(_DOMAIN.id).where(_DOMAIN.organization_id == bindparam("wanted"), _DOMAIN.status.in_(OWNED)).limit(1)
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
    row = db.session.execute(_OWNER, {"wanted": name}).one_or_none()
    return DomainOwner(row.organization_id, row.status) if row else None


def has_verified_domain(organization_id: str) -> bool:
    """Whether the organization owns any domain, so that addresses elsewhere are strangers. A lapsed one counts."""
    return db.session.execute(_ANY_OWNED, {"wanted": organization_id}).first() is not None
