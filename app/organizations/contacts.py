"""A customer's people to write to. Changes of trust go to every one of them: no wish turns that off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.audit import Actor, EventName, record
from app.database import db, new_id, transaction
from app.errors import Conflict, Invalid, NotFound, Problem
from app.mail import parse_address
from app.organizations.models import Contact
from app.organizations.organizations import get_organization
from app.organizations.values import is_printable
from app.translations import LANGUAGES, is_language

#: What a contact may be written to about, beside changes of trust.
TOPICS = ("certificates", "domains")
MAX_CONTACTS = 50


@dataclass(frozen=True, slots=True)
class NewContact:
    """What somebody says about a new contact. `notify`: some of `TOPICS`. `language`: None is the installation's."""

    name: str
    email: str
    notify: Sequence[str] = field(default=TOPICS)
    language: str | None = None


class ContactChanges(TypedDict, total=False):
    """What may change; an absent key leaves the value alone."""

    name: str
    email: str
    notify: Sequence[str]
    language: str | None


def add_contact(organization_id: str, new: NewContact, *, actor: Actor, now: datetime) -> Contact:
    """Store a contact.

    Raises:
        NotFound: no such organization.
        Invalid: names every value that cannot be used; or there are fifty contacts already.
        Conflict: `contact-exists`: the address is a contact's already.
    """
    said = _read({"name": new.name, "email": new.email, "notify": new.notify, "language": new.language})
    row = Contact(id=new_id("cnt"), organization_id=organization_id, created_at=now, **said)
    with transaction() as session:
        get_organization(organization_id, for_update=True)
        if len(list_contacts(organization_id)) >= MAX_CONTACTS:
            raise Invalid(Problem("email", "too-many", f"An organization has at most {MAX_CONTACTS} contacts."))
        session.add(row)
        _flush()
        _record(EventName.CONTACT_ADDED, row, actor, now, {"notify": row.notify, "language": row.language})
    return row


def find_contact(organization_id: str, email: str) -> Contact | None:
    """Return the contact with this address, in any case of letters."""
    wanted = parse_address(email).lower()
    return next((row for row in list_contacts(organization_id) if row.email.lower() == wanted), None)


def find_language(organization_id: str, email: str) -> str | None:
    """Return the language that the contact with this address chose; None: none, or there is no such contact."""
    contact = find_contact(organization_id, email)
    return None if contact is None else contact.language


def change_contact(
    organization_id: str, contact_id: str, changes: ContactChanges, *, actor: Actor, now: datetime
) -> Contact:
    """Store the changes. Raises NotFound; Invalid and Conflict as add_contact."""
    with transaction():
        row = get_contact(organization_id, contact_id)
        for name, value in _read(changes).items():
            setattr(row, name, value)
        _flush()
        told = {"changed": sorted(changes), "notify": row.notify, "language": row.language}
        _record(EventName.CONTACT_CHANGED, row, actor, now, told)
    return row


def remove_contact(organization_id: str, contact_id: str, *, actor: Actor, now: datetime) -> None:
    """Write to this person no more. Raises NotFound."""
    with transaction() as session:
        row = get_contact(organization_id, contact_id)
        _record(EventName.CONTACT_REMOVED, row, actor, now, {})
        session.delete(row)


def get_contact(organization_id: str, contact_id: str) -> Contact:
    """Return the contact of this organization. Raises NotFound."""
    row = db.session.get(Contact, contact_id, populate_existing=True) if "\0" not in contact_id else None
    if row is None or row.organization_id != organization_id:
        raise NotFound(f"{organization_id[:60]} has no contact {contact_id[:60]!r}")
    return row


def list_contacts(organization_id: str, topic: str | None = None) -> Sequence[Contact]:
    """Return the contacts, oldest first; of those who want to hear about `topic` when it is given."""
    query = select(Contact).where(Contact.organization_id == organization_id).order_by(Contact.created_at, Contact.id)
    return [row for row in db.session.scalars(query) if topic is None or topic in row.notify]


def _name(value: Any) -> str:
    if not is_printable(value, 200):
        raise Invalid(Problem("name", "name-syntax", "A name has 1 to 200 characters on one line."))
    return str(value).strip()


def _topics(value: Any) -> list[str]:
    if isinstance(value, str) or not all(topic in TOPICS for topic in value):
        raise Invalid(Problem("notify", "topic-unknown", f"Choose some of {', '.join(TOPICS)}."))
    return [topic for topic in TOPICS if topic in value]


def _language(value: Any) -> str | None:
    if value is not None and not is_language(value):
        raise Invalid(Problem("language", "language-unknown", f"Choose one of {', '.join(LANGUAGES)}."))
    return None if value is None else str(value)


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "name": _name,
    "email": parse_address,
    "notify": _topics,
    "language": _language,
}


def _read(said: Mapping[str, Any]) -> dict[str, Any]:
    """What was said, as it is stored. Raises Invalid naming every value at fault, not the first one only."""
    read, problems = dict[str, Any](), list[Problem]()
    for name, value in said.items():
        try:
            read[name] = _READERS[name](value)
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid(*problems)
    return read


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Conflict(
            "the address is a contact's already", code="contact-exists", hint="This address is listed already."
        ) from error


def _record(name: EventName, row: Contact, actor: Actor, now: datetime, details: dict[str, Any]) -> None:
    record(
        name,
        actor=actor,
        now=now,
        organization_id=row.organization_id,
        target=row.id,
        details=details,
        personal={"name": row.name, "email": row.email},
    )
