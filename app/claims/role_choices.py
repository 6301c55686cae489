"""Roles that an organization's own administrators may give. Nothing listed: roles are the operators' alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.audit import Actor, EventName, record
from app.claims.models import RoleChoices
from app.claims.role_rules import MAX_ROLE
from app.database import db, transaction
from app.errors import Invalid, Problem
from app.organizations import get_organization

MAX_CHOICES = 50


def set_role_choices(organization_id: str, roles: Sequence[str], *, actor: Actor, now: datetime) -> tuple[str, ...]:
    """Let the organization's administrators give these roles by group, and no others; none closes it again.

    Rules that they made before stay: the operators change or delete them. Raises NotFound, Invalid.
    """
    wanted = tuple(dict.fromkeys(roles))
    if len(wanted) > MAX_CHOICES or not all(_is_role(role) for role in wanted):
        message = f"At most {MAX_CHOICES} roles, each one line of 1 to {MAX_ROLE} characters."
        raise Invalid(Problem("roles", "role-syntax", message))
    with transaction() as session:
        get_organization(organization_id, for_update=True)
        row = session.get(RoleChoices, organization_id, populate_existing=True)
        before = list(row.roles) if row is not None else []
        if list(wanted) == before:
            return wanted
        if row is None:
            row = RoleChoices(organization_id=organization_id)
            session.add(row)
        row.roles, row.updated_at = list(wanted), now
        session.flush()
        record(
            EventName.ROLE_CHOICES_CHANGED,
            actor=actor,
            now=now,
            organization_id=organization_id,
            target=organization_id,
            before={"roles": before},
            after={"roles": list(wanted)},
        )
    return wanted


def list_role_choices(organization_id: str) -> tuple[str, ...]:
    """Return the roles, in the operators' order; none where nothing was allowed."""
    row = db.session.get(RoleChoices, organization_id, populate_existing=True)
    return tuple(row.roles) if row is not None else ()


def _is_role(role: object) -> bool:
    return isinstance(role, str) and 0 < len(role) <= MAX_ROLE and role.isprintable() and role == role.strip()
