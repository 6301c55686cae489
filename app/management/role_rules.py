"""Rules that give an organization's people roles by their groups."""

from __future__ import annotations

from typing import Annotated, cast

from pydantic import Field

from app.claims import (
    NewRoleRule,
    RoleRule,
    RoleRuleChanges,
    add_role_rule,
    change_role_rule,
    delete_role_rule,
    get_role_rule,
    list_role_rules,
)
from app.errors import Invalid, NotFound, Problem
from app.management.operation import Call, Operation
from app.management.paging import cut_page
from app.management.shapes import ABSENT, Line, Page, Paging, Patch, Shape, Time, Word
from app.organizations import get_organization

READ, WRITE = "profile:read", "profile:write"

Group = Annotated[str, Field(min_length=1, max_length=1024)]
Priority = Annotated[int, Field(ge=0, le=10_000)]


class RoleRuleIn(Shape):
    group: Group | None = None
    """Exactly as the profile has it; null: the default, for people whom no other rule gives a role."""
    role: Line
    priority: Priority = 100
    """The smallest number decides first. A person gets the role of the first rule that fits, and no other."""
    connection_id: Word | None = None
    """Only for people of this connection; such rules come before those of the organization."""


class RoleRulePatch(Patch):
    group: Group | None = None
    role: Line = ABSENT
    priority: Priority = ABSENT


class RoleRuleOut(Shape):
    id: str
    organization_id: str
    connection_id: str | None
    group: str | None
    role: str
    priority: int
    created_at: Time
    updated_at: Time


def _show(row: RoleRule) -> RoleRuleOut:
    return RoleRuleOut.model_validate({name: getattr(row, name) for name in RoleRuleOut.model_fields})


def create(call: Call[RoleRuleIn], organization_id: str) -> RoleRuleOut:
    said = call.takes
    if said.connection_id is not None:
        _check_own(call, organization_id, said.connection_id)
    new = NewRoleRule(said.group, said.role, said.priority, said.connection_id)
    return _show(add_role_rule(organization_id, new, actor=call.actor, now=call.now))


def list_all(call: Call[Paging], organization_id: str) -> Page[RoleRuleOut]:
    get_organization(organization_id)
    rows = list_role_rules(organization_id, limit=call.takes.limit + 1, after=call.takes.after)
    return cut_page(rows, call.takes, _show, lambda row: row.id)


def get(call: Call[Shape], organization_id: str, role_rule_id: str) -> RoleRuleOut:
    return _show(get_role_rule(organization_id, role_rule_id))


def change(call: Call[RoleRulePatch], organization_id: str, role_rule_id: str) -> RoleRuleOut:
    changes = cast(RoleRuleChanges, call.takes.given)
    return _show(change_role_rule(organization_id, role_rule_id, changes, actor=call.actor, now=call.now))


def delete(call: Call[Shape], organization_id: str, role_rule_id: str) -> None:
    delete_role_rule(organization_id, role_rule_id, actor=call.actor, now=call.now)


def _check_own(call: Call[RoleRuleIn], organization_id: str, connection_id: str) -> None:
    try:
        owner = call.rooms.connections.get(connection_id).organization_id
    except NotFound:
        owner = None
    if owner != organization_id:
        message = "There is no such connection in this organization."
        raise Invalid(Problem("connection_id", "connection-unknown", message))


ALL = "/organizations/{organization_id}/role-rules"
ONE = "/organizations/{organization_id}/role-rules/{role_rule_id}"

OPERATIONS = (
    Operation(("role-rule", "create"), "POST", ALL, WRITE, "Give a group of an organization a role", create,
              RoleRuleIn, RoleRuleOut, 201, "org-… --group Administrators --role admin --priority 10"),
    Operation(("role-rule", "list"), "GET", ALL, READ, "List an organization's role rules", list_all, Paging,
              Page[RoleRuleOut]),
    Operation(("role-rule", "get"), "GET", ONE, READ, "Show a role rule", get, gives=RoleRuleOut),
    Operation(("role-rule", "update"), "PATCH", ONE, WRITE, "Change a role rule", change, RoleRulePatch, RoleRuleOut,
              example="org-… rol-… --priority 5"),
    Operation(("role-rule", "delete"), "DELETE", ONE, WRITE, "Delete a role rule", delete, status=204),
)  # fmt: skip
