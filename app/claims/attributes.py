"""Further attributes of the profile: add, change, delete, find. They belong to the installation, not to a customer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict, cast, get_args

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.audit import Actor, EventName, record
from app.claims.additions import RESERVED, Attribute, AttributeType, is_free_name
from app.claims.models import ProfileAttribute
from app.database import db, new_id, transaction
from app.errors import Conflict, Invalid, NotFound, Problem

MAX_ATTRIBUTES = 50


class AttributeChanges(TypedDict, total=False):
    """What may change; an absent key leaves the value alone. The name is a claim's name and never changes."""

    type: AttributeType
    required: bool


def add_attribute(new: Attribute, *, actor: Actor, now: datetime) -> ProfileAttribute:
    """Store a further attribute.

    Does not look whether connections map it: the caller must, before a required one refuses everybody's sign-ins.

    Raises:
        Invalid: the name is no name, or its claim is or could become ours.
        Conflict: there is one of that name, or there are too many.
    """
    if not is_free_name(new.name):
        message = (
            "A name is lower-case snake_case of at most 40 characters, begins with a letter, and is none of ours: "
            f"{', '.join(sorted(RESERVED))}."
        )
        raise Invalid(Problem("name", "name-syntax", message))
    _check_type(new.type)
    row = ProfileAttribute(
        id=new_id("att"), name=new.name, type=new.type, required=new.required, created_at=now, updated_at=now
    )
    with transaction() as session:
        if session.scalar(select(func.count()).select_from(ProfileAttribute)) >= MAX_ATTRIBUTES:  # type: ignore[operator]
            raise Conflict("too many", code="too-many-attributes", hint=f"There are at most {MAX_ATTRIBUTES}.")
        session.add(row)
        try:
            session.flush()
        except IntegrityError as error:
            raise Conflict(f"{new.name} is there", code="attribute-exists", hint="Choose another name.") from error
        _record(EventName.PROFILE_ATTRIBUTE_CREATED, row, actor, now, after=_facts(row))
    return row


def change_attribute(attribute_id: str, changes: AttributeChanges, *, actor: Actor, now: datetime) -> ProfileAttribute:
    """Store the changes, for the very next sign-in. Raises NotFound, Invalid."""
    if "type" in changes:
        _check_type(changes["type"])
    with transaction() as session:
        row = get_attribute(attribute_id)
        before = _facts(row)
        row.type, row.required = changes.get("type", row.type), changes.get("required", row.required)
        if _facts(row) != before:
            row.updated_at = now
            session.flush()
            _record(EventName.PROFILE_ATTRIBUTE_CHANGED, row, actor, now, before=before, after=_facts(row))
    return row


def delete_attribute(attribute_id: str, *, actor: Actor, now: datetime) -> None:
    """Delete the attribute: its claim is gone at once, rules that name it stay and do nothing. Raises NotFound."""
    with transaction() as session:
        row = get_attribute(attribute_id)
        session.delete(row)
        _record(EventName.PROFILE_ATTRIBUTE_DELETED, row, actor, now, before=_facts(row))


def get_attribute(attribute_id: str) -> ProfileAttribute:
    """Return the attribute as it is stored now. Raises NotFound."""
    row = db.session.get(ProfileAttribute, attribute_id, populate_existing=True)
    if row is None:
        raise NotFound(f"no attribute {attribute_id[:60]!r}")
    return row


def list_attributes(*, limit: int = MAX_ATTRIBUTES, after: str | None = None) -> Sequence[ProfileAttribute]:
    """Return at most `limit` attributes in the order of their ids, beginning behind the id `after`."""
    query = select(ProfileAttribute).order_by(ProfileAttribute.id).limit(limit)
    return db.session.scalars(query if after is None else query.where(ProfileAttribute.id > after)).all()


# Tables and not classes: what need not become objects skips the ORM, which costs as much as the query.
_TABLE = ProfileAttribute.__table__.c
_BY_NAME = select(_TABLE.name, _TABLE.type, _TABLE.required).order_by(_TABLE.name)


def load_attributes() -> tuple[Attribute, ...]:
    """Return all of them as data, by name."""
    return tuple(
        Attribute(row.name, cast(AttributeType, row.type), row.required) for row in db.session.execute(_BY_NAME)
    )


def _check_type(kind: object) -> None:
    if kind not in get_args(AttributeType):
        raise Invalid(Problem("type", "type-unknown", f"A type is one of {', '.join(get_args(AttributeType))}."))


def _facts(row: ProfileAttribute) -> dict[str, Any]:
    return {"name": row.name, "type": row.type, "required": row.required}


def _record(name: EventName, row: ProfileAttribute, actor: Actor, now: datetime, **change: dict[str, Any]) -> None:
    record(name, actor=actor, now=now, organization_id=None, target=row.id, **change)
