"""Which roles an organization's own administrators may give in the setup portal."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.claims import list_role_choices, set_role_choices
from app.management.operation import Call, Operation
from app.management.role_rules import READ, WRITE
from app.management.shapes import Line, Shape
from app.organizations import get_organization


class RoleChoicesIn(Shape):
    roles: Annotated[list[Line], Field(max_length=50)]
    """They may give these by group, in rules of their own connections, and no others. An empty list closes it again."""


class RoleChoicesOut(Shape):
    roles: list[str]


def get(call: Call[Shape], organization_id: str) -> RoleChoicesOut:
    get_organization(organization_id)
    return RoleChoicesOut(roles=list(list_role_choices(organization_id)))


def put(call: Call[RoleChoicesIn], organization_id: str) -> RoleChoicesOut:
    roles = set_role_choices(organization_id, call.takes.roles, actor=call.actor, now=call.now)
    return RoleChoicesOut(roles=list(roles))


ONE = "/organizations/{organization_id}/role-choices"

OPERATIONS = (
    Operation(("role-choices", "get"), "GET", ONE, READ,
              "Show which roles an organization's administrators may give", get, gives=RoleChoicesOut),
    Operation(("role-choices", "set"), "PUT", ONE, WRITE,
              "Let an organization's administrators give roles by group in the setup portal", put, RoleChoicesIn,
              RoleChoicesOut, example="org-… --roles viewer --roles editor"),
)  # fmt: skip
