"""Rules that turn groups into roles: add, change, delete, find; and what holds for one connection at a sign-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from sqlalchemy import bindparam, delete, func, or_, select

from app.audit import Actor, EventName, record
from app.claims.additions import GroupRole
from app.claims.models import RoleRule
from app.database import db, new_id, transaction
from app.errors import Conflict, Invalid, NotFound, Problem
from app.organizations import get_organization
from portico_sdk.transforms import MAX_LENGTH

MAX_RULES = 500
MAX_ROLE = 200
MAX_PRIORITY = 10_000


@dataclass(frozen=True, slots=True)
class NewRoleRule:
    """What an operator says about a rule.

    Args:
        group: exactly as the profile has it; None: the role of those whom no other rule gives one.
        priority: the smallest number decides first; of equal ones, the older rule.
        connection_id: None for all connections of the organization. The caller has looked that it is one of its own.
    """

    group: str | None
    role: str
    priority: int = 100
    connection_id: str | None = None


class RoleRuleChanges(TypedDict, total=False):
    """What may change; an absent key leaves the value alone."""

    group: str | None
    role: str
    priority: int


def add_role_rule(organization_id: str, new: NewRoleRule, *, actor: Actor, now: datetime) -> RoleRule:
    """Store a rule. Raises NotFound (the organization), Invalid, Conflict: a second default, or too many."""
    _check(new.group, new.role, new.priority)
    with transaction() as session:
        get_organization(organization_id, for_update=True)
        count = session.scalar(select(func.count()).where(RoleRule.organization_id == organization_id))
        if (count or 0) >= MAX_RULES:
            raise Conflict("too many", code="too-many-role-rules", hint=f"There are at most {MAX_RULES}.")
        row = RoleRule(
            id=new_id("rol"),
            organization_id=organization_id,
            connection_id=new.connection_id,
            group=new.group,
            role=new.role,
            priority=new.priority,
            created_at=now,
            updated_at=now,
        )
        _check_one_default(row)
        session.add(row)
        session.flush()
        _record(EventName.ROLE_RULE_CREATED, row, actor, now, after=_facts(row))
    return row


def change_role_rule(
    organization_id: str, rule_id: str, changes: RoleRuleChanges, *, actor: Actor, now: datetime
) -> RoleRule:
    """Store the changes, for the very next sign-in. Raises NotFound, Invalid, Conflict as for `add_role_rule`."""
    with transaction() as session:
        get_organization(organization_id, for_update=True)
        row = get_role_rule(organization_id, rule_id)
        before = _facts(row)
        after = {**before, **changes}
        _check(after["group"], after["role"], after["priority"])
        if after != before:
            row.group, row.role, row.priority, row.updated_at = after["group"], after["role"], after["priority"], now
            _check_one_default(row)
            session.flush()
            _record(EventName.ROLE_RULE_CHANGED, row, actor, now, before=before, after=_facts(row))
    return row


def delete_role_rule(organization_id: str, rule_id: str, *, actor: Actor, now: datetime) -> None:
    """Delete the rule, for the very next sign-in. Raises NotFound."""
    with transaction() as session:
        row = get_role_rule(organization_id, rule_id)
        session.delete(row)
        _record(EventName.ROLE_RULE_DELETED, row, actor, now, before=_facts(row))


def delete_role_rules_of(connection_id: str) -> None:
    """Delete the rules of a connection that is being deleted. Inside its `transaction()`, whose event tells of it."""
    with transaction() as session:
        session.execute(delete(RoleRule).where(RoleRule.connection_id == connection_id))


def get_role_rule(organization_id: str, rule_id: str) -> RoleRule:
    """Return the rule of this organization. Raises NotFound, also when it is another's."""
    row = db.session.get(RoleRule, rule_id, populate_existing=True)
    if row is None or row.organization_id != organization_id:
        raise NotFound(f"no role rule {rule_id[:60]!r}")
    return row


def list_role_rules(organization_id: str, *, limit: int, after: str | None = None) -> Sequence[RoleRule]:
    """Return at most `limit` rules of the organization by id, beginning behind the id `after`."""
    query = select(RoleRule).where(RoleRule.organization_id == organization_id).order_by(RoleRule.id).limit(limit)
    return db.session.scalars(query if after is None else query.where(RoleRule.id > after)).all()


# Tables and not classes: what need not become objects skips the ORM, which costs as much as the query.
_TABLE = RoleRule.__table__.c
_FOR = (
    select(_TABLE.group_name, _TABLE.role)
    .where(
        _TABLE.organization_id == bindparam("organization"),
        or_(_TABLE.connection_id.is_(None), _TABLE.connection_id == bindparam("connection")),
    )
    # the connection's own come first; of two defaults, too, the first that is met decides
    .order_by(_TABLE.connection_id.is_(None), _TABLE.priority, _TABLE.created_at, _TABLE.id)
)


def list_ruled_organizations() -> frozenset[str]:
    """Return the organizations that have a rule: most have none, and need not be asked for theirs."""
    return frozenset(db.session.scalars(select(_TABLE.organization_id).distinct()))


def load_group_roles(organization_id: str, connection_id: str) -> tuple[GroupRole, ...]:
    """Return the rules that hold for this connection, in their order of priority."""
    found = db.session.execute(_FOR, {"organization": organization_id, "connection": connection_id})
    return tuple(GroupRole(row.group_name, row.role) for row in found)


def _check(group: Any, role: Any, priority: Any) -> None:
    problems = []
    if group is not None and not _is_text(group, MAX_LENGTH):
        problems.append(Problem("group", "group-syntax", f"A group is one line of 1 to {MAX_LENGTH} characters."))
    if not _is_text(role, MAX_ROLE):
        problems.append(Problem("role", "role-syntax", f"A role is one line of 1 to {MAX_ROLE} characters."))
    if type(priority) is not int or not 0 <= priority <= MAX_PRIORITY:
        problems.append(Problem("priority", "priority", f"A priority is a whole number from 0 to {MAX_PRIORITY}."))
    if problems:
        raise Invalid(*problems)


def _is_text(value: Any, maximum: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= maximum and value.isprintable()


def _check_one_default(row: RoleRule) -> None:
    if row.group is not None:
        return
    same = (
        RoleRule.connection_id.is_(None) if row.connection_id is None else RoleRule.connection_id == row.connection_id
    )
    query = select(RoleRule.id).where(
        RoleRule.organization_id == row.organization_id, RoleRule.group.is_(None), RoleRule.id != row.id, same
    )
    with db.session.no_autoflush:
        other = db.session.scalar(query)
    if other is not None:
        raise Conflict(f"{other} is the default", code="default-role-exists", hint=f"Change {other} instead.")


def _facts(row: RoleRule) -> dict[str, Any]:
    return {"group": row.group, "role": row.role, "priority": row.priority}


def _record(name: EventName, row: RoleRule, actor: Actor, now: datetime, **change: dict[str, Any]) -> None:
    details = {"connection_id": row.connection_id}
    record(name, actor=actor, now=now, organization_id=row.organization_id, target=row.id, details=details, **change)
