"""Further attributes of every profile, which customers map and applications get as claims."""

from __future__ import annotations

from typing import Annotated, Literal, cast

from pydantic import Field

from app.claims import (
    CLAIM_PREFIX,
    Attribute,
    AttributeChanges,
    ProfileAttribute,
    add_attribute,
    change_attribute,
    delete_attribute,
    get_attribute,
    list_attributes,
)
from app.connections import find_unmapped
from app.database import transaction
from app.errors import Conflict
from app.management.operation import Call, Operation
from app.management.paging import cut_page
from app.management.shapes import ABSENT, Page, Paging, Patch, Shape, Time

READ, WRITE = "profile:read", "profile:write"

Type = Literal["string", "list", "boolean"]


class ProfileAttributeIn(Shape):
    name: Annotated[str, Field(min_length=1, max_length=40)]
    """Lower-case snake_case. The ID token has it as `portico_` and this name; it never changes."""
    type: Type = "string"
    required: bool = False
    """A sign-in without it is refused. Map it in every active connection first."""


class ProfileAttributePatch(Patch):
    type: Type = ABSENT
    required: bool = ABSENT


class ProfileAttributeOut(Shape):
    id: str
    name: str
    claim: str
    """Its name in the ID token."""
    type: Type
    required: bool
    created_at: Time
    updated_at: Time


def _show(row: ProfileAttribute) -> ProfileAttributeOut:
    same = (name for name in ProfileAttributeOut.model_fields if name != "claim")
    return ProfileAttributeOut.model_validate(
        {"claim": CLAIM_PREFIX + row.name, **{name: getattr(row, name) for name in same}}
    )


def create(call: Call[ProfileAttributeIn]) -> ProfileAttributeOut:
    said = call.takes
    with transaction():
        if said.required:
            _check_mapped(said.name)
        new = Attribute(said.name, said.type, said.required)
        return _show(add_attribute(new, actor=call.actor, now=call.now))


def list_all(call: Call[Paging]) -> Page[ProfileAttributeOut]:
    rows = list_attributes(limit=call.takes.limit + 1, after=call.takes.after)
    return cut_page(rows, call.takes, _show, lambda row: row.id)


def get(call: Call[Shape], profile_attribute_id: str) -> ProfileAttributeOut:
    return _show(get_attribute(profile_attribute_id))


def change(call: Call[ProfileAttributePatch], profile_attribute_id: str) -> ProfileAttributeOut:
    changes = cast(AttributeChanges, call.takes.given)
    with transaction():
        row = get_attribute(profile_attribute_id)
        if changes.get("required") and not row.required:
            _check_mapped(row.name)
        return _show(change_attribute(row.id, changes, actor=call.actor, now=call.now))


def delete(call: Call[Shape], profile_attribute_id: str) -> None:
    delete_attribute(profile_attribute_id, actor=call.actor, now=call.now)


def _check_mapped(name: str) -> None:
    """Raise Conflict while an active connection has no rule for it: all of its people would be locked out at once."""
    unmapped = find_unmapped(name)
    if unmapped:
        hint = f"Give these connections a claim rule for {name} first: {', '.join(unmapped)}."
        raise Conflict(f"{name} is not mapped everywhere", code="attribute-unmapped", hint=hint)


ALL, ONE = "/profile-attributes", "/profile-attributes/{profile_attribute_id}"

OPERATIONS = (
    Operation(("profile-attribute", "create"), "POST", ALL, WRITE, "Add an attribute to every profile", create,
              ProfileAttributeIn, ProfileAttributeOut, 201, "--name department --type string"),
    Operation(("profile-attribute", "list"), "GET", ALL, READ, "List further attributes of the profile", list_all,
              Paging, Page[ProfileAttributeOut]),
    Operation(("profile-attribute", "get"), "GET", ONE, READ, "Show a further attribute", get,
              gives=ProfileAttributeOut),
    Operation(("profile-attribute", "update"), "PATCH", ONE, WRITE,
              "Change an attribute's type, or whether a sign-in needs it", change, ProfileAttributePatch,
              ProfileAttributeOut, example="att-… --required"),
    Operation(("profile-attribute", "delete"), "DELETE", ONE, WRITE, "Remove an attribute from every profile", delete,
              status=204),
)  # fmt: skip
