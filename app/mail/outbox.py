"""Putting a mail into the outbox: kept or lost together with the event that it tells about."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from app.cipher import Cipher
from app.database import db, new_id
from app.mail.addresses import parse_address
from app.mail.letter import Letter, render_letter
from app.mail.models import OutgoingMail


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one address, ready to be sent."""

    to: str
    subject: str
    text: str
    html: str


class Outbox:
    """Where mail waits, sealed: a dump of the database gives away no code and no link."""

    def __init__(self, cipher: Cipher) -> None:
        self._cipher = cipher

    def add(self, to: str, letter: Letter, *, now: datetime) -> None:
        """Store a mail to one address, in the transaction of what it tells about.

        Raises:
            RuntimeError: called outside of `transaction()`.
            Invalid: `to` is not one plain address.
        """
        session = db.session()
        if not session.info.get("writing"):
            raise RuntimeError("a mail is written inside transaction(), with the event that it tells about")
        rendered = render_letter(letter)
        mail = Mail(parse_address(to), rendered.subject, rendered.text, rendered.html)
        mail_id = new_id("eml")
        sealed = self._cipher.encrypt(json.dumps(asdict(mail)).encode(), context=_context(mail_id))
        session.add(OutgoingMail(id=mail_id, sealed=sealed, created_at=now, next_at=now, attempts=0, failure=""))

    def open(self, row: OutgoingMail) -> Mail:
        """Return what a row holds. Raises CannotDecrypt."""
        return Mail(**json.loads(self._cipher.decrypt(row.sealed, context=_context(row.id))))


def _context(mail_id: str) -> str:
    return f"outgoing_mails/{mail_id}/sealed"
