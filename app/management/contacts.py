"""Contacts of an organization: whom to write to."""

from __future__ import annotations

from typing import Annotated, Literal, cast

from pydantic import Field

from app.management.operation import Call, Operation
from app.management.organizations import READ, WRITE
from app.management.paging import cut_page
from app.management.shapes import ABSENT, Line, Page, Paging, Patch, Shape, Time
from app.organizations import (
    Contact,
    ContactChanges,
    NewContact,
    add_contact,
    change_contact,
    get_contact,
    get_organization,
    list_contacts,
    remove_contact,
)
from app.translations import Language

Topics = Annotated[list[Literal["certificates", "domains"]], Field(max_length=2)]
Email = Annotated[str, Field(min_length=3, max_length=320)]


class ContactIn(Shape):
    name: Line
    email: Email
    notify: Topics = Field(default=["certificates", "domains"])
    """Topics beside changes of trust, which go to every contact."""
    language: Language | None = None
    """Of mails; null: the installation's."""


class ContactPatch(Patch):
    name: Line = ABSENT
    email: Email = ABSENT
    notify: Topics = ABSENT
    language: Language | None = None


class ContactOut(Shape):
    id: str
    organization_id: str
    name: str
    email: str
    notify: list[str]
    language: Language | None
    created_at: Time


def _show(row: Contact) -> ContactOut:
    return ContactOut.model_validate({name: getattr(row, name) for name in ContactOut.model_fields})


def create(call: Call[ContactIn], organization_id: str) -> ContactOut:
    new = NewContact(**call.takes.model_dump())
    return _show(add_contact(organization_id, new, actor=call.actor, now=call.now))


def list_all(call: Call[Paging], organization_id: str) -> Page[ContactOut]:
    get_organization(organization_id)
    rows = sorted(list_contacts(organization_id), key=lambda row: row.id)
    shown = [row for row in rows if row.id > (call.takes.after or "")]
    return cut_page(shown, call.takes, _show, lambda row: row.id)


def get(call: Call[Shape], organization_id: str, contact_id: str) -> ContactOut:
    return _show(get_contact(organization_id, contact_id))


def change(call: Call[ContactPatch], organization_id: str, contact_id: str) -> ContactOut:
    changes = cast(ContactChanges, call.takes.given)
    return _show(change_contact(organization_id, contact_id, changes, actor=call.actor, now=call.now))


def remove(call: Call[Shape], organization_id: str, contact_id: str) -> None:
    remove_contact(organization_id, contact_id, actor=call.actor, now=call.now)


ALL, ONE = "/organizations/{organization_id}/contacts", "/organizations/{organization_id}/contacts/{contact_id}"

OPERATIONS = (
    Operation(("contact", "create"), "POST", ALL, WRITE, "Add a contact", create, ContactIn, ContactOut, 201,
              'org-… --name "Mira Solberg" --email mira@haldenfreight.example'),
    Operation(("contact", "list"), "GET", ALL, READ, "List contacts", list_all, Paging, Page[ContactOut]),
    Operation(("contact", "get"), "GET", ONE, READ, "Show a contact", get, gives=ContactOut),
    Operation(("contact", "update"), "PATCH", ONE, WRITE, "Change a contact", change, ContactPatch, ContactOut,
              example="org-… cnt-… --notify certificates"),
    Operation(("contact", "remove"), "DELETE", ONE, WRITE, "Write to a contact no more", remove, status=204),
)  # fmt: skip
