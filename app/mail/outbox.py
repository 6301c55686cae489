"""Putting a mail into the outbox: kept or lost together with the event that it tells about."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from app.cipher import Cipher
from app.database import db, new_id
from app.mail.addresses import parse_address
from app.mail.letter import Head, Letter, render_letter
from app.mail.models import OutgoingMail
from app.translations import Words

#: Returns the operators' addresses, each with the language that its owner chose, if any.
Readers = Callable[[], Mapping[str, str | None]]


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one address, ready to be sent. `logo`: the PNG that the HTML speaks of; empty: it speaks of none."""

    to: str
    subject: str
    text: str
    html: str
    logo: bytes = b""


class Outbox:
    """Where mail waits, sealed: a dump of the database gives away no code and no link."""

    def __init__(
        self, cipher: Cipher, head_of: Callable[[str], Head] = lambda _: Head(), *, language: str = "en"
    ) -> None:
        """Args: head_of: whose mail it is that is about this organization; "" is the installation's own.
        language: of mails to people who chose none."""
        self._cipher = cipher
        self._head_of = head_of
        self._language = language

    def words_for(self, language: str | None) -> Words:
        """Return what a letter to a customer's person or an operator is written with.

        Args:
            language: that this person chose; None: none.
        """
        return Words(language or self._language)

    def add(self, to: str, letter: Letter, *, organization_id: str = "", now: datetime) -> None:
        """Store a mail to one address, in the transaction of what it tells about.

        Args:
            organization_id: whom it is about: decides how it looks when it is sent.

        Raises:
            RuntimeError: called outside of `transaction()`.
            Invalid: `to` is not one plain address.
        """
        session = db.session()
        if not session.info.get("writing"):
            raise RuntimeError("a mail is written inside transaction(), with the event that it tells about")
        said = {"to": parse_address(to), "about": organization_id, "letter": asdict(letter)}
        mail_id = new_id("eml")
        sealed = self._cipher.encrypt(json.dumps(said).encode(), context=_context(mail_id))
        session.add(OutgoingMail(id=mail_id, sealed=sealed, created_at=now, next_at=now, attempts=0, failure=""))

    def open(self, row: OutgoingMail) -> Mail:
        """Return the mail that a row holds, as it looks today. Raises CannotDecrypt."""
        said = json.loads(self._cipher.decrypt(row.sealed, context=_context(row.id)))
        head = self._head_of(said["about"])
        rendered = render_letter(_letter(said["letter"]), head)
        return Mail(said["to"], rendered.subject, rendered.text, rendered.html, head.logo.png if head.logo else b"")


def _letter(said: dict[str, Any]) -> Letter:
    """The letter again: JSON has no tuples."""
    facts = tuple((name, value) for name, value in said["facts"])
    action = (said["action"][0], said["action"][1]) if said["action"] else None
    paragraphs, closing = tuple(said["paragraphs"]), tuple(said["closing"])
    return Letter(said["subject"], paragraphs, facts, action, said["code"], closing, said["language"])


def _context(mail_id: str) -> str:
    return f"outgoing_mails/{mail_id}/sealed"
