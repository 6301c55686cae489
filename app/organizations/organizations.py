"""Customers: add, change, delete, find. Every change is audited in its own transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypedDict

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from app.audit import Actor, EventName, record
from app.database import db, new_id, transaction
from app.errors import Conflict, NotFound
from app.organizations.models import Domain, Organization
from app.organizations.values import check_changes, check_new, policy_of

_Plain = Literal["name", "slug", "external_id", "auth0_organization_id", "status"]

#: What a change writes as it is given.
_PLAIN: tuple[_Plain, ...] = ("name", "slug", "external_id", "auth0_organization_id", "status")

Selector = Literal["id", "slug", "external_id", "auth0_organization_id"]


@dataclass(frozen=True, slots=True)
class NewOrganization:
    """What an operator says about a new customer. `slug`: `a-z0-9-`, not beginning with `org-`.

    `auth0_organization_id` names the one Auth0 organization that is this customer (`org_...`).
    """

    name: str
    slug: str | None = None
    external_id: str | None = None
    policy: dict[str, Any] = field(default_factory=dict)
    auth0_organization_id: str | None = None


class OrganizationChanges(TypedDict, total=False):
    """What may change; an absent key leaves the value alone. `policy` is merged key by key."""

    name: str
    slug: str | None
    external_id: str | None
    auth0_organization_id: str | None
    status: Literal["active", "disabled"]
    policy: dict[str, Any]


def add_organization(new: NewOrganization, *, actor: Actor, now: datetime) -> Organization:
    """Store an active organization.

    Raises:
        Invalid: a value cannot be used; every field at fault is named.
        Conflict: `slug`, `external_id` or `auth0_organization_id` belongs to another organization.
    """
    check_new(new.name, new.slug, new.external_id, new.auth0_organization_id, new.policy)
    organization = Organization(
        id=new_id("org"),
        name=new.name.strip(),
        slug=new.slug,
        external_id=new.external_id,
        auth0_organization_id=new.auth0_organization_id,
        status="active",
        policy=policy_of(new.policy),
        policy_version=1,
        created_at=now,
        updated_at=now,
    )
    with transaction() as session:
        session.add(organization)
        _flush()
        _record(EventName.ORGANIZATION_CREATED, organization, actor, now, after=_facts(organization))
    return organization


def change_organization(
    organization_id: str, changes: OrganizationChanges, *, actor: Actor, now: datetime
) -> Organization:
    """Store the changes. Disabling stops every sign-in of the organization at its next step; a new policy ends sessions.

    Raises:
        NotFound; Invalid and Conflict as for add_organization.
    """
    check_changes(changes)
    with transaction() as session:
        organization = get_organization(organization_id, for_update=True)
        before = _facts(organization)
        for key in _PLAIN:
            if key in changes:
                value = changes[key]
                setattr(organization, key, value.strip() if key == "name" and value else value)
        policy = policy_of({**organization.policy, **changes.get("policy", {})})
        if policy != organization.policy:
            organization.policy = policy
            organization.policy_version += 1
        after = _facts(organization)
        if after != before:
            organization.updated_at = now
            _flush()
            differing = [key for key in after if after[key] != before[key]]
            _record(
                EventName.ORGANIZATION_CHANGED,
                organization,
                actor,
                now,
                before={key: before[key] for key in differing},
                after={key: after[key] for key in differing},
            )
        session.flush()
    return organization


def delete_organization(organization_id: str, *, actor: Actor, now: datetime) -> None:
    """Delete an organization and its domains, for good. Its id is never given out again.

    Raises:
        NotFound.
        Conflict: it still has connections, which must be deleted one by one before.
    """
    with transaction() as session:
        organization = get_organization(organization_id, for_update=True)
        owned = select(Domain.domain).where(Domain.organization_id == organization_id).order_by(Domain.domain)
        before = {**_facts(organization), "domains": list(session.scalars(owned))}
        session.delete(organization)
        try:
            session.flush()
        except IntegrityError as error:
            raise Conflict(
                f"{organization_id} is referred to",
                code="organization-in-use",
                hint="Delete its connections first.",
            ) from error
        _record(EventName.ORGANIZATION_DELETED, organization, actor, now, before=before)


def get_organization(organization_id: str, *, for_update: bool = False) -> Organization:
    """Return the organization as it is stored now. Raises NotFound.

    Args:
        for_update: keep other writers of this row out until the transaction ends.
    """
    found = db.session.get(
        Organization, organization_id, populate_existing=True, with_for_update=True if for_update else None
    )
    if found is None:
        raise NotFound(f"no organization {organization_id[:60]!r}")
    return found


def find_organization_by_selector(kind: Selector, value: str) -> Organization | None:
    """Return the organization that a request names, whatever its status. Names are compared exactly."""
    column = {
        "id": Organization.id,
        "slug": Organization.slug,
        "external_id": Organization.external_id,
        "auth0_organization_id": Organization.auth0_organization_id,
    }[kind]
    if "\0" in value:  # PostgreSQL cannot even compare it
        return None
    return db.session.scalars(select(Organization).where(column == value)).one_or_none()


def list_organizations(*, limit: int, after: str | None = None, search: str | None = None) -> Sequence[Organization]:
    """Return at most `limit` organizations in the order of their ids, beginning behind the id `after`.

    Args:
        search: part of the name, the slug or the external id, whatever the case.
    """
    query = select(Organization).order_by(Organization.id).limit(limit)
    if search is not None:
        columns = (Organization.name, Organization.slug, Organization.external_id)
        query = query.where(or_(*(column.icontains(search, autoescape=True) for column in columns)))
    return db.session.scalars(query if after is None else query.where(Organization.id > after)).all()


def list_organization_names(ids: Collection[str]) -> dict[str, str]:
    """Return what these customers are called, by id, in one question; those that are gone are left out."""
    query = select(Organization.id, Organization.name).where(Organization.id.in_(ids))
    return {row.id: row.name for row in db.session.execute(query)} if ids else {}


def list_auth0_organizations() -> dict[str, str]:
    """Return which Auth0 organization each customer names, by the customer's id; those that name none are left out."""
    query = select(Organization.id, Organization.auth0_organization_id).order_by(Organization.id)
    rows = db.session.execute(query.where(Organization.auth0_organization_id.is_not(None)))
    return {organization_id: str(auth0_id) for organization_id, auth0_id in rows}


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Conflict(
            "slug, external_id or auth0_organization_id is taken",
            code="organization-exists",
            hint="Choose another slug or external_id; an Auth0 organization belongs to one customer alone.",
        ) from error


def _facts(organization: Organization) -> dict[str, Any]:
    return {**{key: getattr(organization, key) for key in _PLAIN}, "policy": dict(organization.policy)}


def _record(
    name: EventName,
    organization: Organization,
    actor: Actor,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    record(
        name, actor=actor, now=now, organization_id=organization.id, target=organization.id, before=before, after=after
    )
