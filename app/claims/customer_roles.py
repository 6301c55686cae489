"""What an organization's own administrator may do about roles: rules of one connection, with roles that operators listed.

Whatever else decides there, rules of the whole organization and roles that are not listed, is shown and not touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from app.audit import Actor
from app.claims.models import RoleRule
from app.claims.role_choices import list_role_choices
from app.claims.role_rules import (
    MAX_PRIORITY,
    NewRoleRule,
    add_role_rule,
    change_role_rule,
    delete_role_rule,
    get_role_rule,
)
from app.database import db, transaction
from app.errors import Conflict, Invalid, NotFound, Problem
from app.organizations import get_organization

#: Of one connection; operators' own rules have the rest of the room.
MAX_OWN = 100
_STEP = 10


@dataclass(frozen=True, slots=True)
class ShownRule:
    """One rule in the order in which they decide. `own`: the customer may move and take it away."""

    id: str
    group: str | None
    role: str
    own: bool


def list_deciding(organization_id: str, connection_id: str) -> tuple[ShownRule, ...]:
    """Return every rule that holds for this connection, the deciding order first: named groups, then the default."""
    choices = list_role_choices(organization_id)
    rows = sorted(_rows(organization_id, connection_id), key=lambda row: row.group is None)
    return tuple(ShownRule(row.id, row.group, row.role, _is_own(row, connection_id, choices)) for row in rows)


def give_role(
    organization_id: str, connection_id: str, group: str | None, role: str, *, actor: Actor, now: datetime
) -> RoleRule:
    """Add a rule behind those of this connection.

    Args:
        group: exactly as it arrives; None: whoever no other rule gives a role.

    Raises:
        NotFound: nothing was allowed here.
        Invalid: the role is not listed, or the group has one already. Conflict: as add_role_rule.
    """
    with transaction():
        get_organization(organization_id, for_update=True)
        if role not in _choices(organization_id):
            raise Invalid(Problem("role", "role-not-listed", "Choose one of the roles in the list."))
        rows = [row for row in _rows(organization_id, connection_id) if row.connection_id == connection_id]
        if group is not None and any(row.group == group for row in rows):
            raise Invalid(Problem("group", "group-has-role", "This group has a role already. Remove that rule first."))
        if len(rows) >= MAX_OWN:
            raise Conflict(
                "too many", code="too-many-role-rules", hint=f"There are at most {MAX_OWN} for a connection."
            )
        last = max((row.priority for row in rows), default=0)
        new = NewRoleRule(group, role, min(last + _STEP, MAX_PRIORITY), connection_id)
        return add_role_rule(organization_id, new, actor=actor, now=now)


def withdraw_role(organization_id: str, connection_id: str, rule_id: str, *, actor: Actor, now: datetime) -> None:
    """Take a rule away. Raises NotFound, also for one that is not the customer's to touch."""
    with transaction():
        _own(organization_id, connection_id, rule_id)
        delete_role_rule(organization_id, rule_id, actor=actor, now=now)


def prefer_role(organization_id: str, connection_id: str, rule_id: str, *, actor: Actor, now: datetime) -> None:
    """Let a rule decide before the one above it; nothing happens below a rule that is not theirs. Raises NotFound."""
    with transaction():
        get_organization(organization_id, for_update=True)
        mine = _own(organization_id, connection_id, rule_id)
        rows = [row for row in _rows(organization_id, connection_id) if row.group is not None]
        at = next((n for n, row in enumerate(rows) if row.id == mine.id), 0)
        above = rows[at - 1] if at else None
        if above is None or not _is_own(above, connection_id, _choices(organization_id)):
            return
        swapped = (above.priority, mine.priority)
        if swapped[0] != swapped[1]:
            change_role_rule(organization_id, mine.id, {"priority": swapped[0]}, actor=actor, now=now)
            change_role_rule(organization_id, above.id, {"priority": swapped[1]}, actor=actor, now=now)


def _rows(organization_id: str, connection_id: str) -> Sequence[RoleRule]:
    here = or_(RoleRule.connection_id.is_(None), RoleRule.connection_id == connection_id)
    query = (
        select(RoleRule)
        .where(RoleRule.organization_id == organization_id, here)
        .order_by(RoleRule.connection_id.is_(None), RoleRule.priority, RoleRule.created_at, RoleRule.id)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).all()


def _choices(organization_id: str) -> tuple[str, ...]:
    choices = list_role_choices(organization_id)
    if not choices:
        raise NotFound(f"roles of {organization_id} are the operators' alone")
    return choices


def _own(organization_id: str, connection_id: str, rule_id: str) -> RoleRule:
    row = get_role_rule(organization_id, rule_id)
    if not _is_own(row, connection_id, _choices(organization_id)):
        raise NotFound(f"{rule_id} is the operators'")
    return row


def _is_own(row: RoleRule, connection_id: str, choices: Sequence[str]) -> bool:
    return row.connection_id == connection_id and row.role in choices
